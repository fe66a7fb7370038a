//! Acting on a VM: may the caller, can it be, is it recorded; then it is done.
use super::{How, Slot, record::Kept};
use crate::{AuditTarget, Core, Ctx, Error};
use std::sync::Arc;
use uuid::Uuid;
use wxa_driver::Driver;
use wxa_model::{
    Action, Cancel, HostId, Key, Permission, Refusal, RefusalCode, Task, TaskId, VmAct, VmId, rules,
};

impl Core {
    /// Begins `action` on a VM; how it goes is told by the task.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::Forbidden`] when it may not act on it,
    /// [`Error::Conflict`] when it is not possible now. Nothing happens either when the audit row or the task cannot
    /// be recorded.
    pub async fn vm_act(&self, ctx: &Ctx, action: Action, vm: VmId) -> Result<TaskId, Error> {
        self.vm_act_on(ctx, VmAct::new(action, vm)).await
    }

    /// The same, where a start or resume may be on a chosen member of the VM's pool, and a SysRq key is named.
    ///
    /// # Errors
    /// As for [`Core::vm_act`]; [`Error::Invalid`] when the key is missing or the caller sees no such member, [`Error::Conflict`] when it can
    /// take no VM now.
    pub async fn vm_act_on(&self, ctx: &Ctx, act: VmAct) -> Result<TaskId, Error> {
        let (task, slot, driver) = self.allowed(ctx, act)?;
        let VmAct { action, vm, key, .. } = act;
        let place = self.place_word(task.on);
        let key = key.map_or_else(String::new, |key| format!(" (SysRq {key})"));
        let core = self.clone();
        let ctx = ctx.clone();
        self.to_the_end(action.name(), async move {
            let target = AuditTarget::new(vm, format!("{}{place}{key}", task.vm_name));
            let audit = core.audit_begin(&ctx, action.name(), target).await?;
            let store = core.inner.store.clone();
            if let Err(error) = store.task_begin(&task, audit.id()).await {
                audit.failed("the task could not be recorded").await;
                return Err(error.into());
            }
            let id = task.id;
            let kept = Box::new(Kept {
                store,
                audit: Some(audit),
            });
            let how = How::Perform {
                act,
                driver,
                hosts: core.live().hosts.clone(),
            };
            core.live().tasks.begin(task, slot, how, kept).await;
            core.live().inventory.settled().await;
            Ok(id)
        })
        .await
    }

    /// ` on lab-2`, for records; nothing where nobody chose.
    fn place_word(&self, on: Option<HostId>) -> String {
        let published = self.live().inventory.now();
        let member = on.and_then(|id| published.host(id));
        member.map_or_else(String::new, |(member, _)| format!(" on {}", member.name))
    }

    /// Decides, and takes the VM's lane.
    fn allowed(&self, ctx: &Ctx, act: VmAct) -> Result<(Task, Slot, Arc<dyn Driver>), Error> {
        let VmAct { action, vm, on, key } = act;
        let live = self.live();
        let published = live.inventory.now();
        let (shown, place) = published.vm(vm).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        if !ctx.may(Permission::Operate, &place.target()) {
            return Err(Error::Forbidden);
        }
        if action.takes_key() != key.is_some() {
            return Err(Error::Invalid {
                field: "key",
                why: "a SysRq key goes with that act, and with no other".into(),
            });
        }
        let (host, _) = published.host(shown.host).ok_or(Error::NotFound)?;
        if let Some(id) = on {
            let seen = published
                .host(id)
                .filter(|_| published.sees(&ctx.grants, Key::Host(id)));
            let (member, _) = seen.ok_or_else(|| Error::Invalid {
                field: "on",
                why: "there is no such host".into(),
            })?;
            rules::chosen_member(action, host, member).map_err(Error::Conflict)?;
        }
        let through = host.reached_through();
        let driver = live.hosts.driver(through).ok_or_else(|| {
            let sentence = format!("{} is not connected.", host.name);
            Error::Conflict(Refusal::new(RefusalCode::HostDown, sentence))
        })?;
        let can = driver.capabilities();
        let rule = |pending| rules::vm_action(action, shown, host, pending, &can);
        let slot = live.tasks.reserve(vm, action, rule).map_err(Error::Conflict)?;
        let task = Task {
            id: TaskId(Uuid::now_v7()),
            action,
            vm,
            vm_name: shown.name.clone(),
            host: through,
            on,
            by: ctx.who(),
            started_at: self.now(),
            ended_at: None,
            step: String::new(),
            percent: None,
            outcome: None,
            cancel: Cancel::No,
        };
        Ok((task, slot, driver))
    }
}

#[cfg(test)]
mod tests;
