//! Opening a screen.
use super::ScreenViewer;
use crate::{
    AuditTarget, Core, Ctx, Error,
    console::{KeyboardRight, api, rfb::Hand, visit::Visit},
    inventory::{Place, Published},
};
use wxa_model::{ConsoleKind, Key, PowerState, Refusal, RefusalCode, Vm, VmId};

impl Core {
    /// Opens the screen of a VM. Who may use its consoles has a free hand; who may only see the VM only looks. The audit row ends when
    /// the viewer leaves. A VM that does not run can be opened too: its screen comes when it is started.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::HostUnavailable`] while it may be on a host that this
    /// run has not heard yet, [`Error::Forbidden`] when it is a control domain's and the caller does not administer its host,
    /// [`Error::Conflict`] when it has no screen, [`Error::TooMany`] when too many look.
    pub async fn screen_open(&self, ctx: &Ctx, vm: VmId) -> Result<ScreenViewer, Error> {
        let (hand, name) = self.screen_openable(ctx, vm)?;
        let (core, ctx) = (self.clone(), ctx.clone());
        let target = AuditTarget::new(vm, name);
        self.to_the_end("screen_open", async move {
            let row = core.audit_begin(&ctx, "screen_open", target).await?;
            match core.live().screens.open(vm, &ctx.who(), hand, core.now()) {
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

    /// Returns when what the caller may do with the VM's screen is another than it was when a viewer was opened with `hand`.
    pub async fn screen_right_changed(&self, ctx: &Ctx, vm: VmId, hand: Hand) {
        let mut pictures = self.live().inventory.watch();
        let is_another = pictures.wait_for(|published| {
            let there = published.vm(vm);
            there.is_some_and(|(vm, place)| self::hand(ctx, published, vm, place) != Some(hand))
        });
        if is_another.await.is_err() {
            // The server stops, which is told otherwise.
            std::future::pending().await
        }
    }

    fn screen_openable(&self, ctx: &Ctx, vm: VmId) -> Result<(Hand, String), Error> {
        let published = self.live().inventory.now();
        let (shown, place) = published.vm(vm).ok_or_else(|| self.unknown(ctx, &published))?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        let hand = hand(ctx, &published, shown, place).ok_or(Error::Forbidden)?;
        let offered = match place
            .reached_through()
            .and_then(|through| self.live().hosts.driver(through))
        {
            Some(driver) => driver.capabilities().consoles.contains(&ConsoleKind::Graphical),
            None => true,
        };
        // What a halted VM will offer is known only roughly, so only a running one is held to it.
        let runs = matches!(shown.power, PowerState::Running | PowerState::Paused);
        let has = !runs || shown.consoles.contains(&ConsoleKind::Graphical);
        if !offered || !has {
            let sentence = format!("{} has no screen.", shown.name);
            return Err(Error::Conflict(Refusal::new(RefusalCode::NotSupported, sentence)));
        }
        Ok((hand, api::label(&published, shown)))
    }
}

/// What a caller may do with a screen; none when not even look: as for its terminals.
fn hand(ctx: &Ctx, published: &Published, vm: &Vm, place: &Place) -> Option<Hand> {
    match api::right_at(ctx, published, vm, place)? {
        KeyboardRight::Watch => Some(Hand::Tied),
        KeyboardRight::Type | KeyboardRight::Take => Some(Hand::Free),
    }
}
