//! Asking for something under way to be given up: an act of ours, or what others do on a pool.
use super::api::sees;
use crate::{
    AuditTarget, Core, Ctx, Error,
    inventory::{Place, Published},
};
use wxa_driver::ErrorKind;
use wxa_model::{HostId, Key, Permission, Refusal, RefusalCode, TaskId, rules};

/// What is to be cancelled.
struct Target {
    /// The connection that leads there.
    through: HostId,
    /// What the hypervisor calls it.
    native: Option<String>,
    audit: AuditTarget,
}

impl Core {
    /// Asks for a task to be given up. That it was is told by the task, whose outcome is then `Cancelled`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a task, [`Error::Forbidden`] when it may not act on its VM (or
    /// host, where it is on none), [`Error::Conflict`] when it cannot be cancelled, by our rules or by the host's words.
    pub async fn task_cancel(&self, ctx: &Ctx, id: TaskId) -> Result<(), Error> {
        let target = self.cancellable(ctx, id).await?;
        let live = self.live().clone();
        let not_now = |sentence: &str| Error::Conflict(Refusal::new(RefusalCode::NotSupported, sentence));
        let driver = live.hosts.driver(target.through);
        let driver = driver.ok_or_else(|| not_now("Its host is not connected."))?;
        // Ours may have begun a moment ago.
        let native = target.native.or_else(|| live.tasks.inner.running.native(id));
        let native = native.ok_or_else(|| not_now("The host has not taken it up yet."))?;
        let who = ctx.who();
        self.audited(ctx, "task_cancel", target.audit, async move {
            live.tasks.inner.running.ask(id, Some(who));
            let asked = driver.cancel(&native).await;
            asked.map_err(|error| {
                live.tasks.inner.running.ask(id, None);
                match error.kind {
                    ErrorKind::NotFound => Error::Conflict(Refusal::new(
                        RefusalCode::WrongState,
                        "It has ended, or its host knows it no more.",
                    )),
                    ErrorKind::NotSupported { .. } | ErrorKind::Refused { .. } => {
                        Error::Conflict(Refusal::new(RefusalCode::NotSupported, error.message))
                    }
                    ErrorKind::PermissionDenied => {
                        Error::Conflict(Refusal::new(RefusalCode::NotAllowed, error.message))
                    }
                    _ => error.into(),
                }
            })
        })
        .await
    }

    /// Decides.
    async fn cancellable(&self, ctx: &Ctx, id: TaskId) -> Result<Target, Error> {
        let published = self.live().inventory.now();
        if let Some(task) = published.pool_task(id) {
            if !published.sees(&ctx.grants, Key::PoolTask(id)) {
                return Err(Error::NotFound);
            }
            may_operate(ctx, &published, Key::PoolTask(id))?;
            let host = published.host(task.host).map(|(host, _)| host);
            rules::task_cancel(task.outcome.as_ref(), task.cancel, host).map_err(Error::Conflict)?;
            let label = match task.vm_name.as_str() {
                "" => task.name.clone(),
                vm => format!("{} on {vm}", task.name),
            };
            return Ok(Target {
                through: host.map_or(task.host, wxa_model::Host::reached_through),
                native: Some(task.native_id.clone()),
                audit: AuditTarget::new(task.vm.map_or_else(|| id.to_string(), |vm| vm.to_string()), label),
            });
        }
        let record = self.inner.store.task_get(id).await?.ok_or(Error::NotFound)?;
        let task = published.task(id).cloned().unwrap_or(record.task);
        if !sees(ctx, &published, &task) {
            return Err(Error::NotFound);
        }
        let on = match published.vm(task.vm) {
            Some(_) => Key::Vm(task.vm),
            None => Key::Host(task.host),
        };
        may_operate(ctx, &published, on)?;
        let host = published.host(task.host).map(|(host, _)| host);
        rules::task_cancel(task.outcome.as_ref(), task.cancel, host).map_err(Error::Conflict)?;
        Ok(Target {
            through: task.host,
            native: None,
            audit: AuditTarget::new(task.vm, &task.vm_name),
        })
    }
}

fn may_operate(ctx: &Ctx, published: &Published, on: Key) -> Result<(), Error> {
    let place = published.place(on).map(Place::target);
    let may = match place {
        Some(target) => ctx.may(Permission::Operate, &target),
        // On what is not there any more only those act who may do so everywhere.
        None => ctx.require_installation(Permission::Operate).is_ok(),
    };
    if may { Ok(()) } else { Err(Error::Forbidden) }
}
