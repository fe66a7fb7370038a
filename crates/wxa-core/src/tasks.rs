//! Tasks: every act on a hypervisor, from request to outcome. Nothing else calls `Driver::perform`.
//!
//! A task's result is the task's alone; what a VM is doing comes from its host. A result that is not known is
//! `Unknown`, never `Failed`, and what the host shows afterwards is written into its step.
mod api;
mod cancel;
mod lanes;
mod record;
mod resume;
mod run;
mod running;
mod unknown;
mod vm_act;

pub use api::{TaskDetails, TaskPage};
pub(crate) use lanes::Slot;
pub(crate) use record::Record;
pub(crate) use run::How;

use crate::{
    clock::Clock,
    inventory::{Inventory, InventoryCmd},
    supervisor::{Restart, Supervisor},
};
use lanes::Lanes;
use run::Ended as Outcome;
use running::RunningTasks;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wxa_model::{Action, Refusal, Task, TaskId, UnixMillis, VmId};

/// A step that a task came to, and when.
pub type Step = (UnixMillis, String);

/// Ended tasks that stay in the inventory.
pub const ENDED: usize = 50;

/// Access to the tasks. Cloning gives another handle.
#[derive(Clone)]
pub struct Tasks {
    inner: Arc<Inner>,
}

struct Inner {
    supervisor: Supervisor,
    inventory: Inventory,
    clock: Arc<dyn Clock>,
    lanes: Lanes,
    running: RunningTasks,
    ended: Mutex<Ended>,
}

/// What is remembered of ended tasks.
#[derive(Default)]
struct Ended {
    /// Oldest first.
    order: VecDeque<TaskId>,
    /// For tasks of unknown outcome: which run of the VM was there when they began.
    native_ids: HashMap<TaskId, Option<String>>,
}

impl Tasks {
    /// Without any task, and with the worker that looks for what became of those with an unknown outcome.
    pub fn start(supervisor: Supervisor, inventory: Inventory, clock: Arc<dyn Clock>) -> Self {
        let tasks = Self {
            inner: Arc::new(Inner {
                supervisor,
                inventory,
                clock,
                lanes: Lanes::default(),
                running: RunningTasks::default(),
                ended: Mutex::default(),
            }),
        };
        let handle = tasks.clone();
        tasks
            .inner
            .supervisor
            .spawn("unknown outcomes", Restart::OnFailure, move |stop| {
                unknown::run(handle.clone(), stop)
            });
        tasks
    }

    /// Lists tasks of earlier runs, the newest [`ENDED`] of them. They must have ended.
    pub async fn restore(&self, mut tasks: Vec<Task>) {
        tasks.retain(|task| !task.is_running());
        tasks.sort_by_key(|task| task.ended_at);
        for task in tasks {
            self.put_ended(task, None).await;
        }
    }

    /// Takes the VM's lane for `action` if `rule`, which is told the act under way, allows it. Dropping the slot
    /// frees the lane.
    pub(crate) fn reserve(
        &self,
        vm: VmId,
        action: Action,
        rule: impl FnOnce(Option<Action>) -> Result<(), Refusal>,
    ) -> Result<Slot, Refusal> {
        self.inner.lanes.reserve(vm, action, rule)
    }

    /// Lists `task` and does it as `how` says; `record` keeps what becomes of it.
    pub(crate) async fn begin(&self, task: Task, slot: Slot, how: How, record: Box<dyn Record>) {
        self.put(task.clone()).await;
        let name = format!("{} {}", task.action.name(), task.vm_name);
        let asked = self.inner.running.add(task.id);
        let mut work = Some((self.clone(), task, slot, how, record, asked));
        // Run once: it is taken out of its box, and a driver's panic is an outcome, not the worker's failure.
        self.inner.supervisor.spawn(name, Restart::Forget, move |stop| {
            let work = work.take();
            async move {
                if let Some((tasks, task, slot, how, mut record, asked)) = work {
                    let (id, before) = (task.id, tasks.native_id(task.vm));
                    let ended = run::run(&tasks, task, slot, how, record.as_mut(), asked, stop).await;
                    tasks.inner.running.remove(id);
                    match ended {
                        Outcome::Over(task, steps) => {
                            tasks.put_ended(task.clone(), before).await;
                            record.ended(task, steps).await;
                        }
                        Outcome::Left => record.left(),
                    }
                }
                Ok(())
            }
        });
    }

    async fn put(&self, task: Task) {
        self.inner.inventory.send(InventoryCmd::PutTask(task)).await;
    }

    async fn put_ended(&self, task: Task, before: Option<String>) {
        let too_old = {
            let mut ended = self.ended();
            ended.order.push_back(task.id);
            if unknown::is_unknown(&task) {
                ended.native_ids.insert(task.id, before);
            }
            let too_old = (ended.order.len() > ENDED)
                .then(|| ended.order.pop_front())
                .flatten();
            if let Some(id) = too_old {
                ended.native_ids.remove(&id);
            }
            too_old
        };
        self.put(task).await;
        if let Some(id) = too_old {
            self.inner.inventory.send(InventoryCmd::RemoveTask(id)).await;
        }
    }

    fn native_id(&self, vm: VmId) -> Option<String> {
        self.inner
            .inventory
            .now()
            .vm(vm)
            .and_then(|(vm, _)| vm.native_id.clone())
    }

    fn ended(&self) -> MutexGuard<'_, Ended> {
        self.inner.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
