//! The seam between the hosts' records and what lives on them: every host with its driver.
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wxa_driver::Driver;
use wxa_model::HostId;
use wxa_store::{HostRecord, SiteRecord};

/// The drivers in use.
#[derive(Default)]
pub(crate) struct Attached {
    drivers: Mutex<BTreeMap<HostId, Arc<dyn Driver>>>,
}

impl Attached {
    /// Puts a host to work, in place of what was attached for it before.
    pub(crate) async fn attach(&self, _site: &SiteRecord, host: &HostRecord, driver: Arc<dyn Driver>) {
        self.drivers().insert(host.id, driver);
    }

    /// Lets go of a host.
    pub(crate) async fn detach(&self, host: HostId) {
        self.drivers().remove(&host);
    }

    fn drivers(&self) -> MutexGuard<'_, BTreeMap<HostId, Arc<dyn Driver>>> {
        self.drivers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
