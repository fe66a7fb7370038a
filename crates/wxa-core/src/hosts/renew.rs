//! Pinning another key of a host, and giving it another credential; the same for its jump host.
use super::{
    check,
    credential::{self, Of},
    learnt::Learnt,
    registry::{duplicate_is_added_before, explain, other_key, still_the_same, stored_spec},
};
use crate::{Core, Credential, Ctx, Error, HostSpec, audit::AuditTarget};
use wxa_model::{HostId, Transport, Trust};
use wxa_store::HostRecord;

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOf {
    /// The host's.
    Host,
    /// That of the jump host on the way to it.
    Jump,
}

impl Core {
    /// Pins the key that the administrator compared; it must be the one that is shown.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] when another key is shown;
    /// [`Error::HostUnavailable`].
    pub async fn host_trust_key(
        &self,
        ctx: &Ctx,
        id: HostId,
        of: KeyOf,
        fingerprint: &str,
    ) -> Result<(), Error> {
        let host = self.host_record(ctx, id).await?;
        needs_sign_in(&host)?;
        let fingerprint = check::fingerprint(host.transport, fingerprint)?;
        let core = self.clone();
        let target = AuditTarget::new(id, &host.name);
        self.audited(ctx, "host_trust_key", target, async move {
            core.trust(host, of, fingerprint).await
        })
        .await
    }

    async fn trust(&self, mut host: HostRecord, of: KeyOf, fingerprint: String) -> Result<(), Error> {
        let spec = self.stored_spec(&host).await?;
        let shown = match (of, &spec.jump) {
            (KeyOf::Host, jump) => {
                self.shown_key(host.transport, &spec.address, spec.port, jump.as_ref())
                    .await?
            }
            (KeyOf::Jump, Some(jump)) => {
                self.shown_key(Transport::Ssh, &jump.address, jump.port, None)
                    .await?
            }
            (KeyOf::Jump, None) => return Err(no_jump_host()),
        };
        if shown.fingerprint != fingerprint {
            return Err(other_key("fingerprint", &shown.fingerprint));
        }
        if host.transport == Transport::Xapi {
            self.refuse_another_pool(&host, &fingerprint).await?;
        }
        let store = &self.inner.store;
        let pinned = match (of, &mut host.jump) {
            (KeyOf::Jump, Some(jump)) => {
                jump.fingerprint.clone_from(&fingerprint);
                store.host_set_jump_fingerprint(host.id, &fingerprint).await
            }
            _ => {
                host.fingerprint.clone_from(&fingerprint);
                host.trust = Trust::Pin;
                store
                    .host_set_trust(host.id, &host.trust, &fingerprint, host.native_uuid)
                    .await
            }
        };
        pinned.map_err(duplicate_is_added_before)?;
        // Offered even when the key is the one that was pinned: the worker stopped at another one.
        let spec = self.stored_spec(&host).await?;
        let driver = self.inner.connect.open(spec).map_err(explain)?;
        self.inner.keeper.offer(host.id, driver);
        self.inner.keeper.settled().await;
        Ok(())
    }

    /// Another certificate may be that of another pool. One that does not answer, or takes no password of ours, can be
    /// trusted nonetheless.
    async fn refuse_another_pool(&self, host: &HostRecord, fingerprint: &str) -> Result<(), Error> {
        let spec = HostSpec {
            fingerprint: fingerprint.to_owned(),
            trust: Trust::Pin,
            // Whoever answers there is compared below, and nobody else is asked.
            pool: None,
            ..stored_spec(&self.inner.sealing_key, host, Learnt::default())?
        };
        match self.try_host(spec).await {
            Ok((_, facts)) => still_the_same(host, &facts),
            Err(_) => Ok(()),
        }
    }

    /// Replaces the credential of a host after a successful connection with the new one.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; otherwise as for [`Core::host_test`].
    pub async fn host_set_credential(
        &self,
        ctx: &Ctx,
        id: HostId,
        credential: Credential,
    ) -> Result<(), Error> {
        let mut host = self.host_record(ctx, id).await?;
        needs_sign_in(&host)?;
        check::check_credential(host.transport, &credential)?;
        let core = self.clone();
        let target = AuditTarget::new(id, &host.name);
        self.audited(ctx, "host_set_credential", target, async move {
            let key = &core.inner.sealing_key;
            host.credential = credential::seal(key, Of::Host(id), &credential)?;
            let (driver, facts) = core.try_host(core.stored_spec(&host).await?).await?;
            still_the_same(&host, &facts)?;
            core.inner.store.host_set_credential(id, &host.credential).await?;
            core.inner.keeper.offer(id, driver);
            core.inner.keeper.settled().await;
            Ok(())
        })
        .await
    }

    /// Replaces the credential for the jump host on the way to a host, after a successful connection through it.
    ///
    /// # Errors
    /// As for [`Core::host_set_credential`]; [`Error::Invalid`] where there is no jump host.
    pub async fn host_set_jump_credential(
        &self,
        ctx: &Ctx,
        id: HostId,
        credential: Credential,
    ) -> Result<(), Error> {
        let mut host = self.host_record(ctx, id).await?;
        let core = self.clone();
        let target = AuditTarget::new(id, &host.name);
        self.audited(ctx, "host_set_jump_credential", target, async move {
            let key = &core.inner.sealing_key;
            let sealed = credential::seal(key, Of::Jump(id), &credential)?;
            let jump = host.jump.as_mut().ok_or_else(no_jump_host)?;
            jump.credential.clone_from(&sealed);
            let (driver, _) = core.try_host(core.stored_spec(&host).await?).await?;
            core.inner.store.host_set_jump_credential(id, &sealed).await?;
            core.inner.keeper.offer(id, driver);
            core.inner.keeper.settled().await;
            Ok(())
        })
        .await
    }
}

pub(super) fn needs_sign_in(host: &HostRecord) -> Result<(), Error> {
    match host.transport {
        Transport::Ssh | Transport::Xapi => Ok(()),
        Transport::Local => Err(Error::Invalid {
            field: "transport",
            why: "this host is the machine that the server runs on: it has no key and no credential here"
                .into(),
        }),
    }
}

fn no_jump_host() -> Error {
    Error::Invalid {
        field: "of",
        why: "this host is reached without a jump host".into(),
    }
}
