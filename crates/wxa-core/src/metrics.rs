//! Measurements: the latest of everything, rings as they came, minutes and hours over time, the ledger of what was used,
//! and a stream for whoever looks.
//!
//! One sample's way: the host's worker pushes a batch, rings, the minute under way and the ledger take it, and every feed
//! gets the same shared batch. A feed that is too slow misses batches, which is counted and harms nobody: the next one is
//! complete in itself. A worker writes minutes once they are over (decision 0035).
mod api;
mod belongs;
pub mod bench;
mod columns;
mod export;
mod feed;
mod import;
mod keeper;
mod ledger;
mod minutes;
mod moved;
mod packed;
mod query;
mod range;
mod rings;
mod top;
mod usage;

pub(crate) use belongs::only_own;
pub use export::{MeasuredHost, MeasuredNow, MeasuredVm, OwnFigures, Whereabouts};
pub use feed::SamplesFeed;
pub(crate) use keeper::KeptMetrics;
pub use query::{MetricsAsk, MetricsFrom, MetricsOf, MetricsRange, Parts, RangeSeries};
pub use range::Grid;
pub use top::{Top, TopVm};
pub use usage::DayUsed;

use crate::system::QueueStatus;
use ledger::Ledger;
use minutes::Minutes;
use moved::under_new_ids;
use rings::{Rings, Span, Width};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::broadcast;
use wxa_model::{HostId, Metric, Part, SampleBatch, UnixMillis, VmId, VmSample};
use wxa_store::{SeriesKey, Stat, UsageRecord, metrics::Renamed};

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
    minutes: Mutex<Minutes>,
    ledger: Mutex<Ledger>,
    /// New ids of what is reached through a host, since it was moved to another site.
    moved: Mutex<HashMap<HostId, Renamed>>,
    dropped: AtomicU64,
    taken: AtomicU64,
}

