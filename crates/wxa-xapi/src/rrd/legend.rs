//! What the columns of measurements mean.
mod names;
mod part;
#[cfg(test)]
mod tests;

use super::Row;
use names::{OfHost, OfVm};
use part::{Field, Values};
use std::collections::HashMap;
use wxa_model::{Bytes, HostSample, Part, PartSample, SampleBatch, UnixMillis, VmId, VmSample};

/// Parts of a member and of all that is on it: a thousand VMs with eight each are half of it. Whatever names a member invents,
/// no row of it is larger.
const MOST_PARTS: usize = 16_384;

/// A column that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    HostCpuMean,
    HostMemory,
    HostMemoryFree,
    HostLoad,
    HostRx,
    HostTx,
    VmMemory(usize),
    VmMemoryFree(usize),
    /// A value of the part at that place.
    Part(usize, Field),
}

/// A part that columns tell of.
#[derive(Clone, Debug)]
struct Place {
    /// The place of its VM; none for the member's own.
    vm: Option<usize>,
    part: Part,
}

/// The columns in their order; those that are not used have none.
#[derive(Debug)]
pub(crate) struct Legend {
    columns: Vec<Option<Column>>,
    vms: Vec<VmId>,
    parts: Vec<Place>,
}

impl Legend {
    /// Reads the legend of the member with the UUID `host`; `vm` knows VMs by theirs.
    pub(crate) fn new(legend: &[String], host: &str, vm: impl Fn(&str) -> Option<VmId>) -> Self {
        let mut vms = Vec::new();
        let mut places: HashMap<&str, Option<usize>> = HashMap::new();
        let mut parts = Parts::default();
        let columns = legend
            .iter()
            .map(|entry| {
                let mut words = entry.splitn(4, ':');
                match (words.next()?, words.next()?, words.next()?, words.next()?) {
                    ("AVERAGE", "host", uuid, name) if uuid == host => Some(match names::of_host(name)? {
                        OfHost::CpuMean => Column::HostCpuMean,
                        OfHost::Memory => Column::HostMemory,
                        OfHost::MemoryFree => Column::HostMemoryFree,
                        OfHost::Load => Column::HostLoad,
                        OfHost::Rx => Column::HostRx,
                        OfHost::Tx => Column::HostTx,
                        OfHost::Part(part, field) => Column::Part(parts.place(None, part)?, field),
                    }),
                    ("AVERAGE", "vm", uuid, name) => {
                        let column = names::of_vm(name)?;
                        let place = *places.entry(uuid).or_insert_with(|| {
                            vms.push(vm(uuid)?);
                            Some(vms.len() - 1)
                        });
                        Some(match column {
                            OfVm::Memory => Column::VmMemory(place?),
                            OfVm::MemoryFree => Column::VmMemoryFree(place?),
                            OfVm::Part(part, field) => Column::Part(parts.place(Some(place?), part)?, field),
                        })
                    }
                    _ => None,
                }
            })
            .collect();
        Self {
            columns,
            vms,
            parts: parts.all,
        }
    }

    /// Whether a column of that name may be used.
    pub(crate) fn uses(entry: &str) -> bool {
        let mut words = entry.splitn(4, ':');
        match (words.next(), words.next(), words.nth(1)) {
            (Some("AVERAGE"), Some("host"), Some(name)) => names::of_host(name).is_some(),
            (Some("AVERAGE"), Some("vm"), Some(name)) => names::of_vm(name).is_some(),
            _ => false,
        }
    }

    /// Puts a store's whole name where the legend has the beginning of its UUID only, as far as `name` knows it.
    pub(crate) fn with_stores(mut self, name: impl Fn(&str) -> Option<String>) -> Self {
        for place in &mut self.parts {
            if let Part::Storage(short) = &mut place.part
                && let Some(name) = name(short)
            {
                *short = name;
            }
        }
        self
    }

    /// A row as a batch, its time left out. `cpus` is how many the member has.
    pub(crate) fn batch(&self, row: &Row, cpus: u32) -> SampleBatch {
        let (batch, parts) = self.without_parts(row, cpus);
        SampleBatch {
            parts: self.told(&parts),
            ..batch
        }
    }

    /// The same as a whole: what its parts used is told by their sums only.
    pub(crate) fn sums_of(&self, row: &Row, cpus: u32) -> SampleBatch {
        self.without_parts(row, cpus).0
    }

