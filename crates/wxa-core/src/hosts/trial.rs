//! Trying a stored host, as `webxenadmin doctor --hosts` does.
use super::{
    learnt::Learnt,
    registry::{still_the_same, stored_spec},
};
use crate::{Core, Ctx, Error, audit::AuditTarget};
use wxa_model::{HostFacts, HostId, UnixMillis};

impl Core {
    /// Connects to a stored host with its stored credential and reports what it says; nothing changes.
    ///
    /// # Errors
    /// As for [`Core::host_test`]; [`Error::NotFound`].
    pub async fn host_try(&self, ctx: &Ctx, id: HostId) -> Result<HostFacts, Error> {
        let host = self.host_record(ctx, id).await?;
        let core = self.clone();
        self.audited(ctx, "host_try", AuditTarget::new(id, &host.name), async move {
            let unreadable = |_| Error::Invalid {
                field: "credential",
                why: "the stored credential cannot be read: give it again".into(),
            };
            let learnt = Learnt::of(&core.inner.store, id).await?;
            let spec = stored_spec(&core.inner.sealing_key, &host, learnt).map_err(unreadable)?;
            let (_, facts) = core.try_host(spec).await?;
            still_the_same(&host, &facts)?;
            Ok(facts)
        })
        .await
    }

    /// Until when the certificate is good that a pool shows at its address; none where it does not say. Nobody signs in.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::HostUnavailable`].
    pub async fn host_certificate_end(&self, ctx: &Ctx, id: HostId) -> Result<Option<UnixMillis>, Error> {
        let host = self.host_record(ctx, id).await?;
        let key = self
            .shown_key(host.transport, &host.address, host.port, None)
            .await?;
        Ok(key.valid_until)
    }
}
