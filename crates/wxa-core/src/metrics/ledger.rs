//! The ledger: what every VM used, day by day, counted once and only as far as it was measured.
//!
//! A measurement is a rate, made whole (millionths of a CPU, KiB, bytes per second, thousandths of a request per second), and
//! what was used is that rate times the milliseconds that it stands for: whole numbers, so that the sum of any parts is
//! the whole. An interval stands for the time since the host's measurement before, at most [`MOST_MS`]; no moment counts
//! twice for a VM, whichever member of a pool tells it. Longer silence is time that nothing is known of, and so is the time
//! that the server did not run. Days are those of UTC.
mod provided;

use std::collections::{HashMap, HashSet};
use wxa_model::{HostId, SampleBatch, UnixMillis, VmId, VmSample};
use wxa_store::{Amount, Quantity, UsageDay, UsageRecord, metrics::Renamed};

const DAY_MS: u64 = 86_400_000;
/// The longest time that a measurement stands for: three of XAPI's intervals.
pub(super) const MOST_MS: u64 = 15_000;
/// A clock that is set back by more than this begins anew; less is a measurement that came late, and is not counted.
const JUMP_MS: u64 = 60_000;
/// Who was measured so shortly before the server stopped was running then.
const RAN_MS: u64 = 120_000;
/// No silence counts for more.
const MOST_UNKNOWN_MS: u64 = 31 * DAY_MS;
/// A VM that was not measured for so long is looked up in the database when it comes back.
const FORGET_MS: u64 = 2 * DAY_MS;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    hosts: HashMap<HostId, HostTold>,
    vms: HashMap<VmId, VmUsed>,
    /// When the run before ended, as far as anything tells.
    ended: Option<UnixMillis>,
    /// Up to when each VM was measured in the run before, until something is heard of it.
    before: HashMap<VmId, u64>,
    /// The space that VMs have.
    provided: provided::Provided,
}

/// The latest of a host.
#[derive(Debug)]
struct HostTold {
    at: UnixMillis,
    /// Its first batch in this run.
    first: UnixMillis,
    vms: HashSet<VmId>,
}

/// When it was heard where a VM is that does not run, or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// With the first measurements of its host.
    With(HostId),
    /// At this look.
    Now,
    /// Not in this run.
    NotYet,
}

#[derive(Debug, Default)]
struct VmUsed {
    /// Up to here it is counted, as known or as unknown. 0 for one that no run has told of yet.
    until: u64,
    /// Whether it was measured in this run.
    is_measured: bool,
    /// What is not in the database yet: one day, around midnight two.
    days: Vec<(u32, UsageDay)>,
}

impl Ledger {
    /// Goes on from the latest days of the run before.
    pub(super) fn restore(&mut self, records: &[UsageRecord]) {
        for record in records {
            let until = record.used.until;
            self.ended = self.ended.max(Some(until));
            let before = self.before.entry(record.vm).or_default();
            *before = until.0.max(*before);
            let used = self.vms.entry(record.vm).or_default();
            if !used.is_measured {
                used.until = used.until.max(until.0);
            }
        }
    }

    /// Takes a host's batch.
    pub(super) fn take(&mut self, host: HostId, batch: &SampleBatch) {
        let at = batch.at;
        let before = self.hosts.get(&host).map(|told| told.at);
        let first = self.hosts.get(&host).map_or(at, |told| told.first);
        if before.is_some_and(|before| at <= before && before.since(at) <= JUMP_MS) {
            return;
        }
        let now: HashSet<VmId> = batch.vms.iter().map(|(vm, _)| *vm).collect();
        let told = self.hosts.insert(host, HostTold { at, first, vms: now });
        match before {
            Some(before) if at > before && at.since(before) <= MOST_MS => {
                for (vm, sample) in &batch.vms {
                    self.vms
                        .entry(*vm)
                        .or_default()
                        .count(before.0, at.0, Some(sample));
                }
            }
            Some(before) if at > before => {
                // Whoever ran before or after the silence may have run through it.
                let earlier = told.into_iter().flat_map(|told| told.vms);
                let all: HashSet<VmId> = earlier.chain(batch.vms.iter().map(|(vm, _)| *vm)).collect();
                for vm in all {
                    self.vms.entry(vm).or_default().count(before.0, at.0, None);
                }
            }
            Some(_) => {
                // The clock was set back: what it shows from now on is time that was not counted yet.
                for used in self.vms.values_mut() {
                    used.until = used.until.min(at.0);
                }
            }
            None => {
                for (vm, _) in &batch.vms {
                    self.first(*vm, at);
                }
            }
        }
        for (vm, _) in &batch.vms {
            if let Some(used) = self.vms.get_mut(vm) {
                used.is_measured = true;
            }
        }
    }

