//! What close looks at hosts found, of all hosts at once: for an overview.
use serde::{Deserialize, Serialize};
use wxa_model::{HostId, UnixMillis, health::Finding, pool_details::Repository};

/// What was found when hosts were looked at closely last. No host is asked for it; pools are known anyway.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FindingsView {
    /// Those plain hosts and pools that were looked at since the server started and that the caller may see, in the order of
    /// their ids.
    pub hosts: Vec<HostFindings>,
    /// How many more there are that were not looked at.
    pub unseen: u32,
}

/// What was found on one of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostFindings {
    /// Which.
    pub host: HostId,
    /// When it was looked at.
    pub at: UnixMillis,
    /// Of a plain host: what is wrong, worst first, a few at most; without notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Of a pool: the repositories that may be trouble.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<Repository>,
}
