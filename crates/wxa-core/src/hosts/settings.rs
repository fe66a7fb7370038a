//! Changing what a host is called, where it stands, and where its guests' definitions are.
use super::{check, registry::SiteChoice};
use crate::{AuditTarget, Core, Ctx, Error};
use uuid::Uuid;
use wxa_model::{HostId, SiteId, VmId, ids::VmIdentity};
use wxa_store::{HostChange, HostRecord, OwnKey, SiteRecord, metrics::Renamed};

/// What is to be different; none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostSettings {
    /// What to call it.
    pub name: Option<String>,
    /// The site's name; made when it is not there yet.
    pub site: Option<String>,
    /// Folder with guest definitions.
    pub config_dir: Option<String>,
}

impl Core {
    /// Changes a host's record. A new name is shown at once; another site or folder means connecting anew.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] with the field.
    pub async fn host_set(&self, ctx: &Ctx, id: HostId, settings: HostSettings) -> Result<(), Error> {
        let host = self.host_record(ctx, id).await?;
        let name = check::name(settings.name.as_deref().unwrap_or(&host.name))?;
        let config_dir = check::config_dir(
            host.transport,
            settings.config_dir.as_deref().unwrap_or(&host.config_dir),
        )?;
        let site_name = settings.site.as_deref().map(check::site).transpose()?;
        let core = self.clone();
        self.audited(ctx, "host_set", AuditTarget::new(id, &host.name), async move {
            let choice = match &site_name {
                Some(site) => Some(core.choose_site(site).await?),
                None => None,
            };
            let change = HostChange {
                name,
                site: choice.as_ref().map_or(host.site, |choice| choice.record().id),
                config_dir,
            };
            let new_site = match &choice {
                Some(SiteChoice::New(site)) => Some(site),
                _ => None,
            };
            let updated = if change.site == host.site {
                core.inner.store.host_update(id, &change, new_site).await?
            } else {
                core.refuse_second_pool(change.site, host.native_uuid).await?;
                core.move_with_history(&host, &change, new_site).await?
            };
            if !updated {
                return Err(Error::NotFound);
            }
            core.inner.keeper.settled().await;
            Ok(())
        })
        .await
    }

    /// A VM that is known by its UUID is another one in another site, and so is a pool's member.
    fn renamed_in(&self, host: &HostRecord, site: SiteId) -> Renamed {
        let published = self.live().inventory.now();
        let here = |id| {
            published
                .host(id)
                .is_some_and(|(there, _)| there.reached_through() == host.id)
        };
        let members = published.hosts().filter_map(|member| {
            member.kind.pool().filter(|pool| *pool == host.id)?;
            Some((member.id, HostId::of_member(site, member.facts.as_ref()?.uuid?)))
        });
        let vms = published.vms().filter(|vm| here(vm.host)).filter_map(|vm| {
            let by_uuid = |site, uuid: Uuid| VmId::derive(site, host.id, &VmIdentity::Uuid(uuid));
            let uuid = vm.xen_uuid.filter(|uuid| by_uuid(host.site, *uuid) == vm.id)?;
            Some((vm.id, by_uuid(site, uuid)))
        });
        Renamed {
            hosts: members.collect(),
            vms: vms.collect(),
        }
    }

    /// Moves a host to another site with its past, or leaves both where they are. False when there is no such host.
    async fn move_with_history(
        &self,
        host: &HostRecord,
        change: &HostChange,
        new_site: Option<&SiteRecord>,
    ) -> Result<bool, Error> {
        let renamed = self.renamed_in(host, change.site);
        let updated = self
            .update_after_history(host.id, &renamed, change, new_site)
            .await;
        if !matches!(updated, Ok(true))
            && let Err(error) = self.move_history_back(host.id, &renamed).await
        {
            tracing::error!(host = %host.name, %error, "what was measured stays with a site that the host is not in");
        }
        updated
    }

    /// Changes the record when what is said about all that has a new id, what was measured and what it used has come along: a
    /// server that is killed in between has moved it and not lost it.
    async fn update_after_history(
        &self,
        id: HostId,
        renamed: &Renamed,
        change: &HostChange,
        new_site: Option<&SiteRecord>,
    ) -> Result<bool, Error> {
        let hosts = renamed.hosts.iter();
        let hosts = hosts.map(|(from, to)| (OwnKey::Host(*from), OwnKey::Host(*to)));
        let vms = renamed.vms.iter();
        let vms = vms.map(|(from, to)| (OwnKey::Vm(*from), OwnKey::Vm(*to)));
        let pairs: Vec<(OwnKey, OwnKey)> = hosts.chain(vms).collect();
        self.inner.store.own_copy(&pairs).await?;
        for (_, to) in pairs {
            self.publish_own(to).await?;
        }
        self.move_history(id, renamed).await?;
        Ok(self.inner.store.host_update(id, change, new_site).await?)
    }
}
