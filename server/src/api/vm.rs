//! Acting on VMs.
use wxa_core::Error;
use wxa_model::{Action, VmAct, VmId, VmPlace};
use wxa_wire::{CommandView, Operation, PlaceParams, TaskAccepted, operation as op};

use super::Call;

/// All acts are alike: core decides, makes the task and answers at once.
pub(super) async fn vm_act<Op>(action: Action, call: Call<Op>) -> Result<TaskAccepted, Error>
where
    Op: Operation<Id = VmId, Params = (), Reply = TaskAccepted>,
{
    let task = call.app.core.vm_act(&call.ctx, action, call.id).await?;
    Ok(TaskAccepted { task })
}

/// The same for an act that may be on a chosen member of a pool.
pub(super) async fn vm_act_on<Op>(action: Action, call: Call<Op>) -> Result<TaskAccepted, Error>
where
    Op: Operation<Id = VmId, Params = PlaceParams, Reply = TaskAccepted>,
{
    let act = VmAct {
        on: call.params.on,
        ..VmAct::new(action, call.id)
    };
    let task = call.app.core.vm_act_on(&call.ctx, act).await?;
    Ok(TaskAccepted { task })
}

/// The same for a key that a guest's kernel is sent.
pub(super) async fn vm_sysrq(call: Call<op::VmSysrq>) -> Result<TaskAccepted, Error> {
    let act = VmAct::sysrq(call.id, call.params.key);
    let task = call.app.core.vm_act_on(&call.ctx, act).await?;
    Ok(TaskAccepted { task })
}

pub(super) async fn vm_places(call: Call<op::VmPlaces>) -> Result<Vec<VmPlace>, Error> {
    call.app.core.vm_places(&call.ctx, call.id).await
}

pub(super) async fn vm_commands(call: Call<op::VmCommands>) -> Result<Vec<CommandView>, Error> {
    let commands = call.app.core.vm_commands_on(&call.ctx, call.id, call.params.on)?;
    let view = |(action, command)| CommandView { action, command };
    Ok(commands.into_iter().map(view).collect())
}