#[derive(Debug)]
struct HostSamples {
    /// The host through which it is measured: itself, or its pool.
    through: HostId,
    latest: Arc<HostBatch>,
    rings: Rings,
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
                minutes: Mutex::default(),
                ledger: Mutex::default(),
                moved: Mutex::default(),
                dropped: AtomicU64::new(0),
                taken: AtomicU64::new(0),
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
            let others =
                hosts
                    .iter()
                    .filter(|(id, _)| **id != host)
                    .fold(Width::default(), |sum, (_, samples)| {
                        let width = samples.rings.width();
                        Width {
                            whole: sum.whole + width.whole,
                            parts: sum.parts + width.parts,
                        }
                    });
            let samples = hosts.entry(host).or_insert_with(|| HostSamples {
                through,
                latest: batch.clone(),
                rings: Rings::default(),
            });
            samples.through = through;
            samples.latest = batch.clone();
            samples.rings.push(&batch.batch, others);
        }
        {
            // Held: nothing is to come under an old id after what was there has gone to the new one.
            let moved = self.moved();
            let anew = moved
                .get(&through)
                .and_then(|moved| under_new_ids(moved, host, &batch.batch));
            let (host, kept) = anew
                .as_ref()
                .map_or((host, &batch.batch), |(host, kept)| (*host, kept));
            self.minutes().take(host, kept);
            self.ledger().take(host, kept);
        }
        let values = batch.batch.vms.len() as u64 + 1;
        self.inner.taken.fetch_add(values, Ordering::Relaxed);
        if self.inner.stream.receiver_count() > 0 {
            // Whoever goes between is fine.
            let _ = self.inner.stream.send(whole_only(batch));
        }
    }

    /// Forgets a host's measurements, and its members', at `now`.
    pub(crate) fn forget(&self, host: HostId, now: UnixMillis) {
        let moved = self.moved().remove(&host).unwrap_or_default();
        let mut hosts = self.hosts();
        for (id, _) in hosts.extract_if(|_, samples| samples.through == host) {
            let kept_as = moved.hosts.get(&id).copied().unwrap_or(id);
            self.ledger().forget(kept_as, now);
        }
    }

    /// Forgets the measurements of those members of `pool` that `which` picks, at `now`.
    pub(crate) fn forget_members(&self, pool: HostId, now: UnixMillis, which: impl Fn(HostId) -> bool) {
        let mut hosts = self.hosts();
        let gone =
            |id: &HostId, samples: &mut HostSamples| samples.through == pool && *id != pool && which(*id);
        for (id, _) in hosts.extract_if(gone) {
            self.ledger().forget(id, now);
        }
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
            .flat_map(|samples| samples.rings.recent(vm))
            .collect();
        all.sort_by_key(|(at, _)| *at);
        all
    }

    /// Since when and how often there are measurements as they came: of these hosts and their members, or of all.
    fn reach(&self, of: Option<&[HostId]>) -> (Option<UnixMillis>, Option<u64>) {
        let hosts = self.hosts();
        let mine = |id: &HostId, samples: &HostSamples| {
            of.is_none_or(|of| of.contains(id) || of.contains(&samples.through))
        };
        let rings: Vec<&Rings> = hosts
            .iter()
            .filter(|(id, samples)| mine(id, samples))
            .map(|(_, samples)| &samples.rings)
            .collect();
        let oldest = rings.iter().filter_map(|rings| rings.oldest()).max();
        (oldest, rings.iter().filter_map(|rings| rings.pace()).max())
    }

    /// A VM's measurements as they came, on whatever host that is reached through one, or on any.
    fn vm_spans(&self, through: Option<HostId>, vm: VmId) -> Vec<Span> {
        let hosts = self.hosts();
        let mine = hosts
            .values()
            .filter(|samples| through.is_none_or(|through| samples.through == through));
        mine.flat_map(|samples| samples.rings.of_vm(vm)).collect()
    }

    /// The parts of a VM.
    fn vm_parts(&self, through: Option<HostId>, vm: VmId) -> Vec<(Part, Vec<Span>)> {
        let hosts = self.hosts();
        let mine = hosts
            .values()
            .filter(|samples| through.is_none_or(|through| samples.through == through));
        let mut parts: std::collections::BTreeMap<Part, Vec<Span>> = Default::default();
        for (part, spans) in mine.flat_map(|samples| samples.rings.parts_of(Some(vm))) {
            parts.entry(part).or_default().extend(spans);
        }
        parts.into_iter().collect()
    }

    fn host_spans(&self, host: HostId) -> Vec<Span> {
        let hosts = self.hosts();
        hosts
            .get(&host)
            .map(|samples| samples.rings.of_host())
            .unwrap_or_default()
    }

    fn host_parts(&self, host: HostId) -> Vec<(Part, Vec<Span>)> {
        let hosts = self.hosts();
        hosts
            .get(&host)
            .map(|samples| samples.rings.parts_of(None))
            .unwrap_or_default()
    }

    /// What of an object is not written yet.
    fn open_minutes(&self, key: &SeriesKey) -> Vec<(u64, Metric, Stat)> {
        self.minutes().of(key)
    }

    /// What a VM used lately.
    fn used(&self, vm: VmId) -> Vec<UsageRecord> {
        self.ledger().of(vm)
    }

    /// Measurements of hosts and VMs since the start.
    pub fn taken(&self) -> u64 {
        self.inner.taken.load(Ordering::Relaxed)
    }

    /// Minutes that could not be written in time since the start.
    pub fn minutes_given_up(&self) -> u64 {
        self.minutes().given_up()
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

    /// Every batch from now on.
    #[cfg(test)]
    fn inner_stream(&self) -> broadcast::Receiver<Arc<HostBatch>> {
        self.inner.stream.subscribe()
    }

    fn minutes(&self) -> MutexGuard<'_, Minutes> {
        self.inner.minutes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.inner.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moved(&self) -> MutexGuard<'_, HashMap<HostId, Renamed>> {
        self.inner.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<HostId, HostSamples>> {
        self.inner.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Parts are asked for, not followed: a stream of them would be most of what waits for slow viewers.
fn whole_only(batch: Arc<HostBatch>) -> Arc<HostBatch> {
    if batch.batch.parts.is_empty() {
        return batch;
    }
    Arc::new(HostBatch {
        host: batch.host,
        batch: SampleBatch {
            at: batch.batch.at,
            host: batch.batch.host,
            vms: batch.batch.vms.clone(),
            parts: Vec::new(),
        },
    })
}

#[cfg(test)]
mod tests;
