//! What a pool does that was not begun here: by another console, by its command line, by itself.
use crate::{Action, Cancel, HostId, TaskId, TaskOutcome, UnixMillis, VmId};
use serde::{Deserialize, Serialize};

/// A task of a pool. It is the pool's: shown while the pool tells of it, and never kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolTask {
    /// Derived from what the pool calls it: [`TaskId::of_pool`].
    pub id: TaskId,
    /// What the pool calls it; opaque.
    pub native_id: String,
    /// The pool's words for it, e.g. `Async.VM.pool_migrate`.
    pub name: String,
    /// What it does, where that is known.
    pub work: Option<PoolWork>,
    /// To which VM, where the pool tells.
    pub vm: Option<VmId>,
    /// The VM's name, or that of a VM which is gone; empty where the pool does not tell.
    #[serde(default)]
    pub vm_name: String,
    /// On which member, or the pool where it names none.
    pub host: HostId,
    /// Who began it, where the pool tells; else empty.
    #[serde(default)]
    pub by: String,
    /// When it began, by our clock.
    pub started_at: UnixMillis,
    /// When it ended, by our clock; none while it runs.
    pub ended_at: Option<UnixMillis>,
    /// Done so far, 0 to 100; none where the pool does not tell.
    pub percent: Option<u8>,
    /// How it ended; none while it runs.
    pub outcome: Option<TaskOutcome>,
    /// Whether it can be cancelled now.
    #[serde(default)]
    pub cancel: Cancel,
}

impl PoolTask {
    /// Whether it is still under way.
    pub fn is_running(&self) -> bool {
        self.outcome.is_none()
    }
}

/// Kinds of work that pools do on VMs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolWork {
    /// What can be asked for here too.
    Act(Action),
    /// Moves a VM to another host.
    Migrate,
    /// Takes a snapshot.
    Snapshot,
    /// Goes back to a snapshot.
    Revert,
    /// Copies or clones.
    Copy,
    /// Writes a VM or a disk out.
    Export,
    /// Reads a VM or a disk in.
    Import,
    /// Removes a VM.
    Destroy,
}
