//! How long something was how: sums over recorded intervals.
use super::{Counts, Maintenance, Standing};
use crate::{ServiceId, UnixMillis};
use serde::{Deserialize, Serialize};

/// A time in which something was in one standing. What no span covers is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// From, inclusive.
    pub from: UnixMillis,
    /// Until, exclusive.
    pub until: UnixMillis,
    /// How it was.
    pub standing: Standing,
}

/// A time that is taken out of availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// From, inclusive.
    pub from: UnixMillis,
    /// Until, exclusive.
    pub until: UnixMillis,
}

/// How long something was how in a range; the sum of all five is the range's length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// Milliseconds up.
    pub up_ms: u64,
    /// Milliseconds degraded: up, with less than all of it.
    pub degraded_ms: u64,
    /// Milliseconds down.
    pub down_ms: u64,
    /// Milliseconds of which something is known, in maintenance that does not count.
    pub maintenance_ms: u64,
    /// Milliseconds of which nothing is known.
    pub unknown_ms: u64,
}

impl Availability {
    /// Adds up a range. Spans come oldest first and do not overlap, windows too (see [`taken_out`]). A window takes out what is
    /// known of its time, whatever it was: nobody knows of the rest whether it was more than maintenance.
    pub fn measure(spans: &[Span], taken_out: &[Window], from: UnixMillis, until: UnixMillis) -> Self {
        let mut sum = Self::default();
        let first = spans.partition_point(|span| span.until <= from);
        let mut end = from;
        for span in spans.iter().skip(first) {
            if span.from >= until {
                break;
            }
            let (begin, stop) = (span.from.max(end), span.until.min(until));
            if begin >= stop {
                continue;
            }
            end = stop;
            if span.standing != Standing::Unknown {
                let out = covered(taken_out, begin, stop);
                sum.maintenance_ms += out;
                *sum.field(span.standing) += stop.since(begin).saturating_sub(out);
            }
        }
        let told = [sum.up_ms, sum.degraded_ms, sum.down_ms, sum.maintenance_ms];
        let told = told.into_iter().fold(0, u64::saturating_add);
        sum.unknown_ms = until.since(from).saturating_sub(told);
        sum
    }

    /// Adds another range to this one.
    pub fn add(&mut self, other: Self) {
        self.up_ms = self.up_ms.saturating_add(other.up_ms);
        self.degraded_ms = self.degraded_ms.saturating_add(other.degraded_ms);
        self.down_ms = self.down_ms.saturating_add(other.down_ms);
        self.maintenance_ms = self.maintenance_ms.saturating_add(other.maintenance_ms);
        self.unknown_ms = self.unknown_ms.saturating_add(other.unknown_ms);
    }

    /// The range's length in milliseconds.
    pub fn all_ms(&self) -> u64 {
        [
            self.up_ms,
            self.degraded_ms,
            self.down_ms,
            self.maintenance_ms,
            self.unknown_ms,
        ]
        .into_iter()
        .fold(0, u64::saturating_add)
    }

    fn field(&mut self, standing: Standing) -> &mut u64 {
        match standing {
            Standing::Up => &mut self.up_ms,
            Standing::Degraded => &mut self.degraded_ms,
            Standing::Down => &mut self.down_ms,
            Standing::Unknown => &mut self.unknown_ms,
        }
    }
}

/// Milliseconds of a range that windows cover, which come in order and do not overlap.
fn covered(windows: &[Window], from: UnixMillis, until: UnixMillis) -> u64 {
    let first = windows.partition_point(|window| window.until <= from);
    let inside = windows
        .iter()
        .skip(first)
        .take_while(|window| window.from < until);
    inside
        .map(|window| window.until.min(until).since(window.from.max(from)))
        .fold(0, u64::saturating_add)
}

/// The times in which maintenance takes a service out of its availability: in order, those that touch made one.
pub fn taken_out(maintenance: &[Maintenance], service: ServiceId) -> Vec<Window> {
    let mut windows: Vec<Window> = maintenance
        .iter()
        .filter(|work| work.counts == Counts::No && work.touches(service) && work.from < work.until)
        .map(|work| Window {
            from: work.from,
            until: work.until,
        })
        .collect();
    windows.sort();
    windows.dedup_by(|next, before| {
        let touches = next.from <= before.until;
        if touches {
            before.until = before.until.max(next.until);
        }
        touches
    });
    windows
}

#[cfg(test)]
mod tests;
