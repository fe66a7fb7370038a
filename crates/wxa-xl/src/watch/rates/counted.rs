//! Two readings of a counter, and what came of it per second.
use std::{collections::HashMap, hash::Hash, time::Duration};
use tokio::time::Instant;

/// Two readings further apart than this say nothing about now; closer ones are the same one, late.
const STALE: f32 = 30.0;
const TOO_CLOSE: f32 = 0.1;

/// The seconds between two readings, where they make a rate.
pub(in crate::watch) fn seconds_between(then: Instant, now: Instant) -> Option<f32> {
    let seconds = now.saturating_duration_since(then).as_secs_f32();
    (TOO_CLOSE..=STALE).contains(&seconds).then_some(seconds)
}

/// What was counted per second; none where the counter began again.
pub(in crate::watch) fn rate(now: u64, before: u64, unit: u64, seconds: f32) -> Option<f32> {
    let counted = now.checked_sub(before)?;
    Some(counted.saturating_mul(unit) as f32 / seconds)
}

/// Counters by key, with the moment at which each was read last.
#[derive(Debug)]
pub(in crate::watch) struct Counted<K, V>(HashMap<K, (V, Instant)>);

impl<K, V> Default for Counted<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, V: Copy> Counted<K, V> {
    /// Takes in a reading; the one before, and the seconds since, where that was not too long ago.
    pub(in crate::watch) fn swap(&mut self, key: K, value: V, at: Instant) -> Option<(V, f32)> {
        let (before, then) = self.0.insert(key, (value, at))?;
        Some((before, seconds_between(then, at)?))
    }

    /// Forgets what was last read longer ago than this.
    pub(in crate::watch) fn forget_older(&mut self, at: Instant, age: Duration) {
        self.0
            .retain(|_, (_, then)| at.saturating_duration_since(*then) <= age);
    }
}
