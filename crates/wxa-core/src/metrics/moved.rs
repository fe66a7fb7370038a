//! The same VMs and members under new ids, e.g. in another site: what was measured of them, what they used, what they printed and
//! how they stood comes along, and so do status pages and guest links.
use super::Samples;
use crate::{Core, Error};
use tokio::sync::SemaphorePermit;
use wxa_model::{HostId, SampleBatch, status::Watched};
use wxa_store::metrics::Renamed;

impl Core {
    /// Gives everything that is kept under old ids to new ones. From then on, what is told through `through` under the old
    /// ids, as its connection does until it is made anew, is kept under the new ones.
    ///
    /// # Errors
    /// When a database cannot be written: some of it may be under the new ids then, see [`Self::move_history_back`].
    pub(crate) async fn move_history(&self, through: HostId, renamed: &Renamed) -> Result<(), Error> {
        let _turns = self.history_turns().await?;
        if let Some(metrics) = self.inner.metrics.store() {
            metrics.rename(renamed).await?;
        }
        self.inner.store.usage_move(&renamed.vms).await?;
        self.move_consoles(renamed).await?;
        self.copy_states(renamed).await?;
        self.move_links_and_pages(renamed).await?;
        // Last: while the files have the old ids, what comes has them too.
        self.live().samples.rename(through, renamed);
        Ok(())
    }

    /// Takes back as much as can be of what was moved, wholly or in part.
    ///
    /// # Errors
    /// The first trouble with a database, when all of it was tried.
    pub(crate) async fn move_history_back(&self, through: HostId, renamed: &Renamed) -> Result<(), Error> {
        let back = renamed.back();
        let _turns = self.history_turns().await?;
        self.live().samples.rename(through, &back);
        let filed = match self.inner.metrics.store() {
            Some(metrics) => metrics.rename(&back).await,
            None => Ok(()),
        };
        let used = self.inner.store.usage_move(&back.vms).await;
        let printed = self.move_consoles(&back).await;
        let told = self.move_links_and_pages(&back).await;
        filed.and(used)?;
        printed.and(told)
    }

    /// How they stood: what is copied needs no way back.
    async fn copy_states(&self, renamed: &Renamed) -> Result<(), Error> {
        let vms = renamed.vms.iter();
        let vms = vms.map(|(from, to)| (Watched::Vm(*from), Watched::Vm(*to)));
        let hosts = renamed.hosts.iter();
        let hosts = hosts.map(|(from, to)| (Watched::Host(*from), Watched::Host(*to)));
        let pairs: Vec<_> = vms.chain(hosts).collect();
        Ok(self.inner.status.copy_past(&pairs).await?)
    }

    async fn move_links_and_pages(&self, renamed: &Renamed) -> Result<(), Error> {
        let vms: Vec<_> = renamed.vms.iter().map(|(from, to)| (*from, *to)).collect();
        self.inner.store.console_link_move(&vms).await?;
        self.move_status_members(renamed).await
    }

    /// Nobody may write what was measured or used, or look at what was used, while it is half here and half there.
    async fn history_turns(&self) -> Result<[SemaphorePermit<'_>; 2], Error> {
        let metrics = &self.inner.metrics;
        let ledger = metrics.ledger.acquire().await.map_err(Error::internal)?;
        let filing = metrics.filing.acquire().await.map_err(Error::internal)?;
        Ok([ledger, filing])
    }
}

impl Samples {
    /// What is not written yet of those that have new ids goes there, and so does what comes through `through` under the old
    /// ones from now on. The rings stay as they are, and begin anew with the new ids.
    pub(super) fn rename(&self, through: HostId, renamed: &Renamed) {
        let mut moved = self.moved();
        self.minutes().rename(renamed);
        self.ledger().rename(renamed);
        moved.insert(through, renamed.clone());
    }
}

/// The batch under the ids that it is to be kept under; none where it has them already. Parts of VMs are not kept.
pub(super) fn under_new_ids(
    renamed: &Renamed,
    host: HostId,
    batch: &SampleBatch,
) -> Option<(HostId, SampleBatch)> {
    let is_old = renamed.hosts.contains_key(&host);
    if !is_old && !batch.vms.iter().any(|(vm, _)| renamed.vms.contains_key(vm)) {
        return None;
    }
    let mut batch = batch.clone();
    for (vm, _) in &mut batch.vms {
        *vm = renamed.vms.get(vm).copied().unwrap_or(*vm);
    }
    Some((renamed.hosts.get(&host).copied().unwrap_or(host), batch))
}
