//! From xentop's counters to rates. What is not known is none, never zero.
mod counted;

pub(super) use counted::{Counted, rate, seconds_between};

use crate::{
    parse::{
        vbd,
        xentop::{DiskRow, NicRow, Row},
    },
    world::{Sighting, World},
};
use std::collections::HashMap;
use tokio::time::Instant;
use wxa_model::{
    Bytes, HostFacts, HostSample, Metric, Part, PartSample, SampleBatch, UnixMillis, VmId, VmRole, VmSample,
};

/// Devices of one domain that are measured at most.
const MOST_DEVICES: usize = 64;

/// A domain with its devices, as one table tells them.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    pub(super) row: Row,
    nics: Vec<NicRow>,
    disks: Vec<DiskRow>,
}

impl Domain {
    /// One without devices.
    pub(super) fn new(row: Row) -> Self {
        Self {
            row,
            nics: Vec::new(),
            disks: Vec::new(),
        }
    }

    /// Takes in an interface.
    pub(super) fn nic(&mut self, nic: NicRow) {
        if self.nics.len() < MOST_DEVICES {
            self.nics.push(nic);
        }
    }

    /// Takes in a disk.
    pub(super) fn disk(&mut self, disk: DiskRow) {
        if self.disks.len() < MOST_DEVICES {
            self.disks.push(disk);
        }
    }
}

/// Remembers the table before.
#[derive(Debug, Default)]
pub(super) struct Rates {
    before: HashMap<String, (Domain, Instant)>,
}

impl Rates {
    /// Makes one tick of measurements of one table.
    pub(super) fn batch(
        &mut self,
        domains: Vec<Domain>,
        at: Instant,
        now: UnixMillis,
        world: &World,
        facts: Option<&HostFacts>,
    ) -> SampleBatch {
        let mut before = std::mem::take(&mut self.before);
        let mut batch = SampleBatch {
            at: now,
            host: HostSample {
                memory_used: facts
                    .map(|facts| Bytes(facts.memory_total.0.saturating_sub(facts.memory_free.0))),
                ..HostSample::default()
            },
            vms: Vec::with_capacity(domains.len()),
            parts: Vec::new(),
        };
        let mut host_cpu = 0.0;
        let mut control_known = false;
        for domain in domains {
            let name = domain.row.name.clone();
            // A name that was there before may be another run now: its counters start again.
            let last = before
                .remove(&name)
                .filter(|(last, _)| is_same_run(&last.row, &domain.row))
                .and_then(|(last, then)| Some((last, seconds_between(then, at)?)));
            let sighting = world.running(&name);
            let sample = sample(
                &domain.row,
                last.as_ref().map(|(last, s)| (&last.row, *s)),
                sighting,
            );
            if let Some(cpu) = sample.cpu {
                host_cpu += cpu;
                control_known |= name == "Domain-0";
            }
            if let Some(sighting) = sighting {
                batch.vms.push((sighting.vm.id, sample));
                if let Some((last, seconds)) = &last {
                    parts(&mut batch.parts, sighting.vm.id, &domain, last, *seconds);
                }
            }
            self.before.insert(name, (domain, at));
        }
        // Without the control domain the sum would be too small.
        batch.host.cpu = control_known.then_some(host_cpu);
        batch
    }
}

/// Whether nothing counts backwards: else the domain has started again, or a device was taken out, and what was counted
/// since then is not known.
fn is_same_run(before: &Row, now: &Row) -> bool {
    let counters = |row: &Row| {
        [
            row.cpu_seconds,
            row.net_rx_kib,
            row.net_tx_kib,
            row.reads,
            row.writes,
            row.sectors_read,
            row.sectors_written,
        ]
    };
    let mut pairs = counters(before).into_iter().zip(counters(now));
    pairs.all(|(before, now)| before.zip(now).is_none_or(|(before, now)| before <= now))
}

/// A domain's own values.
fn sample(row: &Row, last: Option<(&Row, f32)>, sighting: Option<&Sighting>) -> VmSample {
    let mut sample = VmSample {
        memory: Some(Bytes::kib(row.memory_kib)),
        ..VmSample::default()
    };
    let Some((before, seconds)) = last else {
        return sample;
    };
    let per_second = |now: Option<u64>, before: Option<u64>, unit: u64| rate(now?, before?, unit, seconds);
    sample.cpu = Some(row.cpu_percent / 100.0);
    if counts(row.disks, sighting, |sighting| sighting.vm.disks.is_empty()) {
        sample.disk_read = per_second(row.sectors_read, before.sectors_read, 512);
        sample.disk_write = per_second(row.sectors_written, before.sectors_written, 512);
        sample.disk_read_ops = per_second(row.reads, before.reads, 1);
        sample.disk_write_ops = per_second(row.writes, before.writes, 1);
    }
    if counts(row.nics, sighting, |sighting| sighting.vm.nics.is_empty()) {
        sample.net_tx = per_second(row.net_tx_kib, before.net_tx_kib, 1024);
        sample.net_rx = per_second(row.net_rx_kib, before.net_rx_kib, 1024);
    }
    sample
}

/// Whether a zero is one. xentop counts nothing of the control domain, nor of disks that a QEMU serves: where it counts
/// no device, only a guest that has none does nothing.
fn counts(devices: u32, sighting: Option<&Sighting>, has_none: impl Fn(&Sighting) -> bool) -> bool {
    devices > 0
        || sighting.is_some_and(|sighting| sighting.vm.role != VmRole::ControlDomain && has_none(sighting))
}

/// A domain's devices.
fn parts(out: &mut Vec<PartSample>, vm: VmId, now: &Domain, before: &Domain, seconds: f32) {
    let mut add = |part, values: [(Metric, Option<f32>); 4]| {
        let known = values
            .into_iter()
            .filter_map(|(metric, value)| Some((metric, value?)));
        let values: Vec<_> = known.collect();
        if !values.is_empty() {
            out.push(PartSample {
                vm: Some(vm),
                part,
                values,
            });
        }
    };
    for nic in &now.nics {
        let Some(last) = before.nics.iter().find(|last| last.number == nic.number) else {
            continue;
        };
        let values = [
            (Metric::NetRx, rate(nic.rx, last.rx, 1, seconds)),
            (Metric::NetTx, rate(nic.tx, last.tx, 1, seconds)),
            (Metric::DiskRead, None),
            (Metric::DiskWrite, None),
        ];
        add(Part::Nic(nic.number.to_string()), values);
    }
    for disk in &now.disks {
        let Some(last) = before.disks.iter().find(|last| last.device == disk.device) else {
            continue;
        };
        let values = [
            (
                Metric::DiskRead,
                rate(disk.sectors_read, last.sectors_read, 512, seconds),
            ),
            (
                Metric::DiskWrite,
                rate(disk.sectors_written, last.sectors_written, 512, seconds),
            ),
            (Metric::DiskReadOps, rate(disk.reads, last.reads, 1, seconds)),
            (Metric::DiskWriteOps, rate(disk.writes, last.writes, 1, seconds)),
        ];
        add(Part::Disk(vbd::name(disk.device)), values);
    }
}

#[cfg(test)]
mod tests;
