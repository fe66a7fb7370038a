//! Opening a console.
use super::ConsoleViewer;
use crate::{AuditTarget, Core, Ctx, Error};
use wxa_model::{ConsoleKind, GuestType, Key, Permission, Refusal, RefusalCode, Vm, VmId, VmRole};

impl Core {
    /// Opens a console of a VM: the given one, or the VM's first. `from` is the (epoch, offset) of the history that
    /// the viewer has already. A VM that does not run can be opened too: its console comes when it is started.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::Forbidden`] when it may not open its
    /// console, [`Error::Conflict`] when there is no such console, [`Error::TooMany`] when too many look.
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
        self.audited(&ctx.clone(), "console_open", target, async move {
            core.live().consoles.open(vm, kind, &ctx.name, from)
        })
        .await
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
        if shown.role == VmRole::ControlDomain {
            return Err(no(format!(
                "{} runs the host itself and has no console here.",
                shown.name
            )));
        }
        let kind = kind.unwrap_or_else(|| first_kind(shown));
        let offered = match self.live().hosts.driver(shown.host) {
            Some(driver) => driver.capabilities().consoles.contains(&kind),
            None => true,
        };
        // What a halted VM will offer is known only roughly, so only a running one is held to it.
        let has = shown.consoles.is_empty() || shown.consoles.contains(&kind);
        if !offered || !has {
            return Err(no(format!("{} has no such console.", shown.name)));
        }
        Ok((kind, shown.name.clone()))
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
