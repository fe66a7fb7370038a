//! What xentop does not tell, asked for at a slower beat: the host's own load, network and disks every 5 s, and CPU times of
//! each virtual CPU every 10 s, which xentop has in whole seconds only.
use super::{
    LARGE,
    rates::{Counted, rate},
};
use crate::{
    parse::{
        counters::{self, Counters, Devices, DiskCounters},
        cpus::{self, VcpuTime},
    },
    transport::{Connection, Effect, Limits},
    world::World,
};
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use wxa_model::{HostSample, Metric, Part, PartSample, SampleBatch, VmId};

/// The beat.
pub(super) const EVERY: Duration = Duration::from_secs(5);
/// The host's own values hold until the next reading is overdue.
const HOLDS: Duration = Duration::from_secs(12);
/// Every so many beats the CPU times are read, and the host's devices looked for.
const VCPUS: u32 = 2;
const LOOK: u32 = 12;
/// A reading that takes longer is none.
const TIME: Duration = Duration::from_secs(10);
/// Readings that are older are forgotten: what they were of is gone.
const FORGET: Duration = Duration::from_secs(60);

/// What to read this time.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The host's devices; none looks for them first.
    devices: Option<Devices>,
    vcpus: bool,
}

/// What was read. Each is none where the host did not tell.
#[derive(Debug)]
pub(super) struct Reading {
    devices: Option<Devices>,
    counters: Option<(Counters, Instant)>,
    vcpus: Option<(Vec<VcpuTime>, Instant)>,
}

/// Reads it. A host that does not tell is not asked twice: the next beat comes soon.
pub(super) async fn read(connection: &Connection, wanted: Wanted) -> Reading {
    let limits = |stdout| Limits {
        time: TIME,
        stdout,
        effect: Effect::None,
    };
    let own = async {
        let devices = match wanted.devices {
            Some(devices) => devices,
            // Links that lead in circles make it fail, and it tells all the same.
            None => Devices::parse(
                &connection
                    .run(&counters::FIND, limits(256 << 10))
                    .await
                    .ok()?
                    .text(),
            ),
        };
        let files = devices.files();
        let most = counters::BYTES_OF_EACH.to_string();
        let mut words = vec!["head", "-v", "-c", &most, "--"];
        words.extend(files.iter().map(String::as_str));
        let read = connection.run(&words, limits(256 << 10)).await.ok();
        let read = read.map(|output| (devices.counters(&output.stdout), Instant::now()));
        Some((devices, read))
    };
    let vcpus = async {
        if !wanted.vcpus {
            return None;
        }
        let text = connection
            .run(&["xl", "vcpu-list"], limits(4 << 20))
            .await
            .ok()?
            .text();
        Some((cpus::times(&text), Instant::now()))
    };
    // One after the other: sessions are few, and acts need them.
    let (own, vcpus) = (own.await, vcpus.await);
    let (devices, counters) = own.map_or((None, None), |(devices, read)| (Some(devices), read));
    Reading {
        devices,
        counters,
        vcpus,
    }
}

/// What was read before, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Beat {
    beats: u32,
    devices: Option<Devices>,
    nics: Counted<String, (u64, u64)>,
    disks: Counted<String, DiskCounters>,
    vcpus: Counted<(u32, u16), u64>,
    host: HostSample,
    told_at: Option<Instant>,
    /// Parts that no batch has yet.
    parts: Vec<PartSample>,
}

impl Beat {
    /// What is to be read now, on a host with so many domains.
    pub(super) fn next(&mut self, domains: usize) -> Wanted {
        if self.beats.is_multiple_of(LOOK) {
            self.devices = None;
        }
        let wanted = Wanted {
            devices: self.devices.clone(),
            vcpus: self.beats.is_multiple_of(VCPUS) && domains <= LARGE,
        };
        self.beats = self.beats.wrapping_add(1);
        wanted
    }

    /// Takes in what was read.
    pub(super) fn take(&mut self, reading: Reading, world: &World) {
        self.devices = reading.devices;
        self.parts.clear();
        if let Some((counters, at)) = reading.counters {
            self.host = HostSample {
                load: counters.load,
                ..HostSample::default()
            };
            self.told_at = Some(at);
            self.take_nics(counters.nics, at);
            self.take_disks(counters.disks, at);
        }
        if let Some((times, at)) = reading.vcpus {
            self.take_vcpus(&times, at, world);
        }
        let now = Instant::now();
        self.nics.forget_older(now, FORGET);
        self.disks.forget_older(now, FORGET);
        self.vcpus.forget_older(now, FORGET);
    }

