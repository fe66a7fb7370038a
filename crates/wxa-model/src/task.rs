//! Tasks: one act on a hypervisor, from request to outcome.
use crate::{Action, HostId, TaskId, UnixMillis, VmId};
use serde::{Deserialize, Serialize};

/// An act and how it goes. Its result is the task's alone: a VM's state comes from the host's own word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Ours.
    pub id: TaskId,
    /// What is done.
    pub action: Action,
    /// To which VM.
    pub vm: VmId,
    /// The VM's name when it was asked for.
    pub vm_name: String,
    /// On which host.
    pub host: HostId,
    /// The member of the pool on which it was asked to start or resume; none where the pool chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<HostId>,
    /// Who asked, as shown.
    pub by: String,
    /// When it was asked for.
    pub started_at: UnixMillis,
    /// When it ended; none while it runs.
    pub ended_at: Option<UnixMillis>,
    /// What it is doing now, in words; empty when there is nothing to say.
    pub step: String,
    /// Done so far, 0 to 100; none where the hypervisor does not tell.
    pub percent: Option<u8>,
    /// How it ended; none while it runs.
    pub outcome: Option<TaskOutcome>,
    /// Whether it can be cancelled now.
    #[serde(default)]
    pub cancel: Cancel,
}

/// Whether something under way can be cancelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cancel {
    /// It cannot: the hypervisor offers nothing for it, or does not now.
    #[default]
    No,
    /// It can be asked to stop.
    Yes,
    /// It was asked to stop and has not answered yet.
    Asked,
}

impl Task {
    /// Whether it is still under way.
    pub fn is_running(&self) -> bool {
        self.outcome.is_none()
    }
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskOutcome {
    /// Done.
    Done,
    /// Not done, and the host says so.
    Failed {
        /// What happened, with the host's own words.
        why: String,
    },
    /// Somebody cancelled it, and it was given up.
    Cancelled {
        /// Who, or where, as a sentence.
        why: String,
    },
    /// The host did not answer in time or the connection was lost: it may or may not have been done.
    /// The VM's state tells as soon as the host is heard again.
    Unknown {
        /// What happened.
        why: String,
    },
}
