//! How much a host reports, and whether we keep up.
use std::sync::{Mutex, MutexGuard, PoisonError};
use wxa_model::UnixMillis;

const MINUTE_MS: u64 = 60_000;

/// What has come from a host since it was attached.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HostTraffic {
    /// Events in all.
    pub events: u64,
    /// Events in the last 60 s, about.
    pub events_per_minute: u64,
    /// Events that waited for us when the last one was taken.
    pub waiting: usize,
    /// The most that ever waited.
    pub most_waiting: usize,
    /// How many may wait; the host's watch is held up when there are more, and nothing is dropped.
    pub room: usize,
    /// How often the connection was lost.
    pub lost: u64,
}

#[derive(Debug, Default)]
pub(super) struct Meter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    total: HostTraffic,
    /// The minute that is being counted, since 1970.
    minute: u64,
    in_minute: u64,
    in_minute_before: u64,
}

impl Meter {
    /// An event was taken; `waiting` more wait.
    pub(super) fn count(&self, now: UnixMillis, waiting: usize) {
        let mut state = self.state();
        state.turn(now);
        state.in_minute += 1;
        state.total.events += 1;
        state.total.waiting = waiting;
        state.total.most_waiting = state.total.most_waiting.max(waiting);
    }

    /// The connection was lost.
    pub(super) fn lost(&self) {
        let mut state = self.state();
        state.total.lost += 1;
        state.total.waiting = 0;
    }

    pub(super) fn read(&self, now: UnixMillis) -> HostTraffic {
        let mut state = self.state();
        state.turn(now);
        // The part of the minute before that lies within the last 60 s, as if its events had come evenly.
        let rest = MINUTE_MS - now.0 % MINUTE_MS;
        let before = state.in_minute_before.saturating_mul(rest) / MINUTE_MS;
        HostTraffic {
            events_per_minute: state.in_minute + before,
            room: super::worker::EVENTS,
            ..state.total
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn turn(&mut self, now: UnixMillis) {
        let minute = now.0 / MINUTE_MS;
        if minute == self.minute {
            return;
        }
        self.in_minute_before = if minute == self.minute + 1 {
            self.in_minute
        } else {
            0
        };
        self.in_minute = 0;
        self.minute = minute;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_minute_and_dies_away() {
        let meter = Meter::default();
        let at = |s: u64| UnixMillis(100 * MINUTE_MS + s * 1000);
        for _ in 0..60 {
            meter.count(at(30), 3);
        }
        assert_eq!(meter.read(at(59)).events_per_minute, 60);
        assert_eq!(meter.read(at(60)).events_per_minute, 60);
        assert_eq!(meter.read(at(90)).events_per_minute, 30);
        assert_eq!(meter.read(at(200)).events_per_minute, 0);
        let read = meter.read(at(200));
        assert_eq!((read.events, read.waiting, read.most_waiting), (60, 3, 3));
        meter.lost();
        assert_eq!((meter.read(at(200)).lost, meter.read(at(200)).waiting), (1, 0));
    }
}
