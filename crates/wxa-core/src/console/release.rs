//! Letting go of a guest, for whoever opens its console on the host itself.
use super::{KeyboardRight, api::Openable, session::Released};
use crate::{AuditTarget, Core, Ctx, Error};
use std::time::Duration;
use tokio::time::Instant;
use wxa_model::VmId;

/// How long the guest is left alone.
const ALONE: Duration = Duration::from_secs(60);

impl Core {
    /// Lets go of a VM's consoles for a minute; they are attached again by themselves.
    ///
    /// # Errors
    /// As for [`Core::console_open`]; [`Error::Forbidden`] for one who may only watch.
    pub async fn console_release(&self, ctx: &Ctx, vm: VmId) -> Result<(), Error> {
        let Openable { label, right, .. } = self.openable(ctx, vm, None)?;
        if right == KeyboardRight::Watch {
            return Err(Error::Forbidden);
        }
        let (core, by) = (self.clone(), ctx.who());
        self.audited(ctx, "console_release", AuditTarget::new(vm, label), async move {
            for session in core.live().consoles.sessions_of(vm) {
                session.release(Released {
                    until: Instant::now() + ALONE,
                    by: by.clone(),
                });
            }
            Ok(())
        })
        .await
    }
}
