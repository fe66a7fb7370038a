//! Adding and forgetting hosts.
use super::{
    NewHost,
    credential::{self, Of},
    learnt::Learnt,
    member_ssh,
};
use crate::{
    Core, Credential, Ctx, Error, HostKey, HostSpec, JumpHost, audit::AuditTarget, seal::SealingKey,
};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;
use wxa_driver::{Driver, ErrorKind};
use wxa_model::{HostFacts, HostId, Permission, Refusal, RefusalCode, SiteId, Transport, UnixMillis};
use wxa_store::{HostRecord, JumpRecord, RemovedHost, SiteRecord};

/// How long a host may take to answer while somebody waits for it.
pub(super) const PROBE_BOUND: Duration = Duration::from_secs(20);
/// What the first site is called when nobody says.
const FIRST_SITE: &str = "Home";

/// The site a host goes into.
pub(super) enum SiteChoice {
    There(SiteRecord),
    New(SiteRecord),
}

impl SiteChoice {
    pub(super) fn record(&self) -> &SiteRecord {
        match self {
            Self::There(site) | Self::New(site) => site,
        }
    }
}

impl Core {
    /// Connects with the given credential and reports what the host says; keeps nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] for whatever the host does not accept; [`Error::HostUnavailable`].
    pub async fn host_test(&self, ctx: &Ctx, host: NewHost) -> Result<HostFacts, Error> {
        ctx.require_installation(Permission::Administer)?;
        let host = host.checked()?;
        let core = self.clone();
        let target = AuditTarget {
            id: String::new(),
            label: host.label(),
        };
        self.audited(ctx, "host_test", target, async move {
            let spec = spec(SiteId(Uuid::nil()), HostId(Uuid::new_v4()), &host);
            core.try_host(spec).await.map(|(_, facts)| facts)
        })
        .await
    }

    /// Adds a host after a successful connection, and its site when that is new. One that was removed before goes on with its
    /// past, and with the rights that accounts still have on it.
    ///
    /// # Errors
    /// As for [`Core::host_test`]; [`Error::Invalid`] when the host was added before, or its pool in that site.
    pub async fn host_add(&self, ctx: &Ctx, host: NewHost) -> Result<(HostId, HostFacts), Error> {
        ctx.require_installation(Permission::Administer)?;
        let host = host.checked()?;
        let core = self.clone();
        let removed = self
            .inner
            .store
            .removed_host(host.transport, &host.fingerprint, &host.address, host.port)
            .await?;
        let id = removed
            .as_ref()
            .map_or_else(|| HostId(Uuid::new_v4()), |removed| removed.id);
        let target = AuditTarget::new(id, host.label());
        self.audited(ctx, "host_add", target, async move {
            core.add(id, host, removed).await
        })
        .await
    }

    async fn add(
        &self,
        mut id: HostId,
        host: NewHost,
        removed: Option<RemovedHost>,
    ) -> Result<(HostId, HostFacts), Error> {
        let store = &self.inner.store;
        if store
            .host_is_known(&host.fingerprint, &host.address, host.port)
            .await?
        {
            return Err(added_before());
        }
        let mut site = self.choose_site(&host.site).await?;
        if let (SiteChoice::New(new), Some(before)) = (
            &mut site,
            removed.as_ref().and_then(|removed| removed.site.as_ref()),
        ) && new.name == before.name
        {
            new.id = before.id;
        }
        let (driver, facts) = self.try_host(spec(site.record().id, id, &host)).await?;
        let native_uuid = facts.uuid.filter(|_| host.transport == Transport::Xapi);
        if removed.is_some_and(|removed| removed.native_uuid != native_uuid) {
            // Another pool at the address of the one that was removed: past and rights are not its own.
            id = HostId(Uuid::new_v4());
        }
        self.refuse_second_pool(site.record().id, native_uuid).await?;
        let names = [&host.name, &facts.hostname, &host.address];
        let name = names
            .into_iter()
            .find(|name| !name.is_empty())
            .cloned()
            .unwrap_or_default();
        let record = HostRecord {
            id,
            site: site.record().id,
            name,
            transport: host.transport,
            credential: self.sealed(&host, id)?,
            jump: host.jump.map(|jump| self.sealed_jump(id, jump)).transpose()?,
            address: host.address,
            port: host.port,
            user: host.user,
            fingerprint: host.fingerprint,
            trust: host.trust,
            native_uuid,
            member_ssh: None,
            config_dir: host.config_dir,
            created_at: self.now(),
        };
        let new_site = match &site {
            SiteChoice::New(site) => Some(site),
            SiteChoice::There(_) => None,
        };
        // A pool's driver is told which pool it is: whoever answers there later is that one or nobody.
        let learnt = Learnt::by(driver.as_ref()).unwrap_or_default();
        let driver = match record.native_uuid {
            None => driver,
            Some(_) => {
                let spec = stored_spec(&self.inner.sealing_key, &record, learnt.clone())?;
                self.inner.connect.open(spec).map_err(explain)?
            }
        };
        self.inner.keeper.offer(id, driver);
        if let Err(error) = store.host_insert(&record, new_site).await {
            self.inner.keeper.withdraw(id);
            return Err(duplicate_is_added_before(error));
        }
        if let Err(error) = learnt.keep(store, id, self.now()).await {
            tracing::warn!(host = %id, %error, "what was learnt of a host could not be kept yet");
        }
        self.inner.keeper.settled().await;
        Ok((id, facts))
    }

