//! Starting, stopping and moving VMs.

use super::{Args, Done};
use crate::sentinels::Behaviour;
use crate::xapi::allowed;
use crate::xapi::failure::Failure;
use crate::xapi::operations::{self, Effect, Then};
use crate::xapi::placement;
use crate::xapi::rpc::Caller;
use crate::xapi::tasks;
use crate::xapi::value::Ref;
use crate::xapi::vm;
use crate::xapi::world::World;

/// How long things take, in seconds.
const START: f64 = 3.0;
const SLOW_START: f64 = 20.0;
const SHUTDOWN: f64 = 4.0;
const REBOOT: f64 = 6.0;
const SUSPEND: f64 = 5.0;
const RESUME: f64 = 3.0;
const MIGRATE: f64 = 8.0;
const AT_ONCE: f64 = 0.4;
/// How long a guest is asked before the pool gives up.
const IGNORED: f64 = 60.0;

pub(super) fn run(
    world: &mut World,
    caller: &Caller,
    name: &'static str,
    args: &Args<'_>,
) -> Option<Result<Done, Failure>> {
    let target = args.reference(0);
    let then = |waits: bool| if waits { Then::Waits } else { Then::Runs };
    let behaviour = Behaviour::of(world.db.text("VM", target, "name_label"));
    let (operation, effect, seconds): (&'static str, Result<Effect, Failure>, f64) = match name {
        "start" => (
            "start",
            start(world, target, None, then(args.at(1).is_true())),
            start_time(behaviour),
        ),
        "start_on" => {
            let effect = start(world, target, Some(args.reference(1)), then(args.at(2).is_true()));
            ("start_on", effect, start_time(behaviour))
        }
        "resume" | "resume_on" => {
            let (host, waits) = match name {
                "resume" => (placement::choose(world, target), args.at(1).is_true()),
                _ => {
                    let host = args.reference(1);
                    let takes = placement::can_run(world, target, host).map(|()| host);
                    (takes, args.at(2).is_true())
                }
            };
            let then = then(waits);
            (name, host.map(|host| Effect::Resume { host, then }), RESUME)
        }
        "pause" => ("pause", Ok(Effect::Pause), AT_ONCE),
        "unpause" => ("unpause", Ok(Effect::Unpause), AT_ONCE),
        "suspend" => ("suspend", Ok(Effect::Suspend), SUSPEND),
        "clean_shutdown" | "shutdown" | "clean_reboot" if behaviour == Behaviour::IgnoresShutdown => {
            let failure = Failure::new("VM_FAILED_SHUTDOWN_ACKNOWLEDGMENT", [target.to_string()]);
            (name, Ok(Effect::Fail(failure)), IGNORED)
        }
        "clean_shutdown" | "shutdown" => (name, Ok(Effect::Halt), SHUTDOWN),
        "clean_reboot" => ("clean_reboot", Ok(Effect::Reboot), REBOOT),
        "hard_shutdown" => ("hard_shutdown", Ok(Effect::Halt), AT_ONCE),
        "hard_reboot" => ("hard_reboot", Ok(Effect::Reboot), 1.0),
        "pool_migrate" => ("pool_migrate", migrate(world, target, args.reference(1)), MIGRATE),
        "send_sysrq" | "send_trigger" => {
            let failure = Failure::new("NOT_IMPLEMENTED", [name.to_owned()]);
            return Some(allowed::check(world, target, name).and(Err(failure)));
        }
        "power_state_reset" => {
            vm::halt(world, target);
            return Some(Done::NOTHING);
        }
        _ => return None,
    };
    Some(begin(world, caller, target, operation, effect, seconds))
}

fn begin(
    world: &mut World,
    caller: &Caller,
    target: Ref,
    operation: &'static str,
    effect: Result<Effect, Failure>,
    seconds: f64,
) -> Result<Done, Failure> {
    allowed::check(world, target, operation)?;
    let effect = effect?;
    if matches!(operation, "hard_shutdown" | "hard_reboot") {
        operations::overtake(world, target);
    }
    operations::begin(world, caller, target, operation, effect, seconds)?;
    Ok(Done::Later)
}

/// Begins an operation that nobody waits for, with a task of its own.
pub(super) fn by_itself(
    world: &mut World,
    caller: &Caller,
    target: Ref,
    operation: &'static str,
    effect: Effect,
) {
    if allowed::check(world, target, operation).is_err() {
        return;
    }
    let task = tasks::begin(world, &format!("Async.VM.{operation}"), "", caller);
    operations::start(world, task, target, operation, effect, START);
}

fn start(world: &World, target: Ref, host: Option<Ref>, then: Then) -> Result<Effect, Failure> {
    let behaviour = Behaviour::of(world.db.text("VM", target, "name_label"));
    if behaviour == Behaviour::RefusesStart {
        let why = "Raise VDI not available [opterr=disk image is missing]";
        return Ok(Effect::Fail(Failure::new("SR_BACKEND_FAILURE_46", ["", why, ""])));
    }
    let host = match host {
        Some(host) => {
            placement::can_run(world, target, host)?;
            host
        }
        None => placement::choose(world, target)?,
    };
    Ok(Effect::Start { host, then })
}

fn start_time(behaviour: Behaviour) -> f64 {
    match behaviour {
        Behaviour::SlowStart | Behaviour::NotCancellable => SLOW_START,
        _ => START,
    }
}

fn migrate(world: &World, target: Ref, host: Ref) -> Result<Effect, Failure> {
    placement::can_run(world, target, host)?;
    Ok(Effect::Migrate { host })
}
