//! The last minute of every VM on a host, in bounded rings.
use std::collections::{HashMap, VecDeque};
use wxa_model::{SampleBatch, UnixMillis, VmId, VmSample};

/// How far back a ring goes.
const KEEP_MS: u64 = 60_000;
/// And how many samples it holds at most, however fast they come.
const KEEP: usize = 64;

/// Rings by VM.
#[derive(Debug, Default)]
pub(super) struct Recent {
    rings: HashMap<VmId, VecDeque<(UnixMillis, VmSample)>>,
}

impl Recent {
    /// Takes a batch and lets go of what is older than a minute; a VM that is not measured any more disappears.
    pub fn push(&mut self, batch: &SampleBatch) {
        for (vm, sample) in &batch.vms {
            self.rings.entry(*vm).or_default().push_back((batch.at, *sample));
        }
        self.rings.retain(|_, ring| {
            while ring.len() > KEEP || ring.front().is_some_and(|(at, _)| batch.at.since(*at) > KEEP_MS) {
                ring.pop_front();
            }
            !ring.is_empty()
        });
    }

    /// The VM's ring, oldest first.
    pub fn of(&self, vm: VmId) -> Vec<(UnixMillis, VmSample)> {
        self.rings
            .get(&vm)
            .map(|ring| ring.iter().copied().collect())
            .unwrap_or_default()
    }
}
