//! The machine's clock, which a test can set as an administrator does.
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use wxa_core::{Clock, SystemClock};
use wxa_model::UnixMillis;

/// Runs as the machine's clock does, so far ahead of it (or behind) as it was set.
#[derive(Debug, Default)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// Sets it ahead.
    pub fn ahead(&self, by: Duration) {
        self.0.fetch_add(ms(by), Ordering::SeqCst);
    }

    /// Sets it back.
    pub fn back(&self, by: Duration) {
        self.0.fetch_sub(ms(by), Ordering::SeqCst);
    }
}

fn ms(by: Duration) -> i64 {
    i64::try_from(by.as_millis()).unwrap_or(i64::MAX)
}

impl Clock for SetClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(
            SystemClock
                .now()
                .0
                .saturating_add_signed(self.0.load(Ordering::SeqCst)),
        )
    }
}
