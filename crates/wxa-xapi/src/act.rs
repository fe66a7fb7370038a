//! Acts on VMs: XAPI's call, and following its task to the end.
mod follow;

use crate::{
    pool::{Care, Pool},
    reference::Ref,
    rpc::Limits,
    world::World,
};
use follow::{Following, Since};
use serde_json::{Value, json};
use wxa_driver::{Error, ErrorKind, Progress, ProgressSink};
use wxa_model::{Action, VmAct, VmRole};

/// References are `OpaqueRef:` and a UUID; what is far longer is kept in no record.
const LONGEST_REFERENCE: usize = 256;

/// Does it.
///
/// # Errors
/// See [`wxa_driver::Driver::perform`].
pub(crate) async fn perform(
    pool: &Pool,
    VmAct { action, vm, on, .. }: VmAct,
    progress: &ProgressSink,
) -> Result<(), Error> {
    let Some(call) = call(action) else {
        return Err(Error::new(
            ErrorKind::NotSupported { action: Some(action) },
            "A pool sends no SysRq keys: XAPI does not implement it.",
        ));
    };
    let place = pool.guest(vm).await?;
    let chosen = match on {
        Some(member) if action.takes_place() => Some(pool.world().chosen(member).ok_or_else(no_member)?),
        _ => None,
    };
    let step = match &chosen {
        Some(member) => format!("{} {} on {}", action.doing(), place.name, member.name),
        None => format!("{} {}", action.doing(), place.name),
    };
    progress.send_replace(Progress {
        step: step.clone(),
        ..Progress::default()
    });
    let mut params = vec![json!(place.reference.to_string())];
    params.extend(chosen.iter().map(|member| json!(member.reference.to_string())));
    params.extend(call.more.iter().cloned());
    let method = match chosen {
        Some(_) => format!("Async.VM.{}_on", call.name),
        None => format!("Async.VM.{}", call.name),
    };
    let own = pool.own_tasks().beginning();
    let task: String = pool.call(&method, params, Limits::QUICK, Care::Acts).await?;
    if task.len() > LONGEST_REFERENCE {
        // It was begun: the pool carries it out, and nobody here can follow it.
        return Err(Error::new(
            ErrorKind::TimedOut { maybe_done: true },
            "The pool named the task that it began with something that is no reference.",
        ));
    }
    own.begun(Ref::read(&task));
    progress.send_replace(Progress {
        step: step.clone(),
        native: Some(task.clone()),
        ..Progress::default()
    });
    Following {
        pool,
        task: Ref::read(&task),
        step,
        progress,
        since: Since::Now,
    }
    .to_the_end()
    .await
}

fn no_member() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "The host that was chosen is not in the pool any more.",
    )
}

/// Goes on waiting for a task of ours.
///
/// # Errors
/// See [`wxa_driver::Driver::follow`].
pub(crate) async fn follow(pool: &Pool, native: &str, progress: &ProgressSink) -> Result<(), Error> {
    let task = Ref::read(native);
    pool.own_tasks().begun(task.clone());
    Following {
        pool,
        task,
        step: String::new(),
        progress,
        since: Since::Before,
    }
    .to_the_end()
    .await
}

/// Asks for a task to be given up, whoever has begun it.
///
/// # Errors
/// See [`wxa_driver::Driver::cancel`].
pub(crate) async fn cancel(pool: &Pool, native: &str) -> Result<(), Error> {
    let params = vec![json!(native)];
    let _: Value = pool
        .call("task.cancel", params, Limits::QUICK, Care::Acts)
        .await?;
    Ok(())
}

/// XAPI's call, and the command of its command line.
struct Call {
    name: &'static str,
    command: &'static str,
    /// Parameters after the VM: whether it begins paused, and whether checks are left out.
    more: Vec<Value>,
}

/// What XAPI calls it: the call, and the operation that it allows or blocks.
pub(crate) fn operation(action: Action) -> &'static str {
    match action {
        Action::VmStart => "start",
        Action::VmShutdown => "clean_shutdown",
        Action::VmReboot => "clean_reboot",
        Action::VmPause => "pause",
        Action::VmUnpause => "unpause",
        Action::VmSuspend => "suspend",
        Action::VmResume => "resume",
        Action::VmReset => "hard_reboot",
        Action::VmPowerOff => "hard_shutdown",
        Action::VmSysrq => "send_sysrq",
    }
}

/// None for what XAPI has a call for, and answers that it is not implemented.
fn call(action: Action) -> Option<Call> {
    let command = match action {
        Action::VmStart => "vm-start",
        Action::VmShutdown | Action::VmPowerOff => "vm-shutdown",
        Action::VmReboot | Action::VmReset => "vm-reboot",
        Action::VmPause => "vm-pause",
        Action::VmUnpause => "vm-unpause",
        Action::VmSuspend => "vm-suspend",
        Action::VmResume => "vm-resume",
        Action::VmSysrq => return None,
    };
    let more = match action {
        Action::VmStart | Action::VmResume => vec![json!(false), json!(false)],
        _ => Vec::new(),
    };
    Some(Call {
        name: operation(action),
        command,
        more,
    })
}

/// What an administrator would type on a host of the pool.
pub(crate) fn equivalent(VmAct { action, vm, on, .. }: VmAct, world: &World) -> Option<String> {
    let place = world.place(vm)?;
    if place.role == VmRole::ControlDomain {
        return None;
    }
    let more = match (action, on) {
        (Action::VmReset | Action::VmPowerOff, _) => " --force".to_owned(),
        (action, Some(member)) if action.takes_place() => format!(" on={}", world.chosen(member)?.uuid),
        _ => String::new(),
    };
    Some(format!("xe {} uuid={}{more}", call(action)?.command, place.uuid))
}