    /// The first that this run hears of a VM on a host.
    fn first(&mut self, vm: VmId, at: UnixMillis) {
        let ended = self.ended;
        let used = self.vms.entry(vm).or_default();
        let is_new = !std::mem::replace(&mut used.is_measured, true);
        if let Some(ended) = ended.filter(|_| is_new) {
            let ran = used.until > 0 && used.until + RAN_MS >= ended.0;
            let from = if ran { used.until } else { ended.0 };
            used.count(from, at.0, None);
        }
        // Ahead of the clock: it was set back while the server did not run.
        if used.until > at.0 + JUMP_MS || used.until < at.0 {
            used.until = at.0;
        }
    }

    /// Takes out what is to be added to the database.
    pub(super) fn take_out(&mut self, now: UnixMillis) -> Vec<UsageRecord> {
        let mut records = Vec::new();
        for (vm, used) in &mut self.vms {
            let days = std::mem::take(&mut used.days).into_iter();
            records.extend(days.map(|(day, used)| UsageRecord { vm: *vm, day, used }));
        }
        self.vms.retain(|_, used| used.until + FORGET_MS > now.0);
        records.sort_unstable_by_key(|record| (record.day, record.vm));
        records
    }

    /// Takes back what could not be added.
    pub(super) fn put_back(&mut self, records: &[UsageRecord]) {
        for record in records {
            let used = self.vms.entry(record.vm).or_default();
            used.add(record.day, |used| used.add(&record.used));
        }
    }

    /// What of a VM is not in the database yet.
    pub(super) fn of(&self, vm: VmId) -> Vec<UsageRecord> {
        let days = self.vms.get(&vm).into_iter().flat_map(|used| &used.days);
        days.map(|(day, used)| UsageRecord {
            vm,
            day: *day,
            used: used.clone(),
        })
        .collect()
    }

    /// What is counted under old ids is counted under new ones.
    pub(super) fn rename(&mut self, renamed: &Renamed) {
        for (from, to) in &renamed.vms {
            let Some(used) = self.vms.remove(from) else {
                continue;
            };
            let new = self.vms.entry(*to).or_default();
            new.until = new.until.max(used.until);
            new.is_measured |= used.is_measured;
            for (day, used) in &used.days {
                new.add(*day, |there| there.add(used));
            }
        }
        for (from, to) in &renamed.vms {
            if let Some(until) = self.before.remove(from) {
                self.before.entry(*to).or_insert(until);
            }
        }
        self.provided.rename(&renamed.vms);
        for (from, to) in &renamed.hosts {
            if let Some(told) = self.hosts.remove(from) {
                self.hosts.entry(*to).or_insert(told);
            }
        }
        for told in self.hosts.values_mut() {
            let new = |vm: &VmId| renamed.vms.get(vm).copied().unwrap_or(*vm);
            told.vms = told.vms.iter().map(new).collect();
        }
    }

    /// A host is not registered any more, or its pool has it no more. What ran there by its last word may have run until now.
    pub(super) fn forget(&mut self, host: HostId, now: UnixMillis) {
        let Some(told) = self.hosts.remove(&host) else {
            return;
        };
        if now > told.at {
            for vm in told.vms {
                self.vms.entry(vm).or_default().count(told.at.0, now.0, None);
            }
        }
    }

