//! What xenstore tells of domains. A guest writes to its own part of it as fast as it likes, and a watch on all domains
//! hears all of it; so a watch that is flooded is narrowed to what no guest can write, and full looks tell the rest.
use super::stream::{End, Stream, Told};
use crate::{
    parse::watch_line,
    transport::{AtEnd, Connection},
};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until};
use wxa_driver::Error;

/// What tells of domains that come and go. Only the host's tools can make it fire.
const NARROW: [&str; 3] = ["xenstore-watch", "@introduceDomain", "@releaseDomain"];
/// With names and memory, and with all that guests write.
const WIDE: [&str; 4] = [
    "xenstore-watch",
    "@introduceDomain",
    "@releaseDomain",
    "/local/domain",
];
/// A start makes 80 lines; more than so many in one second, several seconds in a row, are no host at work.
const NOISE: u32 = 1000;
const NOISY_SECONDS: u32 = 3;
/// How long a watch stays narrow, or is left alone after it failed.
const QUIET: Duration = Duration::from_secs(60);

/// The stream, and how far it reaches.
pub(super) struct Store<'a> {
    stream: Stream<'a>,
    wide: bool,
    noise: Noise,
    /// When it is tried again with the full reach.
    widen_at: Option<Instant>,
}

/// What was heard.
#[derive(Debug)]
pub(super) enum Heard {
    /// It hears from now on: what was before is for a look to tell.
    Opened,
    /// Something about domains may have changed.
    News,
    /// Something else.
    Nothing,
    /// It is being flooded.
    Flooded,
    /// It is time to try the full reach again.
    Widen,
    /// It cannot be had, or ended.
    Ended(Error),
    /// The connection is gone.
    Lost(Error),
}

impl<'a> Store<'a> {
    /// Starts it with its full reach.
    pub(super) fn open(connection: &'a Arc<Connection>) -> Self {
        let mut store = Self {
            stream: Stream::new(connection),
            wide: true,
            noise: Noise::default(),
            widen_at: None,
        };
        store.widen();
        store
    }

    /// Whether it tells all that it can.
    pub(super) fn is_wide(&self) -> bool {
        self.wide && self.stream.is_wanted()
    }

    /// The next thing. Safe to cancel.
    pub(super) async fn next(&mut self) -> Heard {
        let told = tokio::select! {
            told = self.stream.next() => told,
            () = at(self.widen_at) => return Heard::Widen,
        };
        match told {
            Told::Opened => Heard::Opened,
            Told::Line(line) if watch_line::is_news(&line) => Heard::News,
            Told::Line(_) if self.noise.is_flood(Instant::now()) => Heard::Flooded,
            Told::Line(_) => Heard::Nothing,
            Told::Ended(End::NotOpened(error) | End::Command(error)) => Heard::Ended(error),
            Told::Ended(End::Lost(error)) => Heard::Lost(error),
        }
    }

    /// Hears only what no guest can write, for a while; nothing at all where even that is a flood.
    pub(super) fn narrow(&mut self) {
        if self.wide {
            tracing::warn!("a guest floods xenstore: watching only what comes and goes, looking more often");
            self.start(&NARROW, false);
        } else {
            self.stream.stop();
        }
        self.widen_at = Some(Instant::now() + QUIET);
    }

    /// Hears everything again.
    pub(super) fn widen(&mut self) {
        self.start(&WIDE, true);
        self.widen_at = None;
    }

    /// Does without it for a while.
    pub(super) fn do_without(&mut self, why: &Error) {
        tracing::warn!(%why, "xenstore-watch cannot be had: looking more often instead");
        self.stream.stop();
        self.widen_at = Some(Instant::now() + QUIET);
    }

    fn start(&mut self, words: &'static [&'static str], wide: bool) {
        self.stream.ask(words, AtEnd::HangUp);
        self.noise = Noise::default();
        self.wide = wide;
    }
}

/// Counts lines that mean nothing.
#[derive(Debug, Default)]
struct Noise {
    second: Option<Instant>,
    lines: u32,
    noisy: u32,
}

impl Noise {
    /// Counts one more; true when it has been too much for too long.
    fn is_flood(&mut self, now: Instant) -> bool {
        let began = *self.second.get_or_insert(now);
        let passed = now.saturating_duration_since(began).as_secs();
        if passed > 0 {
            let goes_on = passed == 1 && self.lines > NOISE;
            self.noisy = if goes_on { self.noisy + 1 } else { 0 };
            (self.second, self.lines) = (Some(now), 0);
        }
        self.lines = self.lines.saturating_add(1);
        self.noisy >= NOISY_SECONDS
    }
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_flood_that_goes_on_counts() {
        let start = Instant::now();
        let flooded = |per_second: u64, seconds: u64| {
            let mut noise = Noise::default();
            (0..seconds * per_second).any(|line| {
                let at = start + Duration::from_micros(line * 1_000_000 / per_second);
                noise.is_flood(at)
            })
        };
        assert!(!flooded(800, 60), "many guests that start");
        assert!(!flooded(50_000, 3), "a burst");
        assert!(flooded(50_000, 5));
        assert!(flooded(1200, 5));
    }
}
