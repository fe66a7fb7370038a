//! Acts on VMs: XAPI's call, and following its task to the end.
mod follow;

use crate::{
    pool::{Care, Pool},
    reference::Ref,
    rpc::Limits,
    world::Place,
};
use follow::Following;
use serde_json::{Value, json};
use wxa_driver::{Error, Progress, ProgressSink};
use wxa_model::{Action, VmId, VmRole};

/// Does it.
///
/// # Errors
/// See [`wxa_driver::Driver::perform`].
pub(crate) async fn perform(
    pool: &Pool,
    action: Action,
    vm: VmId,
    progress: &ProgressSink,
) -> Result<(), Error> {
    let place = pool.guest(vm).await?;
    let step = format!("{} {}", action.doing(), place.name);
    progress.send_replace(Progress {
        step: step.clone(),
        percent: None,
    });
    let call = call(action);
    let mut params = vec![json!(place.reference.to_string())];
    params.extend(call.more.iter().cloned());
    let method = format!("Async.VM.{}", call.name);
    let task: String = pool.call(&method, params, Limits::QUICK, Care::Acts).await?;
    Following {
        pool,
        task: Ref::read(&task),
        step,
        progress,
    }
    .to_the_end()
    .await
}

/// XAPI's call, and the command of its command line.
struct Call {
    name: &'static str,
    command: &'static str,
    /// Parameters after the VM: whether it begins paused, and whether checks are left out.
    more: Vec<Value>,
}

fn call(action: Action) -> Call {
    let (name, command) = match action {
        Action::VmStart => ("start", "vm-start"),
        Action::VmShutdown => ("clean_shutdown", "vm-shutdown"),
        Action::VmReboot => ("clean_reboot", "vm-reboot"),
        Action::VmPause => ("pause", "vm-pause"),
        Action::VmUnpause => ("unpause", "vm-unpause"),
        Action::VmSuspend => ("suspend", "vm-suspend"),
        Action::VmResume => ("resume", "vm-resume"),
        Action::VmReset => ("hard_reboot", "vm-reboot"),
        Action::VmPowerOff => ("hard_shutdown", "vm-shutdown"),
    };
    let more = match action {
        Action::VmStart | Action::VmResume => vec![json!(false), json!(false)],
        _ => Vec::new(),
    };
    Call { name, command, more }
}

/// What an administrator would type on a host of the pool.
pub(crate) fn equivalent(action: Action, place: &Place) -> Option<String> {
    if place.role == VmRole::ControlDomain {
        return None;
    }
    let force = match action {
        Action::VmReset | Action::VmPowerOff => " --force",
        _ => "",
    };
    Some(format!("xe {} uuid={}{force}", call(action).command, place.uuid))
}
