//! What time it is. The first paint uses the server's moment, so that server and browser render the same text; after
//! that a tick a second, corrected by what the server says.
pub mod zone;

use leptos::prelude::*;
use std::time::Duration;
use wxa_model::{Preferences, UnixMillis};

/// The page's clock.
#[derive(Clone, Copy)]
pub struct Clock {
    /// The server's time, each second.
    pub now: RwSignal<UnixMillis>,
    /// Whether the browser has taken over: only then may local times be shown.
    pub local: RwSignal<bool>,
    ahead_ms: StoredValue<f64>,
}

impl Clock {
    /// Stands at `now` until it is started.
    pub fn new(now: UnixMillis) -> Self {
        Self {
            now: RwSignal::new(now),
            local: RwSignal::new(false),
            ahead_ms: StoredValue::new(0.0),
        }
    }

    /// Starts ticking. In the browser only.
    pub fn start(self) {
        self.server_says(self.now.get_untracked());
        self.local.set(true);
        set_interval(move || self.tick(), Duration::from_secs(1));
    }

    /// Corrects the clock by the server's.
    pub fn server_says(self, now: UnixMillis) {
        self.ahead_ms.set_value(now.0 as f64 - js_sys::Date::now());
        self.tick();
    }

    fn tick(self) {
        let now = js_sys::Date::now() + self.ahead_ms.get_value();
        self.now.set(UnixMillis(now.max(0.0) as u64));
    }
}

/// What a wall clock and a calendar show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The year.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
}

/// A moment as the reader wants it written, in their time zone: `14:19`, or `23 Nov 14:19` on another day than `now`.
pub fn local_time(at: UnixMillis, now: UnixMillis, preferences: &Preferences) -> String {
    let moment = |at| zone::moment(at, &preferences.time_zone);
    crate::format::moment(moment(at), moment(now))
}
