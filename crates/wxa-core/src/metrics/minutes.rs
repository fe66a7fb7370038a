//! The minute under way: smallest, sum, largest and count of everything, until it is written.
use super::rings::{host_row, vm_row};
use std::collections::{BTreeMap, HashMap};
use wxa_model::{HostId, Metric, Part, SampleBatch};
use wxa_store::{SeriesKey, Stat, metrics::Renamed};

/// Milliseconds of a minute.
pub(super) const MINUTE_MS: u64 = 60_000;
/// An hour.
pub(super) const HOUR_MS: u64 = 60 * MINUTE_MS;
/// Measurements of a minute that ended so long ago are not waited for.
const GRACE_MS: u64 = 10_000;
/// Minutes that wait to be written while the database cannot be; older ones are given up, and counted.
const MOST_WAITING: usize = 10;
/// Stores and interfaces of a host that are kept over time.
const MOST_PARTS: usize = 64;

/// A minute's values, by object.
pub(super) type Rows = Vec<(SeriesKey, Vec<(Metric, Stat)>)>;

#[derive(Clone, Copy, Debug)]
struct Sum {
    min: f32,
    max: f32,
    sum: f64,
    count: u32,
}

#[derive(Debug, Default)]
pub(super) struct Minutes {
    open: BTreeMap<u64, HashMap<SeriesKey, Vec<(Metric, Sum)>>>,
    given_up: u64,
}

impl Minutes {
    /// Takes a batch into the minute that its interval ends in.
    pub(super) fn take(&mut self, host: HostId, batch: &SampleBatch) {
        let minute = batch.at.0.saturating_sub(1) / MINUTE_MS;
        let open = self.open.entry(minute).or_default();
        let mut row = Vec::with_capacity(Metric::ALL.len());
        host_row(&batch.host, &mut row);
        add(open, SeriesKey::Host(host), &row);
        for (vm, sample) in &batch.vms {
            vm_row(sample, &mut row);
            add(open, SeriesKey::Vm(*vm), &row);
        }
        let kept = |part: &Part| matches!(part, Part::Storage(_) | Part::Nic(_));
        let parts = batch
            .parts
            .iter()
            .filter(|part| part.vm.is_none() && kept(&part.part));
        for part in parts.take(MOST_PARTS) {
            let known: Vec<_> = part
                .values
                .iter()
                .copied()
                .filter(|(_, value)| value.is_finite())
                .collect();
            add(open, SeriesKey::Part(host, part.part.clone()), &known);
        }
        while self.open.len() > MOST_WAITING {
            self.open.pop_first();
            self.given_up += 1;
        }
    }

    /// Takes out the oldest minute that is over at `now`; one of the future (the clock was set back) is over, too.
    pub(super) fn over(&mut self, now: u64) -> Option<(u64, Rows)> {
        let is_over = |minute: u64| {
            (minute + 1) * MINUTE_MS + GRACE_MS <= now || minute * MINUTE_MS > now + 2 * MINUTE_MS
        };
        let minute = self.open.keys().copied().find(|minute| is_over(*minute))?;
        self.remove(minute)
    }

    /// Takes out the oldest minute, over or not: the server stops.
    pub(super) fn any(&mut self) -> Option<(u64, Rows)> {
        let minute = *self.open.keys().next()?;
        self.remove(minute)
    }

    /// Takes back what could not be written.
    pub(super) fn put_back(&mut self, minute: u64, rows: Rows) {
        if self.open.len() >= MOST_WAITING {
            self.given_up += 1;
            return;
        }
        let open = self.open.entry(minute).or_default();
        for (key, values) in rows {
            let there = open.entry(key).or_default();
            for (metric, stat) in values {
                let sum = Sum {
                    min: stat.min,
                    max: stat.max,
                    sum: f64::from(stat.avg) * f64::from(stat.count),
                    count: stat.count,
                };
                put(there, metric, sum);
            }
        }
    }

    /// What is kept of old ids belongs to new ones.
    pub(super) fn rename(&mut self, renamed: &Renamed) {
        for open in self.open.values_mut() {
            let moved: Vec<(SeriesKey, SeriesKey)> = open
                .keys()
                .filter_map(|key| Some((key.clone(), renamed.of(key)?)))
                .collect();
            for (from, to) in moved {
                let there = open.remove(&from).unwrap_or_default();
                let new = open.entry(to).or_default();
                for (metric, sum) in there {
                    put(new, metric, sum);
                }
            }
        }
    }

