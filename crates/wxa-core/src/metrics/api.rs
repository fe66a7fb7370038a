//! Reading measurements.
use super::{HostBatch, SamplesFeed, feed::cut_to};
use crate::{Core, Ctx, Error};
use std::sync::Arc;
use wxa_model::{Key, UnixMillis, VmId, VmSample};

impl Core {
    /// Every batch from now on, as far as the caller may see it.
    pub fn samples_feed(&self, ctx: &Ctx) -> SamplesFeed {
        let live = self.live();
        SamplesFeed::new(live.samples.clone(), live.inventory.clone(), ctx.grants.clone())
    }

    /// The latest batch of every host, as far as the caller may see it: for a first paint.
    pub fn samples_latest(&self, ctx: &Ctx) -> Vec<Arc<HostBatch>> {
        self.samples_latest_of(ctx, &|_| true)
    }

    /// The same with those VMs only that `wanted` picks: rights on the others need not be looked up.
    pub fn samples_latest_of(&self, ctx: &Ctx, wanted: &dyn Fn(VmId) -> bool) -> Vec<Arc<HostBatch>> {
        let published = self.live().inventory.now();
        let latest = self.live().samples.latest();
        latest
            .iter()
            .filter_map(|batch| cut_to(batch, &published, &ctx.grants, wanted))
            .collect()
    }

    /// The last minute of a VM, oldest first; empty while it does not run.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM.
    pub fn samples_recent(&self, ctx: &Ctx, vm: VmId) -> Result<Vec<(UnixMillis, VmSample)>, Error> {
        let published = self.live().inventory.now();
        let (_, place) = published.vm(vm).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        let through = place.reached_through().ok_or(Error::NotFound)?;
        Ok(self.live().samples.recent(through, vm))
    }
}
