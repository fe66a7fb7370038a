//! Operations on VMs that take their time: they are checked, begun, seen under way, and take effect at their end.

use super::allowed;
use super::failure::Failure;
use super::plan::Plan;
use super::rpc::Caller;
use super::tasks;
use super::value::{Ref, Value};
use super::vm;
use super::world::World;
use crate::sentinels::Behaviour;

/// In how many steps progress is told.
const STEPS: u32 = 4;

/// What an operation does when its time has come.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    Start { host: Ref, then: Then },
    Resume { host: Ref, then: Then },
    Suspend,
    Pause,
    Unpause,
    Halt,
    Reboot,
    Migrate { host: Ref },
    Fail(Failure),
}

/// What a started VM does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Runs,
    Waits,
}

/// An operation under way.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) task: Ref,
    pub(super) vm: Ref,
    effect: Effect,
    seconds: f64,
    step: u32,
}

/// Begins an operation of a caller.
///
/// # Errors
/// Why it is not allowed now.
pub(super) fn begin(
    world: &mut World,
    caller: &Caller,
    vm: Ref,
    name: &'static str,
    effect: Effect,
    seconds: f64,
) -> Result<(), Failure> {
    allowed::check(world, vm, name)?;
    start(world, caller.task, vm, name, effect, seconds);
    Ok(())
}

/// Begins an operation that was checked, or that happens by itself.
pub(super) fn start(world: &mut World, task: Ref, vm: Ref, name: &'static str, effect: Effect, seconds: f64) {
    let going_on = world
        .db
        .get("VM", vm, "current_operations")
        .with(&task.to_string(), name.into());
    world.db.set("VM", vm, "current_operations", going_on);
    if let Effect::Start { host, .. } | Effect::Resume { host, .. } | Effect::Migrate { host } = &effect {
        world.db.set("VM", vm, "scheduled_to_be_resident_on", *host);
    }
    allowed::recompute(world, vm);
    if Behaviour::of(world.db.text("VM", vm, "name_label")) == Behaviour::NotCancellable {
        world.db.set("task", task, "allowed_operations", Value::texts([]));
    }
    let operation = Operation {
        task,
        vm,
        effect,
        seconds,
        step: 0,
    };
    let wait = world.paced(seconds / f64::from(STEPS));
    world.plan(wait, Plan::Progress(operation));
}

/// The next step, or the end.
pub(super) fn go_on(world: &mut World, mut operation: Operation) {
    let (task, vm) = (operation.task, operation.vm);
    if !world.db.has("VM", vm) {
        return tasks::fail(world, task, Failure::handle("VM", &vm.to_string()));
    }
    if !goes_on(world, &operation) {
        // A hard stop has overtaken it.
        return;
    }
    if tasks::is_cancelled(world, task) {
        leave(world, &operation);
        return tasks::fail(world, task, tasks::cancelled(task));
    }
    operation.step += 1;
    if operation.step < STEPS {
        world.db.set(
            "task",
            task,
            "progress",
            f64::from(operation.step) / f64::from(STEPS),
        );
        let wait = world.paced(operation.seconds / f64::from(STEPS));
        return world.plan(wait, Plan::Progress(operation));
    }
    let outcome = vm::take_effect(world, vm, &operation.effect);
    leave(world, &operation);
    match outcome {
        Ok(()) => tasks::succeed(world, task, Value::Void),
        Err(failure) => tasks::fail(world, task, failure),
    }
}

/// Ends whatever goes on with a VM, because it is stopped hard.
pub(super) fn overtake(world: &mut World, vm: Ref) {
    let going_on = world.db.get("VM", vm, "current_operations").clone();
    world
        .db
        .set("VM", vm, "current_operations", Value::Map(Default::default()));
    for (task, _) in going_on.entries() {
        if let Some(task) = Ref::read(task) {
            tasks::fail(world, task, tasks::cancelled(task));
        }
    }
}

fn goes_on(world: &World, operation: &Operation) -> bool {
    let going_on = world.db.get("VM", operation.vm, "current_operations");
    going_on.entry(&operation.task.to_string()).is_some()
}

fn leave(world: &mut World, operation: &Operation) {
    let (vm, task) = (operation.vm, operation.task.to_string());
    let going_on = world.db.get("VM", vm, "current_operations").without(&task);
    world.db.set("VM", vm, "current_operations", going_on);
    world.db.set("VM", vm, "scheduled_to_be_resident_on", Ref::NULL);
    allowed::recompute(world, vm);
}
