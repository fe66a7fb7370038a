//! What became of tasks whose outcome is not known: the host's next word is written into their step.
use super::Tasks;
use crate::{
    inventory::{InventoryCmd, Published},
    supervisor::WorkerError,
};
use tokio_util::sync::CancellationToken;
use wxa_model::{Action, Host, PowerState, Task, TaskOutcome, Vm};

pub(super) fn is_unknown(task: &Task) -> bool {
    matches!(task.outcome, Some(TaskOutcome::Unknown { .. }))
}

/// Looks at every new picture.
pub(super) async fn run(tasks: Tasks, stop: CancellationToken) -> Result<(), WorkerError> {
    let mut published = tasks.inner.inventory.watch();
    loop {
        let now = published.borrow_and_update().clone();
        for task in resolve_all(&tasks, &now) {
            tasks.inner.inventory.send(InventoryCmd::AmendTask(task)).await;
        }
        tokio::select! {
            changed = published.changed() => if changed.is_err() { return Ok(()) },
            () = stop.cancelled() => return Ok(()),
        }
    }
}

fn resolve_all(tasks: &Tasks, now: &Published) -> Vec<Task> {
    let ended = tasks.ended();
    now.tasks()
        .filter(|task| is_unknown(task))
        .filter_map(|task| {
            let (host, _) = now.host(task.host)?;
            let before = ended.native_ids.get(&task.id)?;
            let step = word(task, before.as_deref(), now.vm(task.vm).map(|(vm, _)| vm), host)?;
            (step != task.step).then(|| Task { step, ..task.clone() })
        })
        .collect()
}

/// What the host's word means for `task`, as a sentence; none while it says nothing new. `before` is what the host
/// called the VM's run when the act began.
///
/// The state the act was to bring about is news whenever it shows, because the act was not begun in it. Any other
/// state counts only when the host was connected anew after the act.
fn word(task: &Task, before: Option<&str>, vm: Option<&Vm>, host: &Host) -> Option<String> {
    let heard_since = host.link.is_up() && host.last_word > task.ended_at;
    let Some(vm) = vm else {
        return heard_since.then(|| "The host does not list it any more.".to_owned());
    };
    let reached = reached(task.action);
    if reached.contains(&task.step.as_str()) {
        return None;
    }
    let sentence = sentence(vm.power);
    let as_wanted = match task.action {
        Action::VmReboot | Action::VmReset => {
            vm.power == PowerState::Running && before.is_some() && vm.native_id.as_deref() != before
        }
        _ => reached.contains(&sentence),
    };
    (as_wanted || heard_since).then(|| sentence.to_owned())
}

/// The sentences that say that the act was done: nothing is added after them.
fn reached(action: Action) -> &'static [&'static str] {
    match action {
        Action::VmStart | Action::VmReboot | Action::VmUnpause | Action::VmResume | Action::VmReset => {
            &[RUNNING]
        }
        Action::VmShutdown | Action::VmPowerOff => &[HALTED],
        Action::VmPause => &[PAUSED],
        Action::VmSuspend => &[SUSPENDED],
        // Nothing of a state shows whether a kernel got a key.
        Action::VmSysrq => &[],
    }
}

const RUNNING: &str = "The host shows it running.";
const PAUSED: &str = "The host shows it paused.";
const SUSPENDED: &str = "The host shows it suspended.";
const HALTED: &str = "The host shows it halted.";

fn sentence(power: PowerState) -> &'static str {
    match power {
        PowerState::Running => RUNNING,
        PowerState::Paused => PAUSED,
        PowerState::Halted => HALTED,
        PowerState::Suspended => SUSPENDED,
        PowerState::Crashed => "The host shows it crashed.",
        PowerState::Stopping => "The host shows it stopping.",
    }
}

#[cfg(test)]
mod tests;