    /// A pool answers at the address of each of its members: it is known by its UUID, in its site.
    pub(super) async fn refuse_second_pool(&self, site: SiteId, uuid: Option<Uuid>) -> Result<(), Error> {
        let Some(uuid) = uuid else {
            return Ok(());
        };
        match self.inner.store.pool_name(site, uuid).await? {
            None => Ok(()),
            Some(name) => Err(Error::Invalid {
                field: "address",
                why: format!("this pool has been added already, as {name}"),
            }),
        }
    }

    /// Sealed; nothing where nobody signs in.
    fn sealed(&self, host: &NewHost, id: HostId) -> Result<Vec<u8>, Error> {
        match host.transport {
            Transport::Local => Ok(Vec::new()),
            Transport::Ssh | Transport::Xapi => {
                credential::seal(&self.inner.sealing_key, Of::Host(id), &host.credential)
            }
        }
    }

    fn sealed_jump(&self, id: HostId, jump: JumpHost) -> Result<JumpRecord, Error> {
        Ok(JumpRecord {
            credential: credential::seal(&self.inner.sealing_key, Of::Jump(id), &jump.credential)?,
            address: jump.address,
            port: jump.port,
            user: jump.user,
            fingerprint: jump.fingerprint,
        })
    }

    pub(super) async fn choose_site(&self, name: &str) -> Result<SiteChoice, Error> {
        let store = &self.inner.store;
        let found = match name {
            "" => store.site_list().await?.into_iter().next(),
            name => store.site_by_name(name).await?,
        };
        Ok(match found {
            Some(site) => SiteChoice::There(site),
            None => SiteChoice::New(SiteRecord {
                id: SiteId(Uuid::new_v4()),
                name: if name.is_empty() {
                    FIRST_SITE.into()
                } else {
                    name.to_owned()
                },
                created_at: self.now(),
            }),
        })
    }

    /// Forgets a host and its credential; nothing changes on the host.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn host_remove(&self, ctx: &Ctx, id: HostId) -> Result<(), Error> {
        let host = self.host_record(ctx, id).await?;
        let core = self.clone();
        self.audited(ctx, "host_remove", AuditTarget::new(id, &host.name), async move {
            core.inner.store.host_delete(id).await?;
            core.inner.keeper.settled().await;
            Ok(())
        })
        .await
    }

    /// A driver that has reached the host, and what the host said.
    pub(super) async fn try_host(&self, spec: HostSpec) -> Result<(Arc<dyn Driver>, HostFacts), Error> {
        let driver = self.inner.connect.open(spec).map_err(explain)?;
        match timeout(PROBE_BOUND, driver.probe()).await {
            Ok(Ok(facts)) => Ok((driver, facts)),
            Ok(Err(error)) => Err(explain(error)),
            Err(_) => Err(no_answer()),
        }
    }

    /// How to reach a stored host, with what is kept of it.
    ///
    /// # Errors
    /// When a stored credential cannot be read, or the database does not answer.
    pub(super) async fn stored_spec(&self, host: &HostRecord) -> Result<HostSpec, Error> {
        let learnt = Learnt::of(&self.inner.store, host.id).await?;
        stored_spec(&self.inner.sealing_key, host, learnt)
    }

    pub(super) async fn shown_key(
        &self,
        transport: Transport,
        address: &str,
        port: u16,
        jump: Option<&JumpHost>,
    ) -> Result<HostKey, Error> {
        let connect = &self.inner.connect;
        let asking = match transport {
            Transport::Xapi => connect.certificate(address, port),
            Transport::Ssh | Transport::Local => connect.host_key(address, port, jump),
        };
        match timeout(PROBE_BOUND, asking).await {
            Ok(Ok(key)) => Ok(key),
            Ok(Err(error)) => Err(explain(error)),
            Err(_) => Err(no_answer()),
        }
    }

    pub(super) async fn host_record(&self, ctx: &Ctx, id: HostId) -> Result<HostRecord, Error> {
        ctx.require_installation(Permission::Administer)?;
        match self.inner.store.host_get(id).await? {
            Some(host) => Ok(host),
            None => Err(self.why_no_record(id)),
        }
    }

    /// A pool's member is known, but has no record of its own.
    fn why_no_record(&self, id: HostId) -> Error {
        let published = self.live().inventory.now();
        let member = published.host(id).map(|(host, _)| host);
        let pool = member.and_then(|member| published.host(member.kind.pool()?));
        let (Some(member), Some((pool, _))) = (member, pool) else {
            return Error::NotFound;
        };
        Error::Conflict(Refusal::new(
            RefusalCode::NotSupported,
            format!(
                "{} is a member of the pool {}: change the pool instead.",
                member.name, pool.name
            ),
        ))
    }
}

