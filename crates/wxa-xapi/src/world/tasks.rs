//! What the pool does: tasks that others have begun, and on which VM each is.
//!
//! A task does not name its object; a VM names the tasks that work on it, while they do.
use super::{
    Ours, World,
    apply::{MOST, within},
    to_vm::is_vm,
};
use crate::{
    events::{Class, Event, Object},
    loose::Map,
    raw,
    reference::Ref,
    rpc::Failure,
    text,
};
use std::collections::{HashMap, HashSet};
use wxa_driver::{Error, POOL_TASKS};
use wxa_model::{Action, Cancel, HostId, PoolTask, PoolWork, TaskId, TaskOutcome, UnixMillis};

/// How many that have ended are told, the latest first. Pools keep them for an hour.
const ENDED: usize = 50;
/// The longest name that is kept, in characters.
const NAME: usize = 200;
/// How far up the tasks that a task belongs to are looked for.
const DEPTH: usize = 4;
/// What clients do all the time and nobody wants to read: Xen Orchestra fetches measurements as tasks, to cancel a task is
/// a task itself, and so is each question where a VM could run.
const NOISE: [&str; 5] = [
    "Xapi#getResource ",
    "Connection to VM console",
    "task.cancel",
    "VM.get_possible_hosts",
    "VM.assert_can_boot_here",
];

/// All tasks of the pool, ours too.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    all: HashMap<Ref, raw::Task>,
    /// The VM, and XAPI's word for what is done to it: remembered when the task has ended, for as long as the pool does.
    on: HashMap<Ref, (Ref, Box<str>)>,
}

impl Tasks {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn put(&mut self, reference: Ref, task: raw::Task) {
        self.all.insert(reference, task);
    }

    pub(super) fn remove(&mut self, reference: &Ref) {
        self.all.remove(reference);
        self.on.remove(reference);
    }

    /// A VM says what is done to it; true when that tells something new of a task.
    pub(super) fn under_way(&mut self, vm: &Ref, operations: &Map<Box<str>>) -> bool {
        let mut is_news = false;
        for (task, operation) in operations.iter() {
            // Nobody has so much under way.
            if self.on.len() >= MOST {
                break;
            }
            let now = (vm.clone(), operation.clone());
            let before = self.on.insert(Ref::read(task), now.clone());
            is_news |= before != Some(now);
        }
        is_news
    }

    /// A VM does not say this any more. Of tasks that are no objects nothing is left.
    pub(super) fn no_more(&mut self, operations: &Map<Box<str>>) {
        for task in operations.keys().map(Ref::read) {
            if !self.all.contains_key(&task) {
                self.on.remove(&task);
            }
        }
    }

    /// Whether it, or what it is a part of, is one of `ours`.
    fn is_ours(&self, reference: &Ref, task: &raw::Task, ours: &HashSet<Ref>) -> bool {
        let mut parent = &task.subtask_of;
        let mut is_ours = ours.contains(reference);
        for _ in 0..DEPTH {
            if is_ours || parent.is_null() {
                break;
            }
            is_ours = ours.contains(parent);
            match self.all.get(parent) {
                Some(task) => parent = &task.subtask_of,
                None => break,
            }
        }
        is_ours
    }
}

impl World {
    /// What others do: what is under way first, then what has ended, the latest first, and no more than anybody reads.
    pub(crate) fn others_tasks(&self, ours: &HashSet<Ref>) -> Vec<PoolTask> {
        let is_noise = |task: &raw::Task| NOISE.iter().any(|noise| task.name_label.starts_with(noise));
        let theirs = self
            .tasks
            .all
            .iter()
            .filter(|(reference, task)| !is_noise(task) && !self.tasks.is_ours(reference, task, ours));
        let (mut pending, mut ended): (Vec<_>, Vec<_>) =
            theirs.partition(|(_, task)| outcome(task).is_none());
        // XAPI writes dates so that they sort as text. References make the order of equal ones a fixed one.
        pending.sort_by(|(a, one), (b, other)| (&other.created, a).cmp(&(&one.created, b)));
        ended.sort_by(|(a, one), (b, other)| (&other.finished, a).cmp(&(&one.finished, b)));
        ended.truncate(ENDED);
        pending
            .into_iter()
            .chain(ended)
            .take(POOL_TASKS)
            .map(|(reference, task)| self.others_task(reference, task))
            .collect()
    }

    /// Whether the pool has told of that task.
    pub(crate) fn has_task(&self, reference: &Ref) -> bool {
        self.tasks.all.contains_key(reference)
    }

    /// All tasks anew, because news of some was lost.
    ///
    /// # Errors
    /// As for [`World::apply`].
    pub(crate) fn replace_tasks(&mut self, records: HashMap<String, serde_json::Value>) -> Result<(), Error> {
        within(Class::Task, records.len())?;
        self.tasks.all.clear();
        for (reference, record) in records {
            let reference = Ref::read(&reference);
            if let Ok(event) = Event::live(Class::Task, reference.clone(), record)
                && let Some(Object::Task(task)) = event.object
            {
                self.tasks.put(reference, *task);
            }
        }
        let vms = self.vms.values().flat_map(|vm| vm.current_operations.keys());
        let named: HashSet<Ref> = vms.map(Ref::read).collect();
        let all = &self.tasks.all;
        self.tasks
            .on
            .retain(|task, _| all.contains_key(task) || named.contains(task));
        Ok(())
    }