    /// VMs that ran when the server stopped and do not run any more: they may have run until it was heard where they are.
    pub(super) fn settle(&mut self, now: UnixMillis, heard: impl Fn(VmId) -> Heard) {
        let ended = self.ended.unwrap_or_default().0;
        let Self {
            hosts, vms, before, ..
        } = self;
        before.retain(|vm, until| {
            let ran = *until > 0 && *until + RAN_MS >= ended;
            if !ran || vms.get(vm).is_some_and(|used| used.is_measured) {
                return false;
            }
            let heard = match heard(*vm) {
                Heard::With(host) => hosts.get(&host).map(|told| told.first),
                Heard::Now => Some(now),
                Heard::NotYet => None,
            };
            let Some(heard) = heard else { return true };
            vms.entry(*vm)
                .or_default()
                .count(*until, heard.0.max(*until), None);
            false
        });
    }

    /// How many VMs it holds.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.vms.len()
    }
}

impl VmUsed {
    /// Adds to what is counted of a day.
    fn add(&mut self, day: u32, add: impl FnOnce(&mut UsageDay)) {
        if let Some((_, used)) = self.days.iter_mut().find(|(known, _)| *known == day) {
            return add(used);
        }
        let mut used = UsageDay::default();
        add(&mut used);
        self.days.reserve_exact(1);
        self.days.push((day, used));
    }

    /// Counts the time from `from` to `to`, as far as it is not counted yet; without a sample, as unknown.
    fn count(&mut self, from: u64, to: u64, sample: Option<&VmSample>) {
        let mut from = from.max(self.until).max(to.saturating_sub(MOST_UNKNOWN_MS));
        while from < to {
            let day = day_of(from);
            let end = to.min((u64::from(day) + 1) * DAY_MS);
            self.add(day, |used| {
                match sample {
                    Some(sample) => charge(used, end - from, sample),
                    None => used.unknown_ms += end - from,
                }
                used.until = UnixMillis(end);
            });
            from = end;
        }
        self.until = self.until.max(to);
    }
}

fn charge(day: &mut UsageDay, ms: u64, sample: &VmSample) {
    for (quantity, rate) in rates(sample) {
        let amount = Amount {
            units: rate.saturating_mul(ms),
            known_ms: ms,
        };
        day.amounts.entry(quantity).or_default().add(amount);
    }
}

/// The rates that are known, in whole units per millisecond of the ledger.
fn rates(sample: &VmSample) -> impl Iterator<Item = (Quantity, u64)> {
    let whole = |value: Option<f32>, per: f64| {
        let value = value.filter(|value| value.is_finite() && *value >= 0.0)?;
        Some((f64::from(value) * per).round() as u64)
    };
    [
        (Quantity::Cpu, whole(sample.cpu, 1e6)),
        (Quantity::Memory, sample.memory.map(|memory| memory.0 >> 10)),
        (Quantity::DiskRead, whole(sample.disk_read, 1.0)),
        (Quantity::DiskWrite, whole(sample.disk_write, 1.0)),
        (Quantity::DiskReadOps, whole(sample.disk_read_ops, 1e3)),
        (Quantity::DiskWriteOps, whole(sample.disk_write_ops, 1e3)),
        (Quantity::NetRx, whole(sample.net_rx, 1.0)),
        (Quantity::NetTx, whole(sample.net_tx, 1.0)),
    ]
    .into_iter()
    .filter_map(|(quantity, rate)| Some((quantity, rate?)))
}

/// An amount in the unit that people count in: CPU-seconds, byte-seconds, bytes, requests.
pub(super) fn natural(quantity: Quantity, units: u64) -> f64 {
    let units = units as f64;
    match quantity {
        Quantity::Cpu => units / 1e9,
        Quantity::Memory => units * 1024.0 / 1e3,
        // MiB for milliseconds: space is counted more coarsely, there is more of it.
        Quantity::Storage => units * 1_048_576.0 / 1e3,
        Quantity::DiskRead | Quantity::DiskWrite | Quantity::NetRx | Quantity::NetTx => units / 1e3,
        Quantity::DiskReadOps | Quantity::DiskWriteOps => units / 1e6,
    }
}

fn day_of(ms: u64) -> u32 {
    u32::try_from(ms / DAY_MS).unwrap_or(u32::MAX - 2)
}

#[cfg(test)]
mod tests;
