//! Adding, keeping and forgetting hosts.
use super::{NewHost, check, credential};
use crate::{Core, Credential, Ctx, Error, HostKey, HostSpec, audit::AuditTarget};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;
use wxa_driver::{Driver, ErrorKind};
use wxa_model::{HostFacts, HostId, Permission, SiteId, UnixMillis};
use wxa_store::{HostRecord, SiteRecord};

/// How long a host may take to answer while somebody waits for it.
const PROBE_BOUND: Duration = Duration::from_secs(20);
/// What the first site is called when nobody says.
const FIRST_SITE: &str = "Home";

/// The site a host goes into.
enum SiteChoice {
    There(SiteRecord),
    New(SiteRecord),
}

impl SiteChoice {
    fn record(&self) -> &SiteRecord {
        match self {
            Self::There(site) | Self::New(site) => site,
        }
    }
}

impl Core {
    /// Fetches a host's key; no credentials are sent.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`]; [`Error::HostUnavailable`].
    pub async fn host_probe(&self, ctx: &Ctx, address: &str, port: u16) -> Result<HostKey, Error> {
        ctx.require_installation(Permission::Administer)?;
        let address = address.trim().to_owned();
        check::check_address(&address, port)?;
        let core = self.clone();
        let target = AuditTarget {
            id: String::new(),
            label: format!("{address}:{port}"),
        };
        self.audited(ctx, "host_probe", target, async move {
            core.shown_key(&address, port).await
        })
        .await
    }

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

    /// Adds a host after a successful connection, and its site when that is new.
    ///
    /// # Errors
    /// As for [`Core::host_test`]; [`Error::Invalid`] when the host was added before.
    pub async fn host_add(&self, ctx: &Ctx, host: NewHost) -> Result<(HostId, HostFacts), Error> {
        ctx.require_installation(Permission::Administer)?;
        let host = host.checked()?;
        let core = self.clone();
        let id = HostId(Uuid::new_v4());
        let target = AuditTarget::new(id, host.label());
        self.audited(ctx, "host_add", target, async move {
            core.add(id, host).await.map(|facts| (id, facts))
        })
        .await
    }

