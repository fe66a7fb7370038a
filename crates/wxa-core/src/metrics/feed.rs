//! Measurements as a stream for one caller.
use super::{HostBatch, Samples};
use crate::inventory::{Inventory, Published};
use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
};
use tokio::sync::broadcast::{self, error::RecvError};
use wxa_model::{Grant, HostSample, Key, PartSample, SampleBatch, VmId};

/// Yields every batch without its parts, cut down to what the caller may see.
#[derive(Debug)]
pub struct SamplesFeed {
    samples: Samples,
    stream: broadcast::Receiver<Arc<HostBatch>>,
    inventory: Inventory,
    grants: Arc<[Grant]>,
    missed: u64,
}

impl SamplesFeed {
    pub(super) fn new(samples: Samples, inventory: Inventory, grants: Arc<[Grant]>) -> Self {
        Self {
            stream: samples.inner.stream.subscribe(),
            samples,
            inventory,
            grants,
            missed: 0,
        }
    }

    /// The next batch; none when the server stops. Cancelling the wait loses nothing.
    pub async fn next(&mut self) -> Option<Arc<HostBatch>> {
        self.next_of(&|_| true).await
    }

    /// The same with those VMs only that `wanted` picks: rights on the others need not be looked up for every viewer.
    pub async fn next_of(&mut self, wanted: &(dyn Fn(VmId) -> bool + Sync)) -> Option<Arc<HostBatch>> {
        loop {
            match self.stream.recv().await {
                Ok(batch) => {
                    if let Some(seen) = cut_to(&batch, &self.inventory.now(), &self.grants, wanted) {
                        return Some(seen);
                    }
                }
                Err(RecvError::Lagged(count)) => {
                    self.missed += count;
                    self.samples.inner.dropped.fetch_add(count, Ordering::Relaxed);
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Batches this feed missed by being slow.
    pub fn missed(&self) -> u64 {
        self.missed
    }
}

/// What a holder of `grants` may see of a batch, with those VMs only that are wanted; none for nothing. The host's own figures
/// need the host to be seen.
pub(super) fn cut_to(
    batch: &Arc<HostBatch>,
    published: &Published,
    grants: &[Grant],
    wanted: &dyn Fn(VmId) -> bool,
) -> Option<Arc<HostBatch>> {
    let host_seen = published.sees(grants, Key::Host(batch.host));
    let mine = |vm| published.vm(vm).is_some_and(|(vm, _)| vm.host == batch.host);
    let seen = |vm| wanted(vm) && mine(vm) && published.sees(grants, Key::Vm(vm));
    // A part is seen by who sees its owner. One of a VM that the batch itself does not have is looked up like any other.
    let measured: HashSet<VmId> = batch
        .batch
        .vms
        .iter()
        .map(|(vm, _)| *vm)
        .filter(|vm| seen(*vm))
        .collect();
    let part_seen = |part: &PartSample| match part.vm {
        Some(vm) => measured.contains(&vm) || seen(vm),
        None => host_seen,
    };
    if host_seen && measured.len() == batch.batch.vms.len() && batch.batch.parts.iter().all(part_seen) {
        return Some(batch.clone());
    }
    let vms: Vec<_> = batch
        .batch
        .vms
        .iter()
        .filter(|(vm, _)| measured.contains(vm))
        .copied()
        .collect();
    if vms.is_empty() && !host_seen {
        return None;
    }
    let batch = HostBatch {
        host: batch.host,
        batch: SampleBatch {
            at: batch.batch.at,
            host: if host_seen {
                batch.batch.host
            } else {
                HostSample::default()
            },
            vms,
            parts: batch
                .batch
                .parts
                .iter()
                .filter(|part| part_seen(part))
                .cloned()
                .collect(),
        },
    };
    Some(Arc::new(batch))
}
