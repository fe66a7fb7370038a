//! Where in its pool a VM could run.
use crate::HostId;
use serde::{Deserialize, Serialize};

/// Whether a VM that does not run could run on a member of its pool now, as the pool says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VmPlace {
    /// The member.
    pub host: HostId,
    /// Why it could not, as a sentence; none where it could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}
