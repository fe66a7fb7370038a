//! Helpers for tests, here and in crates that ask for the feature `testing`.
use crate::Clock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wxa_model::UnixMillis;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: UnixMillis) -> Self {
        Self(AtomicU64::new(now.0))
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    /// Sets it back, as an administrator or a time server does.
    pub fn set_back(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.0.fetch_sub(by, Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    /// A clock at some moment of 2026.
    fn default() -> Self {
        Self::at(UnixMillis(1_790_000_000_000))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }
}
