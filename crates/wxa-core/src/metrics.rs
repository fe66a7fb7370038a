//! Measurements: the latest of everything, the last minute of every VM, and a stream for whoever looks.
//!
//! One sample's way: the host's worker pushes a batch, rings take it, and every feed gets the same shared batch. A
//! feed that is too slow misses batches, which is counted and harms nobody: the next one is complete in itself.
mod api;
mod feed;
mod recent;
mod top;

pub use feed::SamplesFeed;
pub use top::{Top, TopVm};

use crate::system::QueueStatus;
use recent::Recent;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::broadcast;
use wxa_model::{HostId, SampleBatch, UnixMillis, VmId, VmSample};

/// Batches a feed may be behind.
const BEHIND: usize = 256;

/// One tick of one host's measurements.
#[derive(Clone, Debug, PartialEq)]
pub struct HostBatch {
    /// Whose.
    pub host: HostId,
    /// What.
    pub batch: SampleBatch,
}

/// Access to the measurements. Cloning gives another handle.
#[derive(Clone, Debug)]
pub struct Samples {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    stream: broadcast::Sender<Arc<HostBatch>>,
    hosts: Mutex<HashMap<HostId, HostSamples>>,
    dropped: AtomicU64,
}

#[derive(Debug)]
struct HostSamples {
    /// The host through which it is measured: itself, or its pool.
    through: HostId,
    latest: Arc<HostBatch>,
    recent: Recent,
}

impl Default for Samples {
    fn default() -> Self {
        Self::new()
    }
}

impl Samples {
    /// Without any measurement yet.
    pub fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                stream: broadcast::channel(BEHIND).0,
                hosts: Mutex::default(),
                dropped: AtomicU64::new(0),
            }),
        }
    }

    /// Takes a batch. Never waits.
    pub(crate) fn push(&self, host: HostId, batch: SampleBatch) {
        self.push_through(host, host, batch);
    }

    /// Takes a batch of a pool's member. Never waits.
    pub(crate) fn push_through(&self, through: HostId, host: HostId, batch: SampleBatch) {
        let batch = Arc::new(HostBatch { host, batch });
        {
            let mut hosts = self.hosts();
            let samples = hosts.entry(host).or_insert_with(|| HostSamples {
                through,
                latest: batch.clone(),
                recent: Recent::default(),
            });
            samples.through = through;
            samples.latest = batch.clone();
            samples.recent.push(&batch.batch);
        }
        // Nobody listening is fine.
        let _ = self.inner.stream.send(batch);
    }

    /// Forgets a host's measurements, and its members'.
    pub(crate) fn forget(&self, host: HostId) {
        self.hosts().retain(|_, samples| samples.through != host);
    }

    /// Forgets the measurements of those members of `pool` that `which` picks.
    pub(crate) fn forget_members(&self, pool: HostId, which: impl Fn(HostId) -> bool) {
        self.hosts()
            .retain(|id, samples| samples.through != pool || *id == pool || !which(*id));
    }

    /// The latest batch of every host.
    pub(crate) fn latest(&self) -> Vec<Arc<HostBatch>> {
        self.hosts()
            .values()
            .map(|samples| samples.latest.clone())
            .collect()
    }

    /// The last minute of a VM that is reached through a host, oldest first, whatever member of a pool it was on.
    pub(crate) fn recent(&self, through: HostId, vm: VmId) -> Vec<(UnixMillis, VmSample)> {
        let mut all: Vec<_> = self
            .hosts()
            .values()
            .filter(|samples| samples.through == through)
            .flat_map(|samples| samples.recent.of(vm))
            .collect();
        all.sort_by_key(|(at, _)| *at);
        all
    }

    /// Batches that slow feeds missed since the start.
    pub fn dropped(&self) -> u64 {
        self.inner.dropped.load(Ordering::Relaxed)
    }

    /// How far the slowest feed is behind, and what slow ones missed.
    pub(crate) fn queue(&self) -> QueueStatus {
        QueueStatus {
            name: "measurements",
            waiting: self.inner.stream.len(),
            room: BEHIND,
            dropped: self.dropped(),
        }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<HostId, HostSamples>> {
        self.inner.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
