//! The audit log as it is read.
use serde::{Deserialize, Serialize};
use wxa_model::{AuditId, UnixMillis};

/// What to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Only rows on this object (an id as text).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// At most so many, newest first; at most 1000, 200 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// Ours.
    pub id: AuditId,
    /// Begun, before the act.
    pub at: UnixMillis,
    /// The account's name as it was then; a name that was only tried, for a failed sign-in.
    pub by: String,
    /// The caller's address.
    pub from: String,
    /// The operation's name.
    pub what: String,
    /// On what, in words, e.g. the VM's name; empty for the installation.
    pub on: String,
    /// The id of what it was on; empty for the installation.
    pub on_id: String,
    /// Ended; none while under way, or when the server was stopped in the middle.
    pub ended_at: Option<UnixMillis>,
    /// `done`, `refused`, `failed`, `unknown`; none while under way.
    pub outcome: Option<String>,
    /// More about the outcome, without secrets.
    pub detail: String,
}
