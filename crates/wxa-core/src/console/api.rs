//! Opening a console.
use super::{Came, Comer, ConsoleViewer, KeyboardRight, ReplayFrom, Typist, visit::Visit};
use crate::{
    AuditTarget, Core, Ctx, Error,
    inventory::{Place, Published},
};
use wxa_model::{
    ConsoleKind, GuestType, Host, Key, Link, Permission, Refusal, RefusalCode, Vm, VmId, VmRole,
};

/// Hosts that are there have said by then what they have. One that is down for weeks says nothing about a VM that is not known.
const HOSTS_ANSWER_MS: u64 = 120_000;

/// A console that may be opened.
pub(super) struct Openable {
    pub(super) kind: ConsoleKind,
    /// As the audit log calls it.
    pub(super) label: String,
    /// What the caller may do there.
    pub(super) right: KeyboardRight,
}

impl Core {
    /// Opens a console of a VM: the given one, or the VM's first. The audit row ends when the viewer leaves. `from` says where the
    /// viewer begins to read. A VM that does not run can be opened too: its console comes when it is started.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::HostUnavailable`] right after a start while it may be
    /// on a host that was not heard yet, [`Error::Forbidden`] for the console of a control domain whose host the caller does not
    /// administer, [`Error::Conflict`] when there is no such console, [`Error::TooMany`] when too many look.
    pub async fn console_open(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
        from: ReplayFrom,
    ) -> Result<ConsoleViewer, Error> {
        let Openable { kind, label, right } = self.openable(ctx, vm, kind)?;
        let (core, ctx) = (self.clone(), ctx.clone());
        let target = AuditTarget::new(vm, label);
        let comer = Comer {
            name: ctx.who(),
            person: ctx.user,
            came: Came::SignedIn,
            right,
            since: self.now(),
        };
        self.to_the_end("console_open", async move {
            let row = core.audit_begin(&ctx, "console_open", target).await?;
            let opened = core.live().consoles.open(vm, kind, comer, from);
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

    /// Follows what the caller may do at the VM's console, and returns when it may not even watch any more: a tag was taken away,
    /// or its host moved.
    pub async fn console_right_lost(&self, ctx: &Ctx, vm: VmId, typist: &Typist) {
        let mut pictures = self.live().inventory.watch();
        let is_lost = pictures.wait_for(|published| {
            let Some((vm, place)) = published.vm(vm) else {
                return false;
            };
            match right_at(ctx, published, vm, place) {
                Some(right) => typist.set_right(right),
                None => {
                    typist.bar();
                    return true;
                }
            }
            false
        });
        if is_lost.await.is_err() {
            // The server stops, which is told otherwise.
            std::future::pending().await
        }
    }

    pub(super) fn openable(&self, ctx: &Ctx, vm: VmId, kind: Option<ConsoleKind>) -> Result<Openable, Error> {
        let published = self.live().inventory.now();
        let (shown, place) = published.vm(vm).ok_or_else(|| self.unknown(ctx, &published))?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        let no = |sentence: String| Error::Conflict(Refusal::new(RefusalCode::NotSupported, sentence));
        let textless = !shown.has_text_console();
        if shown.role == VmRole::ControlDomain && textless {
            return Err(no(format!(
                "{} runs the host itself and has no console here.",
                shown.name
            )));
        }
        let right = right_at(ctx, &published, shown, place).ok_or(Error::Forbidden)?;
        // A session here is a terminal with a history: screens are opened by `screen_open`.
        if kind == Some(ConsoleKind::Graphical) {
            return Err(no(format!(
                "The screen of {} is no terminal: open it as a screen.",
                shown.name
            )));
        }
        if let (Some(why), true) = (shown.no_console, textless) {
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
        let has = textless || shown.consoles.contains(&kind);
        if !offered || !has {
            return Err(no(format!("{} has no such console.", shown.name)));
        }
        Ok(Openable {
            kind,
            label: label(&published, shown),
            right,
        })
    }

    /// Why a VM is not there: right after a start hosts have yet to say what they have, and a viewer of before waits for that.
    pub(super) fn unknown(&self, ctx: &Ctx, published: &Published) -> Error {
        let is_early = self.now().since(self.inner.started_at) < HOSTS_ANSWER_MS;
        let unheard = |host: &&Host| host.last_word.is_none() || host.link == Link::Connecting;
        let seen = |host: &&Host| published.sees(&ctx.grants, Key::Host(host.id));
        match published.hosts().filter(unheard).find(seen) {
            Some(host) if is_early => Error::HostUnavailable {
                why: format!("{} has not said yet which VMs it has.", host.name),
                since: None,
            },
            _ => Error::NotFound,
        }
    }
}

/// What the caller may do at the VM's console; none where it may not even watch. A control domain's is the host's own, often with a
/// shell that asks for no password: it takes an administrator of the host, as XAPI itself keeps it for pool administrators.
pub(super) fn right_at(ctx: &Ctx, published: &Published, vm: &Vm, place: &Place) -> Option<KeyboardRight> {
    let target = place.target();
    match vm.role {
        VmRole::Guest if ctx.may(Permission::Administer, &target) => Some(KeyboardRight::Take),
        VmRole::Guest if ctx.may(Permission::Console, &target) => Some(KeyboardRight::Type),
        VmRole::Guest => ctx.may(Permission::View, &target).then_some(KeyboardRight::Watch),
        VmRole::ControlDomain => published
            .host(vm.host)
            .is_some_and(|(_, host)| ctx.may(Permission::Administer, &host.target()))
            .then_some(KeyboardRight::Take),
    }
}

/// What the audit log says was opened: the host's own console by the name that people know it by.
pub(super) fn label(published: &Published, vm: &Vm) -> String {
    match (vm.role, published.host(vm.host)) {
        (VmRole::ControlDomain, Some((host, _))) => format!("{} (the host itself)", host.name),
        _ => vm.name.clone(),
    }
}

/// The console that is opened when none is named: a text console.
pub(super) fn first_kind(vm: &Vm) -> ConsoleKind {
    let offered = vm.consoles.iter().copied().find(|kind| kind.is_text());
    offered.unwrap_or(match vm.guest_type {
        Some(GuestType::Hvm) => ConsoleKind::Serial,
        Some(GuestType::Pv | GuestType::Pvh) | None => ConsoleKind::Pv,
    })
}

#[cfg(test)]
mod tests;