    async fn add(&self, id: HostId, host: NewHost) -> Result<HostFacts, Error> {
        let store = &self.inner.store;
        if store
            .host_is_known(&host.fingerprint, &host.address, host.port)
            .await?
        {
            return Err(added_before());
        }
        let site = self.choose_site(&host.site).await?;
        let (driver, facts) = self.try_host(spec(site.record().id, id, &host)).await?;
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
            credential: credential::seal(&self.inner.sealing_key, id, &host.credential)?,
            address: host.address,
            port: host.port,
            user: host.user,
            fingerprint: host.fingerprint,
            config_dir: host.config_dir,
            created_at: self.now(),
        };
        let new_site = match &site {
            SiteChoice::New(site) => Some(site),
            SiteChoice::There(_) => None,
        };
        self.inner.keeper.offer(id, driver);
        if let Err(error) = store.host_insert(&record, new_site).await {
            self.inner.keeper.withdraw(id);
            return Err(duplicate_is_added_before(error));
        }
        self.inner.keeper.settled().await;
        Ok(facts)
    }

    async fn choose_site(&self, name: &str) -> Result<SiteChoice, Error> {
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

    /// Pins the key that the administrator compared; it must be the one the host shows.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] when the host shows another key;
    /// [`Error::HostUnavailable`].
    pub async fn host_trust_key(&self, ctx: &Ctx, id: HostId, fingerprint: &str) -> Result<(), Error> {
        let mut host = self.host_record(ctx, id).await?;
        let fingerprint = fingerprint.trim().to_owned();
        check::check_fingerprint(&fingerprint)?;
        let core = self.clone();
        self.audited(
            ctx,
            "host_trust_key",
            AuditTarget::new(id, &host.name),
            async move {
                let shown = core.shown_key(&host.address, host.port).await?;
                if shown.fingerprint != fingerprint {
                    return Err(other_key(&shown.fingerprint));
                }
                host.fingerprint = fingerprint;
                let credential = credential::open(&core.inner.sealing_key, id, &host.credential)?;
                let driver = core
                    .inner
                    .connect
                    .open(stored_spec(&host, credential))
                    .map_err(explain)?;
                let stored = core.inner.store.host_set_fingerprint(id, &host.fingerprint).await;
                stored.map_err(duplicate_is_added_before)?;
                // Offered even when the key is the one that was pinned: the worker stopped at another one.
                core.inner.keeper.offer(id, driver);
                core.inner.keeper.settled().await;
                Ok(())
            },
        )
        .await
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
        let host = self.host_record(ctx, id).await?;
        let core = self.clone();
        self.audited(
            ctx,
            "host_set_credential",
            AuditTarget::new(id, &host.name),
            async move {
                let sealed = credential::seal(&core.inner.sealing_key, id, &credential)?;
                let (driver, _) = core.try_host(stored_spec(&host, credential)).await?;
                core.inner.store.host_set_credential(id, &sealed).await?;
                core.inner.keeper.offer(id, driver);
                core.inner.keeper.settled().await;
                Ok(())
            },
        )
        .await
    }

    /// A driver that has reached the host, and what the host said.
    async fn try_host(&self, spec: HostSpec) -> Result<(Arc<dyn Driver>, HostFacts), Error> {
        let driver = self.inner.connect.open(spec).map_err(explain)?;
        match timeout(PROBE_BOUND, driver.probe()).await {
            Ok(Ok(facts)) => Ok((driver, facts)),
            Ok(Err(error)) => Err(explain(error)),
            Err(_) => Err(no_answer()),
        }
    }

    async fn shown_key(&self, address: &str, port: u16) -> Result<HostKey, Error> {
        match timeout(PROBE_BOUND, self.inner.connect.host_key(address, port)).await {
            Ok(Ok(key)) => Ok(key),
            Ok(Err(error)) => Err(explain(error)),
            Err(_) => Err(no_answer()),
        }
    }

    async fn host_record(&self, ctx: &Ctx, id: HostId) -> Result<HostRecord, Error> {
        ctx.require_installation(Permission::Administer)?;
        self.inner.store.host_get(id).await?.ok_or(Error::NotFound)
    }
}

fn spec(site: SiteId, id: HostId, host: &NewHost) -> HostSpec {
    HostSpec {
        site,
        host: id,
        address: host.address.clone(),
        port: host.port,
        user: host.user.clone(),
        credential: host.credential.clone(),
        fingerprint: host.fingerprint.clone(),
        config_dir: host.config_dir.clone(),
    }
}

/// How to reach a stored host.
pub(super) fn stored_spec(host: &HostRecord, credential: Credential) -> HostSpec {
    HostSpec {
        site: host.site,
        host: host.id,
        address: host.address.clone(),
        port: host.port,
        user: host.user.clone(),
        credential,
        fingerprint: host.fingerprint.clone(),
        config_dir: host.config_dir.clone(),
    }
}

/// What a failed connection says about the form that the administrator filled in.
fn explain(error: wxa_driver::Error) -> Error {
    match error.kind {
        ErrorKind::KeyChanged { seen, .. } => other_key(&seen),
        ErrorKind::Unauthenticated => Error::Invalid {
            field: "credential",
            why: error.message,
        },
        ErrorKind::PermissionDenied => Error::Invalid {
            field: "user",
            why: error.message,
        },
        ErrorKind::Internal => Error::internal(error),
        ErrorKind::NotFound
        | ErrorKind::Busy
        | ErrorKind::Refused { .. }
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

fn no_answer() -> Error {
    unavailable(format!(
        "the host did not answer within {} s",
        PROBE_BOUND.as_secs()
    ))
}

fn other_key(seen: &str) -> Error {
    Error::Invalid {
        field: "fingerprint",
        why: format!("the host shows another key: {seen}. Compare it on the host before you trust it"),
    }
}

fn duplicate_is_added_before(error: wxa_store::Error) -> Error {
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
