//! By what a pool is known: a pinned certificate, or an authority that vouches for it; and which pool it is.
use super::{
    check,
    learnt::Learnt,
    registry::{duplicate_is_added_before, stored_spec},
};
use crate::{AuditTarget, Core, Ctx, Error, HostSpec};
use uuid::Uuid;
use wxa_model::{HostId, KnownMember, Transport, Trust};
use wxa_store::HostRecord;

/// By what a host is known, for administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostTrust {
    /// A pinned fingerprint or an authority.
    pub trust: Trust,
    /// The pinned key or certificate; empty where an authority vouches.
    pub fingerprint: String,
    /// The UUID of the pool.
    pub pool: Option<Uuid>,
    /// The members that the pool told last.
    pub members: Vec<KnownMember>,
}

impl Core {
    /// By what a host is known.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn host_trust(&self, ctx: &Ctx, id: HostId) -> Result<HostTrust, Error> {
        let host = self.host_record(ctx, id).await?;
        Ok(HostTrust {
            members: self.inner.store.host_members(id).await?,
            trust: host.trust,
            fingerprint: host.fingerprint,
            pool: host.native_uuid,
        })
    }

    /// Lets an authority vouch for a pool from now on, after a successful connection of that kind.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] where its certificate does not pass;
    /// [`Error::HostUnavailable`].
    pub async fn host_trust_authority(&self, ctx: &Ctx, id: HostId, trust: Trust) -> Result<(), Error> {
        let host = self.host_record(ctx, id).await?;
        let fingerprint = check::trusted(host.transport, &trust, "")?;
        let core = self.clone();
        let target = AuditTarget::new(id, &host.name);
        self.audited(ctx, "host_trust_key", target, async move {
            let known = HostRecord {
                trust,
                fingerprint,
                ..host
            };
            let pool = known.native_uuid;
            core.know_by(known, pool).await
        })
        .await
    }

    /// Takes the pool that answers now for the one that was added: it must have that UUID, and its certificate must pass as
    /// before.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] when another one answers, or it was added by itself;
    /// [`Error::HostUnavailable`].
    pub async fn host_trust_pool(&self, ctx: &Ctx, id: HostId, pool: Uuid) -> Result<(), Error> {
        let host = self.host_record(ctx, id).await?;
        if host.transport != Transport::Xapi {
            return Err(Error::Invalid {
                field: "pool",
                why: "this host is no pool".into(),
            });
        }
        let core = self.clone();
        let target = AuditTarget::new(id, format!("{} is pool {pool}", host.name));
        self.audited(ctx, "host_trust_key", target, async move {
            if host.native_uuid != Some(pool) {
                core.refuse_second_pool(host.site, Some(pool)).await?;
            }
            core.know_by(host, Some(pool)).await
        })
        .await
    }

    /// Keeps by what a host is known once it was reached like that, and goes on with that connection.
    async fn know_by(&self, host: HostRecord, pool: Option<Uuid>) -> Result<(), Error> {
        let store = &self.inner.store;
        let learnt = match pool == host.native_uuid {
            true => Learnt::of(store, host.id).await?,
            // Of the other one.
            false => Learnt::default(),
        };
        let spec = HostSpec {
            pool,
            ..stored_spec(&self.inner.sealing_key, &host, learnt)?
        };
        let (driver, facts) = self.try_host(spec).await?;
        if pool.is_some() && facts.uuid != pool {
            return Err(Error::Invalid {
                field: "pool",
                why: "the pool that answers does not say that it is this one".into(),
            });
        }
        store
            .host_set_trust(host.id, &host.trust, &host.fingerprint, pool)
            .await
            .map_err(duplicate_is_added_before)?;
        self.inner.keeper.offer(host.id, driver);
        self.inner.keeper.settled().await;
        Ok(())
    }
}
