//! The last minute of measurements, in plain arrays: charts read them when the version signal says so.
use crate::sorted;
use std::collections::{BTreeMap, VecDeque};
use wxa_model::{HostId, HostSample, UnixMillis, VmId, VmSample};
use wxa_wire::{
    Measure, rank_frame,
    sample_frame::{self, SampleRow},
};

/// How many samples are kept of each.
pub const KEPT: usize = 60;

/// Of so many VMs all minutes are kept.
const MANY: usize = 600;

/// Measurements with their moments, oldest first.
type Ring<T> = VecDeque<(UnixMillis, T)>;

/// Measurements of VMs and hosts.
#[derive(Debug, Default)]
pub struct Rings {
    vms: BTreeMap<VmId, Ring<VmSample>>,
    hosts: BTreeMap<HostId, Ring<HostSample>>,
    /// One number of every VM, where a list is in the order of one.
    ranks: Option<(Measure, BTreeMap<VmId, f32>)>,
    /// End of the latest interval, by the server's clock.
    pub at: UnixMillis,
}

impl Rings {
    /// Takes in a frame; false when it is not one.
    pub fn take(&mut self, frame: &[u8]) -> bool {
        let Some((at, rows)) = sample_frame::decode(frame) else {
            return false;
        };
        self.at = self.at.max(at);
        for row in rows {
            match row {
                SampleRow::Vm(id, sample) => push(self.vms.entry(id).or_default(), at, sample),
                SampleRow::Host(id, sample) => push(self.hosts.entry(id).or_default(), at, sample),
            }
        }
        true
    }

    /// Takes in the numbers by which a list is in order; false when it is no frame of them.
    pub fn take_ranks(&mut self, frame: &[u8]) -> bool {
        let Some((measure, values)) = rank_frame::decode(frame) else {
            return false;
        };
        self.ranks = Some((measure, values.into_iter().collect()));
        true
    }

    /// Forgets them: no list is in their order.
    pub fn forget_ranks(&mut self) {
        self.ranks = None;
    }

    /// What a VM is put in order by, where the numbers of all are known: not its latest measurement, which is there of VMs in
    /// sight only and is never as old as those of the others.
    pub fn rank(&self, of: Measure, id: VmId) -> Option<f32> {
        let (measure, values) = self.ranks.as_ref()?;
        (*measure == of).then(|| values.get(&id).copied().unwrap_or(0.0))
    }

    /// The latest of a VM.
    pub fn vm(&self, id: VmId) -> Option<VmSample> {
        self.vms.get(&id)?.back().map(|(_, sample)| *sample)
    }

    /// The latest of a host.
    pub fn host(&self, id: HostId) -> Option<HostSample> {
        self.hosts.get(&id)?.back().map(|(_, sample)| *sample)
    }

    /// A VM's values, oldest first; what is not known is left out.
    pub fn series(&self, id: VmId, value: fn(&VmSample) -> Option<f32>) -> Vec<f32> {
        self.vms
            .get(&id)
            .map(|ring| ring.iter().filter_map(|(_, sample)| value(sample)).collect())
            .unwrap_or_default()
    }

    /// A host's values, oldest first.
    pub fn host_series(&self, id: HostId, value: fn(&HostSample) -> Option<f32>) -> Vec<f32> {
        self.hosts
            .get(&id)
            .map(|ring| ring.iter().filter_map(|(_, sample)| value(sample)).collect())
            .unwrap_or_default()
    }

    /// Of VMs that are not among `shown` only the latest is kept, where there are very many: a minute of each of ten thousand
    /// would be most of the page's memory.
    pub fn keep(&mut self, shown: &[VmId]) {
        if self.vms.len() <= MANY {
            return;
        }
        let shown = sorted::set(shown.iter());
        for (id, ring) in &mut self.vms {
            if !shown.contains(id) && ring.len() > 1 {
                ring.drain(..ring.len() - 1);
                ring.shrink_to_fit();
            }
        }
    }

    /// Forgets a VM that is gone or was stopped: its next run starts with an empty chart.
    pub fn forget(&mut self, id: VmId) {
        self.vms.remove(&id);
    }
}

/// The last minute may come after the latest measurement, and hold it too: each moment stands once, in its place.
fn push<T>(ring: &mut Ring<T>, at: UnixMillis, sample: T) {
    let place = ring.partition_point(|(moment, _)| *moment < at);
    if ring.get(place).is_some_and(|(moment, _)| *moment == at) {
        return;
    }
    ring.insert(place, (at, sample));
    if ring.len() > KEPT {
        ring.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn only_the_last_minute_is_kept() {
        let id = VmId(Uuid::from_u128(1));
        let mut rings = Rings::default();
        for n in 0..100u64 {
            let sample = VmSample {
                cpu: Some(n as f32),
                ..VmSample::default()
            };
            assert!(rings.take(&sample_frame::encode(UnixMillis(n), &[SampleRow::Vm(id, sample)])));
        }
        let cpu = rings.series(id, |s| s.cpu);
        assert_eq!(
            (cpu.len(), cpu.first(), cpu.last()),
            (KEPT, Some(&40.0), Some(&99.0))
        );
        assert_eq!(rings.at, UnixMillis(99));
        assert!(rings.series(id, |s| s.net_rx).is_empty());
        assert!(!rings.take(b"nonsense"));
        rings.forget(id);
        assert_eq!(rings.vm(id), None);
    }

    #[test]
    fn the_minute_before_finds_its_place_behind_the_latest_and_nothing_stands_twice() {
        let id = VmId(Uuid::from_u128(1));
        let mut rings = Rings::default();
        for at in [50u64, 10, 20, 50, 60] {
            let sample = VmSample {
                cpu: Some(at as f32),
                ..VmSample::default()
            };
            rings.take(&sample_frame::encode(
                UnixMillis(at),
                &[SampleRow::Vm(id, sample)],
            ));
        }
        assert_eq!(rings.series(id, |s| s.cpu), [10.0, 20.0, 50.0, 60.0]);
    }
}