    fn take_nics(&mut self, nics: Vec<(String, u64, u64)>, at: Instant) {
        let (mut all_rx, mut all_tx) = (Sum::default(), Sum::default());
        for (name, rx, tx) in nics {
            let Some(((rx_before, tx_before), seconds)) = self.nics.swap(name.clone(), (rx, tx), at) else {
                continue;
            };
            let (rx, tx) = (rate(rx, rx_before, 1, seconds), rate(tx, tx_before, 1, seconds));
            all_rx.add(rx);
            all_tx.add(tx);
            self.part(Part::Nic(name), [(Metric::NetRx, rx), (Metric::NetTx, tx)]);
        }
        (self.host.net_rx, self.host.net_tx) = (all_rx.known(), all_tx.known());
    }

    fn take_disks(&mut self, disks: Vec<(String, DiskCounters)>, at: Instant) {
        let (mut all_read, mut all_written) = (Sum::default(), Sum::default());
        for (name, now) in disks {
            let Some((before, seconds)) = self.disks.swap(name.clone(), now, at) else {
                continue;
            };
            let read = rate(now.sectors_read, before.sectors_read, 512, seconds);
            let written = rate(now.sectors_written, before.sectors_written, 512, seconds);
            all_read.add(read);
            all_written.add(written);
            let values = [
                (Metric::DiskRead, read),
                (Metric::DiskWrite, written),
                (Metric::DiskReadOps, rate(now.reads, before.reads, 1, seconds)),
                (Metric::DiskWriteOps, rate(now.writes, before.writes, 1, seconds)),
                (Metric::DiskLatency, latency(now, before)),
            ];
            self.part(Part::Disk(name), values);
        }
        (self.host.disk_read, self.host.disk_write) = (all_read.known(), all_written.known());
    }

    fn take_vcpus(&mut self, times: &[VcpuTime], at: Instant, world: &World) {
        let vms: HashMap<u32, VmId> = world
            .iter()
            .filter_map(|sighting| Some((sighting.domid?, sighting.vm.id)))
            .collect();
        for time in times {
            let before = self.vcpus.swap((time.domid, time.vcpu), time.tenths, at);
            let used = before.and_then(|(before, seconds)| rate(time.tenths, before, 1, seconds));
            if let (Some(tenths), Some(vm)) = (used, vms.get(&time.domid)) {
                self.parts.push(PartSample {
                    vm: Some(*vm),
                    part: Part::Cpu(time.vcpu),
                    values: vec![(Metric::Cpu, tenths / 10.0)],
                });
            }
        }
    }

    fn part<const N: usize>(&mut self, part: Part, values: [(Metric, Option<f32>); N]) {
        let known = values
            .into_iter()
            .filter_map(|(metric, value)| Some((metric, value?)));
        let values: Vec<_> = known.collect();
        if !values.is_empty() {
            self.parts.push(PartSample {
                vm: None,
                part,
                values,
            });
        }
    }

    /// Adds to a batch what is known beyond it.
    pub(super) fn complete(&mut self, batch: &mut SampleBatch) {
        batch.parts.append(&mut self.parts);
        if self.told_at.is_some_and(|at| at.elapsed() <= HOLDS) {
            batch.host = HostSample {
                cpu: batch.host.cpu,
                memory_used: batch.host.memory_used,
                ..self.host
            };
        }
    }
}

/// The mean time of the requests that were completed in between; none where there were none.
fn latency(now: DiskCounters, before: DiskCounters) -> Option<f32> {
    let since = |now: u64, before: u64| now.checked_sub(before);
    let requests = since(now.reads, before.reads)?.checked_add(since(now.writes, before.writes)?)?;
    let took = since(now.read_ms, before.read_ms)?.checked_add(since(now.write_ms, before.write_ms)?)?;
    (requests > 0).then(|| (took as f64 / 1000.0 / requests as f64) as f32)
}

/// A sum that is known when there is something to add and all of it is known.
#[derive(Debug, Default)]
struct Sum {
    sum: Option<f32>,
    unknown: bool,
}

impl Sum {
    fn add(&mut self, value: Option<f32>) {
        match value {
            Some(value) => self.sum = Some(self.sum.unwrap_or_default() + value),
            None => self.unknown = true,
        }
    }

    fn known(&self) -> Option<f32> {
        self.sum.filter(|_| !self.unknown)
    }
}

#[cfg(test)]
mod tests;
