//! What the inventory holds and how it changes.
use crate::{Host, HostId, PoolTask, Site, SiteId, Task, TaskId, Vm, VmId};
use serde::{Deserialize, Serialize};

/// Any object of the inventory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A site.
    Site(Site),
    /// A host.
    Host(Host),
    /// A virtual machine.
    Vm(Vm),
    /// A task, running or recently ended.
    Task(Task),
    /// Something that a pool does and that was not begun here, running or recently ended.
    PoolTask(PoolTask),
}

/// Names an object of the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// A site.
    Site(SiteId),
    /// A host.
    Host(HostId),
    /// A virtual machine.
    Vm(VmId),
    /// A task.
    Task(TaskId),
    /// Something that a pool does and that was not begun here.
    PoolTask(TaskId),
}

impl Object {
    /// Its key.
    pub fn key(&self) -> Key {
        match self {
            Self::Site(site) => Key::Site(site.id),
            Self::Host(host) => Key::Host(host.id),
            Self::Vm(vm) => Key::Vm(vm.id),
            Self::Task(task) => Key::Task(task.id),
            Self::PoolTask(task) => Key::PoolTask(task.id),
        }
    }
}

/// One change of the inventory. Applying a change twice is applying it once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The object is now as given: added or replaced.
    Put {
        /// All of it.
        object: Object,
    },
    /// The object is no longer there.
    Gone {
        /// Which.
        key: Key,
    },
}
