//! Acting on VMs.
use serde::{Deserialize, Serialize};
use wxa_model::{Action, HostId, TaskId};

/// An act was accepted; how it goes is told by its task, on the live socket and in the task list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskAccepted {
    /// The task.
    pub task: TaskId,
}

/// Where a VM is to start or resume. Nothing at all, as an empty body, leaves the choice to the pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<GivenPlace>")]
pub struct PlaceParams {
    /// A member of the VM's pool that is heard and not in maintenance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<HostId>,
}

impl PlaceParams {
    /// On that member.
    pub fn on(member: HostId) -> Self {
        Self { on: Some(member) }
    }
}

/// As it may be written: a body, or none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPlace {
    #[serde(default)]
    on: Option<HostId>,
}

impl From<Option<GivenPlace>> for PlaceParams {
    fn from(given: Option<GivenPlace>) -> Self {
        Self {
            on: given.and_then(|given| given.on),
        }
    }
}

impl From<()> for PlaceParams {
    fn from((): ()) -> Self {
        Self::default()
    }
}

/// What an administrator would type on the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandView {
    /// For this action.
    pub action: Action,
    /// The command line.
    pub command: String,
}
