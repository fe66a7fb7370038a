//! What time it is. The first paint uses the server's moment, so that server and browser render the same text; after
//! that a tick a second, corrected by what the server says.
use leptos::prelude::*;
use std::time::Duration;
use wxa_model::UnixMillis;

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

/// The browser's local time of a moment: `14:19`, or `23 Nov 14:19` on another day than `now`.
pub fn local_time(at: UnixMillis, now: UnixMillis) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let date = |moment: UnixMillis| js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(moment.0 as f64));
    let (then, today) = (date(at), date(now));
    let time = format!("{:02}:{:02}", then.get_hours(), then.get_minutes());
    if then.get_date() == today.get_date() && now.since(at) < 86_400_000 {
        return time;
    }
    let month = MONTHS.get(then.get_month() as usize).copied().unwrap_or_default();
    format!("{} {month} {time}", then.get_date())
}