    /// The minutes of an object that are not written yet.
    pub(super) fn of(&self, key: &SeriesKey) -> Vec<(u64, Metric, Stat)> {
        let minutes = self
            .open
            .iter()
            .filter_map(|(minute, open)| Some((*minute, open.get(key)?)));
        minutes
            .flat_map(|(minute, values)| {
                values
                    .iter()
                    .map(move |(metric, sum)| (minute, *metric, stat(sum)))
            })
            .collect()
    }

    /// Minutes that could not be written in time.
    pub(super) fn given_up(&self) -> u64 {
        self.given_up
    }

    fn remove(&mut self, minute: u64) -> Option<(u64, Rows)> {
        let open = self.open.remove(&minute)?;
        let rows = open.into_iter().map(|(key, values)| {
            (
                key,
                values.iter().map(|(metric, sum)| (*metric, stat(sum))).collect(),
            )
        });
        Some((minute, rows.collect()))
    }
}

fn add(open: &mut HashMap<SeriesKey, Vec<(Metric, Sum)>>, key: SeriesKey, row: &[(Metric, f32)]) {
    if row.is_empty() {
        return;
    }
    let there = open.entry(key).or_insert_with(|| Vec::with_capacity(row.len()));
    for (metric, value) in row {
        let one = Sum {
            min: *value,
            max: *value,
            sum: f64::from(*value),
            count: 1,
        };
        put(there, *metric, one);
    }
}

fn put(there: &mut Vec<(Metric, Sum)>, metric: Metric, new: Sum) {
    match there.iter_mut().find(|(known, _)| *known == metric) {
        Some((_, known)) => {
            known.min = known.min.min(new.min);
            known.max = known.max.max(new.max);
            known.sum += new.sum;
            known.count = known.count.saturating_add(new.count);
        }
        None => there.push((metric, new)),
    }
}

fn stat(sum: &Sum) -> Stat {
    Stat {
        min: sum.min,
        avg: (sum.sum / f64::from(sum.count.max(1))) as f32,
        max: sum.max,
        count: sum.count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wxa_model::{HostSample, UnixMillis};

    const HOST: HostId = HostId(Uuid::from_u128(1));

    fn batch(at: u64, cpu: f32) -> SampleBatch {
        SampleBatch {
            at: UnixMillis(at),
            host: HostSample {
                cpu: Some(cpu),
                ..HostSample::default()
            },
            ..SampleBatch::default()
        }
    }

    #[test]
    fn a_minute_is_written_once_it_is_over_and_holds_what_ended_in_it() {
        let mut minutes = Minutes::default();
        for (at, cpu) in [(60_001, 1.0), (120_000, 3.0), (120_001, 9.0)] {
            minutes.take(HOST, &batch(at, cpu));
        }
        assert_eq!(minutes.over(129_999), None);
        let stat = Stat {
            min: 1.0,
            avg: 2.0,
            max: 3.0,
            count: 2,
        };
        let rows = vec![(SeriesKey::Host(HOST), vec![(Metric::Cpu, stat)])];
        assert_eq!(minutes.over(130_000), Some((1, rows.clone())));
        assert_eq!(minutes.over(130_000), None);
        minutes.put_back(1, rows.clone());
        assert_eq!(minutes.over(130_000), Some((1, rows)));
    }

    #[test]
    fn a_minute_of_the_future_does_not_wait_for_it() {
        let mut minutes = Minutes::default();
        minutes.take(HOST, &batch(100 * MINUTE_MS, 1.0));
        assert!(minutes.over(5 * MINUTE_MS).is_some());
    }

    #[test]
    fn what_cannot_be_written_does_not_fill_the_memory() {
        let mut minutes = Minutes::default();
        for minute in 1..100u64 {
            minutes.take(HOST, &batch(minute * MINUTE_MS, 1.0));
        }
        assert_eq!((minutes.open.len(), minutes.given_up()), (MOST_WAITING, 89));
    }
}