    fn others_task(&self, reference: &Ref, task: &raw::Task) -> PoolTask {
        let Ours { pool, .. } = self.ours;
        let native_id = reference.to_string();
        let on = self.tasks.on.get(reference);
        let vm = on
            .map(|(vm, _)| vm.clone())
            .or_else(|| Some(Ref::read(task.other_config.get("applies_to")?)));
        let vm = vm.and_then(|vm| self.vms.get(&vm)).filter(|vm| is_vm(vm));
        let outcome = outcome(task);
        let label = text::line(&task.name_label, NAME);
        let (label, by) = match label.strip_prefix("[XO] ") {
            Some(rest) => (rest.to_owned(), "Xen Orchestra"),
            None if task.other_config.contains_key("XenCenterUUID") => (label, "XenCenter"),
            None => (label, ""),
        };
        // What XenCenter calls an action whose call says less.
        let title = task.other_config.get("XenCenterMeddlingActionTitle");
        let title = title
            .map(|title| text::line(title, NAME))
            .filter(|title| !title.is_empty());
        PoolTask {
            id: TaskId::of_pool(pool, &native_id),
            work: on
                .and_then(|(_, operation)| work(operation))
                .or_else(|| work(method(&task.name_label)?)),
            vm: vm.and_then(|vm| self.id_of(vm)),
            vm_name: vm.map(|vm| text::printable(&vm.name_label)).unwrap_or_default(),
            host: self.member_or_pool(&task.resident_on),
            by: by.to_owned(),
            started_at: self.our_time(&task.created).unwrap_or_default(),
            ended_at: outcome
                .as_ref()
                .map(|_| self.our_time(&task.finished).unwrap_or_default()),
            percent: outcome.is_none().then(|| percent(task)),
            cancel: cancel(task),
            name: title.unwrap_or(label),
            native_id,
            outcome,
        }
    }

    fn member_or_pool(&self, host: &Ref) -> HostId {
        self.member_id(host).unwrap_or(self.ours.pool)
    }

    fn our_time(&self, date: &str) -> Option<UnixMillis> {
        self.by_our_clock(text::seconds(date)?)
    }
}

/// Done so far, 0 to 100.
pub(crate) fn percent(task: &raw::Task) -> u8 {
    (task.progress.clamp(0.0, 1.0) * 100.0) as u8
}

/// Whether it can be cancelled now.
pub(crate) fn cancel(task: &raw::Task) -> Cancel {
    let is_allowed = task
        .allowed_operations
        .iter()
        .any(|operation| operation == "cancel");
    match task.status.as_str() {
        "cancelling" => Cancel::Asked,
        "success" | "failure" | "cancelled" => Cancel::No,
        _ if is_allowed => Cancel::Yes,
        _ => Cancel::No,
    }
}

/// How it ended; none while it runs: that is `pending`, `cancelling`, and whatever may come.
fn outcome(task: &raw::Task) -> Option<TaskOutcome> {
    let why = || Failure::of_task(&task.error_info).into_error().message;
    match task.status.as_str() {
        "success" => Some(TaskOutcome::Done),
        "failure" => Some(TaskOutcome::Failed { why: why() }),
        "cancelled" => Some(TaskOutcome::Cancelled {
            why: CANCELLED.to_owned(),
        }),
        _ => None,
    }
}

/// What is said of a task that somebody cancelled there.
pub(crate) const CANCELLED: &str = "Somebody cancelled it on the pool.";

/// The call on a VM that a task is called after.
fn method(label: &str) -> Option<&str> {
    label.strip_prefix("Async.").unwrap_or(label).strip_prefix("VM.")
}

/// What is done, from XAPI's word for it.
fn work(operation: &str) -> Option<PoolWork> {
    Some(match operation {
        "start" | "start_on" => PoolWork::Act(Action::VmStart),
        "clean_shutdown" | "shutdown" => PoolWork::Act(Action::VmShutdown),
        "clean_reboot" => PoolWork::Act(Action::VmReboot),
        "pause" => PoolWork::Act(Action::VmPause),
        "unpause" => PoolWork::Act(Action::VmUnpause),
        "suspend" => PoolWork::Act(Action::VmSuspend),
        "resume" | "resume_on" => PoolWork::Act(Action::VmResume),
        "hard_reboot" => PoolWork::Act(Action::VmReset),
        "hard_shutdown" => PoolWork::Act(Action::VmPowerOff),
        "pool_migrate" | "migrate_send" => PoolWork::Migrate,
        "snapshot" | "snapshot_with_quiesce" | "checkpoint" => PoolWork::Snapshot,
        "revert" | "reverting" => PoolWork::Revert,
        "clone" | "copy" | "csvm" => PoolWork::Copy,
        "export" | "metadata_export" => PoolWork::Export,
        "import" => PoolWork::Import,
        "destroy" => PoolWork::Destroy,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