fn spec(site: SiteId, id: HostId, host: &NewHost) -> HostSpec {
    HostSpec {
        site,
        host: id,
        transport: host.transport,
        address: host.address.clone(),
        port: host.port,
        user: host.user.clone(),
        credential: host.credential.clone(),
        fingerprint: host.fingerprint.clone(),
        trust: host.trust.clone(),
        pool: None,
        members: Vec::new(),
        arrivals: Vec::new(),
        jump: host.jump.clone(),
        member_ssh: None,
        config_dir: host.config_dir.clone(),
    }
}

/// How to reach a stored host, with what was learnt of it: a pool is reached by any of the members that it told of, each with the
/// certificate that it was known by.
///
/// # Errors
/// When a stored credential cannot be read.
pub(super) fn stored_spec(key: &SealingKey, host: &HostRecord, learnt: Learnt) -> Result<HostSpec, Error> {
    let jump = match &host.jump {
        None => None,
        Some(jump) => Some(JumpHost {
            address: jump.address.clone(),
            port: jump.port,
            user: jump.user.clone(),
            credential: credential::open(key, Of::Jump(host.id), &jump.credential)?,
            fingerprint: jump.fingerprint.clone(),
        }),
    };
    let credential = match host.transport {
        Transport::Local => Credential::Agent,
        Transport::Ssh | Transport::Xapi => credential::open(key, Of::Host(host.id), &host.credential)?,
    };
    Ok(HostSpec {
        site: host.site,
        host: host.id,
        transport: host.transport,
        address: host.address.clone(),
        port: host.port,
        user: host.user.clone(),
        credential,
        fingerprint: host.fingerprint.clone(),
        trust: host.trust.clone(),
        pool: host.native_uuid,
        members: learnt.members,
        arrivals: learnt.arrivals,
        jump,
        member_ssh: member_ssh::stored_access(key, host)?,
        config_dir: host.config_dir.clone(),
    })
}

/// Refuses what answers at the address of a stored pool and is another one: a member may have moved.
pub(super) fn still_the_same(host: &HostRecord, facts: &HostFacts) -> Result<(), Error> {
    match (host.native_uuid, facts.uuid) {
        (Some(kept), Some(seen)) if kept != seen => Err(another_pool()),
        _ => Ok(()),
    }
}

fn another_pool() -> Error {
    Error::Invalid {
        field: "address",
        why: "another pool answers there than the one that was added".into(),
    }
}

/// What a failed connection says about the form that the administrator filled in.
pub(super) fn explain(error: wxa_driver::Error) -> Error {
    match error.kind {
        ErrorKind::KeyChanged { seen, .. } => other_key("fingerprint", &seen),
        ErrorKind::JumpKeyChanged { seen, .. } => other_key("jump.fingerprint", &seen),
        ErrorKind::Unauthenticated => Error::Invalid {
            field: "credential",
            why: error.message,
        },
        ErrorKind::PermissionDenied => Error::Invalid {
            field: "user",
            why: error.message,
        },
        ErrorKind::Untrusted => Error::Invalid {
            field: "trust",
            why: error.message,
        },
        ErrorKind::OtherPool { .. } => another_pool(),
        ErrorKind::Internal => Error::internal(error),
        ErrorKind::NotFound
        | ErrorKind::Busy
        | ErrorKind::Refused { .. }
        | ErrorKind::Cancelled
        | ErrorKind::Unreachable
        | ErrorKind::TimedOut { .. }
        | ErrorKind::NotSupported { .. }
        | ErrorKind::Malformed => unavailable(error.message),
    }
}

fn unavailable(why: String) -> Error {
    Error::HostUnavailable {
        why,
        since: None::<UnixMillis>,
    }
}

pub(super) fn no_answer() -> Error {
    unavailable(format!(
        "the host did not answer within {} s",
        PROBE_BOUND.as_secs()
    ))
}

pub(super) fn other_key(field: &'static str, seen: &str) -> Error {
    // Keys of SSH are told with the name of their digest, certificates without.
    let what = match seen.starts_with("SHA256:") {
        true => "key",
        false => "certificate",
    };
    Error::Invalid {
        field,
        why: format!("the host shows another {what}: {seen}. Compare it on the host before you trust it"),
    }
}

pub(super) fn duplicate_is_added_before(error: wxa_store::Error) -> Error {
    match error {
        wxa_store::Error::Duplicate => added_before(),
        other => other.into(),
    }
}

fn added_before() -> Error {
    Error::Invalid {
        field: "address",
        why: "this host has been added already".into(),
    }
}
