//! The hosts as they are stored, for the command line: it has no inventory.
use crate::{Core, Ctx, Error};
use wxa_model::{HostId, Permission, SiteId};

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
    /// `user@address:port`.
    pub address: String,
    /// The pinned key.
    pub fingerprint: String,
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
                name: host.name,
                site: host.site,
                site_name: site.map(|site| site.name.clone()).unwrap_or_default(),
                address: format!("{}@{}:{}", host.user, host.address, host.port),
                fingerprint: host.fingerprint,
            }
        };
        Ok(hosts.into_iter().map(entry).collect())
    }
}
