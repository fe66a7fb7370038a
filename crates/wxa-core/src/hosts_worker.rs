//! One worker per host: it watches, tells the inventory, and connects anew when the connection is lost.
mod traffic;
mod verdict;
mod worker;

pub use traffic::HostTraffic;

use crate::{
    clock::Clock,
    inventory::{HostRecord, Inventory, InventoryCmd},
    metrics::Samples,
    supervisor::{Restart, Supervisor, WorkerHandle},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;
use wxa_driver::Driver;
use wxa_model::HostId;

/// The attached hosts. Cloning gives another handle.
#[derive(Clone)]
pub struct Hosts {
    inner: Arc<Inner>,
}

struct Inner {
    supervisor: Supervisor,
    inventory: Inventory,
    samples: Samples,
    clock: Arc<dyn Clock>,
    attached: Mutex<HashMap<HostId, Attached>>,
}

struct Attached {
    driver: Arc<dyn Driver>,
    worker: WorkerHandle,
    retry: Arc<Notify>,
    traffic: Arc<traffic::Meter>,
}

impl Hosts {
    /// Without any host yet.
    pub fn new(
        supervisor: Supervisor,
        inventory: Inventory,
        samples: Samples,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                supervisor,
                inventory,
                samples,
                clock,
                attached: Mutex::default(),
            }),
        }
    }

    /// Puts the host into the inventory and keeps it connected through `driver`. A host that is attached already
    /// gets the new record and the new driver, and is connected anew; what was seen on it stays listed, as stale.
    pub async fn attach(&self, record: HostRecord, driver: Arc<dyn Driver>) {
        let id = record.id;
        self.end_worker(id).await;
        let name = format!("host {}", record.name);
        self.inner.inventory.send(InventoryCmd::PutHost(record)).await;
        let retry = Arc::new(Notify::new());
        let traffic = Arc::new(traffic::Meter::default());
        let run = worker::Worker {
            host: id,
            driver: driver.clone(),
            inventory: self.inner.inventory.clone(),
            samples: self.inner.samples.clone(),
            clock: self.inner.clock.clone(),
            retry: retry.clone(),
            traffic: traffic.clone(),
        };
        let worker = self
            .inner
            .supervisor
            .spawn(name, Restart::OnFailure, move |stop| {
                worker::run(run.clone(), stop)
            });
        let replaced = self.attached().insert(
            id,
            Attached {
                driver,
                worker,
                retry,
                traffic,
            },
        );
        // Two callers attached the same host at the same time: the later one wins.
        if let Some(other) = replaced {
            other.worker.stop();
        }
    }

    /// Puts the changed record of an attached host into the inventory; its connection goes on.
    pub async fn rename(&self, record: HostRecord) {
        self.inner.inventory.send(InventoryCmd::PutHost(record)).await;
    }

    /// Ends the connection and takes the host and what was seen on it out of the inventory.
    pub async fn detach(&self, host: HostId) {
        self.end_worker(host).await;
        self.inner.samples.forget(host, self.inner.clock.now());
        self.inner.inventory.send(InventoryCmd::RemoveHost(host)).await;
    }

    /// Tries a host that is down at once.
    pub fn restart(&self, host: HostId) {
        if let Some(attached) = self.attached().get(&host) {
            attached.retry.notify_one();
        }
    }

    /// The driver of an attached host.
    pub fn driver(&self, host: HostId) -> Option<Arc<dyn Driver>> {
        self.attached().get(&host).map(|attached| attached.driver.clone())
    }

    /// What has come from the attached hosts.
    pub fn traffic(&self) -> HashMap<HostId, HostTraffic> {
        let now = self.inner.clock.now();
        let attached = self.attached();
        attached
            .iter()
            .map(|(id, attached)| (*id, attached.traffic.read(now)))
            .collect()
    }

    async fn end_worker(&self, host: HostId) {
        let ended = self.attached().remove(&host);
        if let Some(attached) = ended {
            attached.worker.stop();
            attached.worker.ended().await;
        }
    }

    fn attached(&self) -> MutexGuard<'_, HashMap<HostId, Attached>> {
        self.inner.attached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
