//! Reading tasks.
use crate::AuditView;
use serde::{Deserialize, Serialize};
use wxa_model::{Action, HostId, Task, UnixMillis};

/// Which tasks to read. What is absent or empty does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskQuery {
    /// Only those in this state: `running`, `done`, `failed`, `cancelled`, `unknown`.
    pub state: Option<String>,
    /// Only those that this account asked for.
    pub by: Option<String>,
    /// Only those on the VM with this id or name.
    pub on: Option<String>,
    /// Only those on this host.
    pub host: Option<HostId>,
    /// Only this action, e.g. `vm_start`.
    pub action: Option<Action>,
    /// Only tasks older than the one of this number: the cursor.
    pub before: Option<u64>,
    /// At most so many; 50 when absent, never more than 1000.
    pub limit: Option<u32>,
}

/// Some tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskPageView {
    /// Newest first.
    pub tasks: Vec<Task>,
    /// The `before` of the next page; none when there is nothing older.
    pub next: Option<u64>,
}

/// All that is known of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskDetailsView {
    /// The task, as it is now.
    pub task: Task,
    /// The steps it went through, oldest first; empty while it runs.
    pub steps: Vec<TaskStepView>,
    /// The audit row of the act; for administrators.
    pub audit: Option<AuditView>,
}

/// A step of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStepView {
    /// When it came to it.
    pub at: UnixMillis,
    /// What it did, in words.
    pub step: String,
}
