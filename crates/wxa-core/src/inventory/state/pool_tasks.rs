//! What pools do that was not begun here: kept while the pool tells of it, and nowhere else.
use super::State;
use crate::inventory::published::{Entry, Shown};
use std::collections::BTreeMap;
use wxa_model::{HostId, Key, PoolTask, TaskId};

/// Each with the host whose connection tells of it.
pub(super) type PoolTasks = BTreeMap<TaskId, (HostId, PoolTask)>;

impl State {
    pub(super) fn put_pool_task(&mut self, through: HostId, task: PoolTask) {
        self.dirty.insert(Key::PoolTask(task.id));
        self.pool_tasks.insert(task.id, (through, task));
    }

    /// Forgets those told through `host` that `which` picks.
    pub(super) fn forget_pool_tasks(&mut self, host: HostId, which: impl Fn(TaskId) -> bool) {
        let dirty = &mut self.dirty;
        self.pool_tasks.retain(|id, (through, _)| {
            let is_gone = *through == host && which(*id);
            if is_gone {
                dirty.insert(Key::PoolTask(*id));
            }
            !is_gone
        });
    }

    pub(super) fn pool_tasks_where(
        &self,
        which: impl Fn(HostId, &PoolTask) -> bool,
    ) -> impl Iterator<Item = Key> {
        self.pool_tasks
            .iter()
            .filter(move |(_, (through, task))| which(*through, task))
            .map(|(id, _)| Key::PoolTask(*id))
    }

    /// Where its VM is, else on its host: whoever may see that may see it.
    pub(super) fn shown_pool_task(&self, id: TaskId) -> Option<Entry> {
        let (through, task) = self.pool_tasks.get(&id)?;
        let vm = task.vm.and_then(|vm| self.entries.get(&Key::Vm(vm)));
        let is_on_member = self.members.pool_of(task.host) == Some(*through);
        let host = if is_on_member { task.host } else { *through };
        Some(Entry {
            place: vm.map_or_else(|| self.host_place(host, &[]), |vm| vm.place.clone()),
            shown: Shown::PoolTask(Box::new(PoolTask { host, ..task.clone() })),
        })
    }
}