    fn without_parts(&self, row: &Row, cpus: u32) -> (SampleBatch, Vec<Values>) {
        let mut samples = vec![VmSample::default(); self.vms.len()];
        let mut free: Vec<Option<f64>> = vec![None; self.vms.len()];
        let mut parts = vec![Values::default(); self.parts.len()];
        let mut host = OfMember::default();
        for (column, value) in self.columns.iter().zip(&row.values) {
            let Some(column) = column.as_ref().filter(|_| !value.is_nan()) else {
                continue;
            };
            let value = f64::from(*value).clamp(0.0, MOST);
            match column {
                Column::HostCpuMean => host.mean = Some(value),
                Column::HostMemory => host.memory = Some(value * 1024.0),
                Column::HostMemoryFree => host.free = Some(value * 1024.0),
                Column::HostLoad => host.load = Some(value),
                Column::HostRx => host.rx = Some(value),
                Column::HostTx => host.tx = Some(value),
                Column::VmMemory(place) => {
                    if let Some(sample) = samples.get_mut(*place) {
                        sample.memory = Some(Bytes(value as u64));
                    }
                }
                Column::VmMemoryFree(place) => {
                    if let Some(free) = free.get_mut(*place) {
                        *free = Some(value * 1024.0);
                    }
                }
                Column::Part(place, field) => {
                    if let Some(values) = parts.get_mut(*place) {
                        values.put(*field, value);
                    }
                }
            }
        }
        for (sample, free) in samples.iter_mut().zip(free) {
            sample.memory_used = used(sample.memory, free);
        }
        let (sums, own) = self.sums(&parts);
        for (sample, sum) in samples.iter_mut().zip(sums) {
            sum.tell(sample);
        }
        let batch = SampleBatch {
            at: UnixMillis(0),
            host: host.sample(&own, cpus),
            vms: self
                .vms
                .iter()
                .copied()
                .zip(samples)
                .filter(|(_, sample)| *sample != VmSample::default())
                .collect(),
            parts: Vec::new(),
        };
        (batch, parts)
    }

    /// What all parts of each VM come to, and all of the member's own.
    fn sums(&self, parts: &[Values]) -> (Vec<Values>, Values) {
        let mut sums = vec![Values::default(); self.vms.len()];
        let mut own = Values::default();
        for (place, values) in self.parts.iter().zip(parts) {
            match place.vm {
                Some(vm) => {
                    if let Some(sum) = sums.get_mut(vm) {
                        sum.add(values);
                    }
                }
                // A bond is counted by its interfaces already.
                None if matches!(&place.part, Part::Nic(name) if !name.starts_with("eth")) => {}
                None => own.add(values),
            }
        }
        (sums, own)
    }

    fn told(&self, parts: &[Values]) -> Vec<PartSample> {
        let told = self.parts.iter().zip(parts).map(|(place, values)| PartSample {
            vm: place.vm.and_then(|vm| self.vms.get(vm).copied()),
            part: place.part.clone(),
            values: values.told(),
        });
        told.filter(|part| !part.values.is_empty()).collect()
    }
}

/// Parts by whose and what they are.
#[derive(Default)]
struct Parts {
    all: Vec<Place>,
    by_what: HashMap<(Option<usize>, Part), usize>,
}

impl Parts {
    /// None for a new one beyond the most.
    fn place(&mut self, vm: Option<usize>, part: Part) -> Option<usize> {
        let what = (vm, part);
        if let Some(known) = self.by_what.get(&what) {
            return Some(*known);
        }
        let place = self.all.len();
        if place >= MOST_PARTS {
            return None;
        }
        let part = what.1.clone();
        self.all.push(Place { vm, part });
        self.by_what.insert(what, place);
        Some(place)
    }
}

/// What is told of a member as a whole.
#[derive(Default)]
struct OfMember {
    mean: Option<f64>,
    memory: Option<f64>,
    free: Option<f64>,
    load: Option<f64>,
    rx: Option<f64>,
    tx: Option<f64>,
}

impl OfMember {
    fn sample(&self, parts: &Values, cpus: u32) -> HostSample {
        let mean = self.mean.map(|mean| mean * f64::from(cpus));
        let number = |value: Option<f64>| value.map(|value| value as f32);
        HostSample {
            cpu: number(parts.get(Field::Cpu).or(mean)),
            memory_used: self
                .memory
                .zip(self.free)
                .map(|(all, free)| Bytes((all - free).max(0.0) as u64)),
            disk_read: number(parts.get(Field::Read)),
            disk_write: number(parts.get(Field::Write)),
            net_rx: number(parts.get(Field::Rx).or(self.rx)),
            net_tx: number(parts.get(Field::Tx).or(self.tx)),
            load: number(self.load),
        }
    }
}

/// What a guest uses: its agent tells what is free. One that says that more is free than there is has another moment
/// in mind.
fn used(memory: Option<Bytes>, free: Option<f64>) -> Option<Bytes> {
    let (memory, free) = (memory?.0, free? as u64);
    memory.checked_sub(free).map(Bytes)
}

/// No rate is higher: sums stay finite.
const MOST: f64 = 1e18;
