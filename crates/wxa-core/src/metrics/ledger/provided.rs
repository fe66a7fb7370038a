//! Space provided over time: what a VM has whether it runs or not, from the inventory, minute by minute. A size that is not known,
//! and a time in which nobody could tell it, are no space of 0: they are not counted, and the time that is known says so.
use super::{DAY_MS, Ledger, day_of};
use std::collections::HashMap;
use wxa_model::{Bytes, UnixMillis, VmId};
use wxa_store::{Amount, Quantity};

/// The longest time between two looks that a size stands for.
const MOST_MS: u64 = 180_000;

/// What each VM had at the last look.
#[derive(Debug, Default)]
pub(super) struct Provided {
    at: u64,
    /// In MiB, rounded up.
    vms: HashMap<VmId, u64>,
}

impl Provided {
    pub(super) fn rename(&mut self, vms: &HashMap<VmId, VmId>) {
        for (from, to) in vms {
            if let Some(space) = self.vms.remove(from) {
                self.vms.insert(*to, space);
            }
        }
    }
}

impl Ledger {
    /// Counts the space that VMs had since the last look, and remembers what they have now: those of which that is known.
    pub(in crate::metrics) fn provide(&mut self, now: UnixMillis, vms: impl Iterator<Item = (VmId, Bytes)>) {
        let in_mib = |(vm, space): (VmId, Bytes)| (vm, space.0.div_ceil(1 << 20));
        let there: HashMap<VmId, u64> = vms.map(in_mib).collect();
        let before = std::mem::replace(
            &mut self.provided,
            Provided {
                at: now.0,
                vms: there,
            },
        );
        // A clock that was set, or a server that was held up: nothing is known of that time.
        let passed = now.0.saturating_sub(before.at);
        if passed == 0 || passed > MOST_MS {
            return;
        }
        for (vm, space) in before.vms {
            // Who is not there any more was gone at some moment in between.
            if !self.provided.vms.contains_key(&vm) {
                continue;
            }
            let used = self.vms.entry(vm).or_default();
            let mut from = before.at;
            while from < now.0 {
                let day = day_of(from);
                let end = now.0.min((u64::from(day) + 1) * DAY_MS);
                let amount = Amount {
                    units: space.saturating_mul(end - from),
                    known_ms: end - from,
                };
                used.add(day, |used| {
                    used.amounts.entry(Quantity::Storage).or_default().add(amount);
                });
                from = end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::ledger::natural;
    use uuid::Uuid;

    const MIDNIGHT: u64 = 20_000 * DAY_MS;

    fn vm(n: u128) -> VmId {
        VmId(Uuid::from_u128(n))
    }

    fn gib(n: u64) -> Bytes {
        Bytes(n << 30)
    }

    /// GiB-seconds and known milliseconds of a VM, day by day.
    fn told(ledger: &Ledger, of: u128) -> Vec<(f64, u64)> {
        let amount = |used: &wxa_store::UsageDay| used.amounts[&Quantity::Storage];
        let days = ledger.of(vm(of));
        let days = days.iter().map(|record| amount(&record.used));
        days.map(|amount| {
            let bytes = natural(Quantity::Storage, amount.units);
            (bytes / f64::from(1 << 30), amount.known_ms)
        })
        .collect()
    }

    #[test]
    fn space_is_counted_for_the_time_that_it_is_known_on_the_days_that_it_is_had() {
        let mut ledger = Ledger::default();
        for second in (0..=120).step_by(60) {
            let now = UnixMillis(MIDNIGHT - 60_000 + second * 1000);
            ledger.provide(now, [(vm(1), gib(20)), (vm(2), gib(1))].into_iter());
        }
        assert_eq!(told(&ledger, 1), [(1200.0, 60_000), (1200.0, 60_000)]);
        // It is as large as it was until it is seen to be larger.
        let now = |minute: u64| UnixMillis(MIDNIGHT + minute * 60_000);
        ledger.provide(now(2), [(vm(1), gib(40))].into_iter());
        ledger.provide(now(3), [(vm(1), gib(40))].into_iter());
        assert_eq!(told(&ledger, 1)[1], (1200.0 + 1200.0 + 2400.0, 180_000));
        assert_eq!(told(&ledger, 2).len(), 2, "its size is not known any more");
        assert_eq!(told(&ledger, 2)[1], (60.0, 60_000));
    }

    #[test]
    fn a_clock_that_is_set_and_a_long_silence_count_nothing() {
        let mut ledger = Ledger::default();
        let mut look = |at: u64| ledger.provide(UnixMillis(at), [(vm(1), gib(1))].into_iter());
        let begin = MIDNIGHT + 1_000_000;
        for at in [
            begin,
            begin + 60_000,
            begin + 900_000_000,
            begin + 60_000,
            begin + 120_000,
        ] {
            look(at);
        }
        assert_eq!(told(&ledger, 1), [(120.0, 120_000)]);
    }
}
