//! Acting on VMs.
use serde::{Deserialize, Serialize};
use wxa_model::{Action, TaskId};

/// An act was accepted; how it goes is told by its task, on the live socket and in the task list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskAccepted {
    /// The task.
    pub task: TaskId,
}

/// What an administrator would type on the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandView {
    /// For this action.
    pub action: Action,
    /// The command line.
    pub command: String,
}
