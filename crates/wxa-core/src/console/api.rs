//! Opening a console.
use super::{ConsoleViewer, visit::Visit};
use crate::{
    AuditTarget, Core, Ctx, Error,
    inventory::{Place, Published},
};
use wxa_model::{ConsoleKind, GuestType, Key, Permission, Refusal, RefusalCode, Vm, VmId, VmRole};

impl Core {
    /// Opens a console of a VM: the given one, or the VM's first. The audit row ends when the viewer leaves. `from` is the (epoch, offset) of the history that
    /// the viewer has already. A VM that does not run can be opened too: its console comes when it is started.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::Forbidden`] when it may not open its
    /// console (of a control domain: does not administer its host), [`Error::Conflict`] when there is no such console,
    /// [`Error::TooMany`] when too many look.
    pub async fn console_open(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
        from: Option<(u64, u64)>,
    ) -> Result<ConsoleViewer, Error> {
        let (kind, name) = self.openable(ctx, vm, kind)?;
        let (core, ctx) = (self.clone(), ctx.clone());
        let target = AuditTarget::new(vm, name);
        self.to_the_end("console_open", async move {
            let row = core.audit_begin(&ctx, "console_open", target).await?;
            let opened = core.live().consoles.open(vm, kind, &ctx.who(), from);
            match opened {
                Ok(viewer) => Ok(viewer.with_visit(Visit::new(row, core.live().supervisor.clone()))),
                Err(error) => {
                    let refused = Err(error);
                    row.conclude(&refused).await;
                    refused
                }
            }
        })
        .await
    }

    /// Returns when the caller may no longer open the VM's console: a tag was taken away, or its host moved.
    pub async fn console_right_lost(&self, ctx: &Ctx, vm: VmId) {
        let mut pictures = self.live().inventory.watch();
        let is_lost = pictures.wait_for(|published| {
            let there = published.vm(vm);
            there.is_some_and(|(vm, place)| !may_open(ctx, published, vm, place))
        });
        if is_lost.await.is_err() {
            // The server stops, which is told otherwise.
            std::future::pending().await
        }
    }

    fn openable(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
    ) -> Result<(ConsoleKind, String), Error> {
        let published = self.live().inventory.now();
        let (shown, place) = published.vm(vm).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        if !ctx.may(Permission::Console, &place.target()) {
            return Err(Error::Forbidden);
        }
        let no = |sentence: String| Error::Conflict(Refusal::new(RefusalCode::NotSupported, sentence));
        if shown.role == VmRole::ControlDomain && shown.consoles.is_empty() {
            return Err(no(format!(
                "{} runs the host itself and has no console here.",
                shown.name
            )));
        }
        if !may_open(ctx, &published, shown, place) {
            return Err(Error::Forbidden);
        }
        if let (Some(why), true) = (shown.no_console, shown.consoles.is_empty()) {
            return Err(no(why.sentence().to_owned()));
        }
        let kind = kind.unwrap_or_else(|| first_kind(shown));
        let offered = match place
            .reached_through()
            .and_then(|through| self.live().hosts.driver(through))
        {
            Some(driver) => driver.capabilities().consoles.contains(&kind),
            None => true,
        };
        // What a halted VM will offer is known only roughly, so only a running one is held to it.
        let has = shown.consoles.is_empty() || shown.consoles.contains(&kind);
        if !offered || !has {
            return Err(no(format!("{} has no such console.", shown.name)));
        }
        Ok((kind, label(&published, shown)))
    }
}

/// A control domain's console is the host's own, often with a shell that asks for no password: it takes an administrator
/// of the host, as XAPI itself keeps it for pool administrators.
fn may_open(ctx: &Ctx, published: &Published, vm: &Vm, place: &Place) -> bool {
    match vm.role {
        VmRole::Guest => ctx.may(Permission::Console, &place.target()),
        VmRole::ControlDomain => published
            .host(vm.host)
            .is_some_and(|(_, host)| ctx.may(Permission::Administer, &host.target())),
    }
}

/// What the audit log says was opened: the host's own console by the name that people know it by.
fn label(published: &Published, vm: &Vm) -> String {
    match (vm.role, published.host(vm.host)) {
        (VmRole::ControlDomain, Some((host, _))) => format!("{} (the host itself)", host.name),
        _ => vm.name.clone(),
    }
}

/// The console that is opened when none is named.
fn first_kind(vm: &Vm) -> ConsoleKind {
    vm.consoles.first().copied().unwrap_or(match vm.guest_type {
        Some(GuestType::Hvm) => ConsoleKind::Serial,
        Some(GuestType::Pv | GuestType::Pvh) | None => ConsoleKind::Pv,
    })
}

#[cfg(test)]
mod tests;
