//! The hosts as they are stored, for the command line: it has no inventory.
use super::check;
use crate::{Core, Ctx, Error};
use wxa_model::{HostId, Permission, SiteId, Transport, Trust};

/// A stored host, without any secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEntry {
    /// Its id.
    pub id: HostId,
    /// As the administrator calls it.
    pub name: String,
    /// The site it stands in.
    pub site: SiteId,
    /// That site's name.
    pub site_name: String,
    /// How it is reached: `user@address:port`, with the jump host where there is one, or `this machine`.
    pub address: String,
    /// What kind of host it is.
    pub transport: Transport,
    /// The pinned key, or a pool's certificate; empty where an authority vouches.
    pub fingerprint: String,
    /// By what it is known, in words: its fingerprint, or who vouches.
    pub known_by: String,
}

impl Core {
    /// All stored hosts.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation.
    pub async fn host_list(&self, ctx: &Ctx) -> Result<Vec<HostEntry>, Error> {
        ctx.require_installation(Permission::Administer)?;
        let sites = self.inner.store.site_list().await?;
        let hosts = self.inner.store.host_list().await?;
        let entry = |host: wxa_store::HostRecord| {
            let site = sites.iter().find(|site| site.id == host.site);
            HostEntry {
                id: host.id,
                site: host.site,
                site_name: site.map(|site| site.name.clone()).unwrap_or_default(),
                address: address(&host),
                name: host.name,
                transport: host.transport,
                known_by: match host.trust {
                    Trust::Pin => host.fingerprint.clone(),
                    Trust::System => "by an authority that the server's machine trusts".into(),
                    Trust::Authority { .. } => "by an authority that was given".into(),
                },
                fingerprint: host.fingerprint,
            }
        };
        Ok(hosts.into_iter().map(entry).collect())
    }
}

/// How a stored host is reached, for people.
pub(super) fn address(host: &wxa_store::HostRecord) -> String {
    check::label(
        host.transport,
        (&host.user, &host.address, host.port),
        host.jump.as_ref().map(|jump| (jump.address.as_str(), jump.port)),
    )
}
