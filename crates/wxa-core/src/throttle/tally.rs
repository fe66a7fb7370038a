//! Counted failures with growing pauses, for a bounded number of subjects.
use std::{collections::HashMap, time::Duration};
use wxa_model::UnixMillis;

/// After so long without a failure, a subject's failures are forgotten.
const FORGET_MS: u64 = 30 * 60 * 1000;
/// How many subjects are remembered.
pub(super) const REMEMBERED: usize = 10_000;

/// How one kind of subject is slowed down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Failures that cost nothing.
    pub(super) free: u32,
    /// The longest pause.
    pub(super) most: Duration,
}

/// The pause after the given number of failures: 1 s after the first that is not free, then doubling.
pub(super) fn pause_after(failures: u32, pace: Pace) -> Duration {
    match failures.saturating_sub(pace.free) {
        0 => Duration::ZERO,
        over => Duration::from_secs(1u64.checked_shl(over - 1).unwrap_or(u64::MAX)).min(pace.most),
    }
}

/// Failures by subject.
#[derive(Debug)]
pub(super) struct Tally {
    pace: Pace,
    entries: HashMap<String, Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    failures: u32,
    last: UnixMillis,
    until: UnixMillis,
}

impl Tally {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            entries: HashMap::new(),
        }
    }

    /// How long the subject has to wait still, in ms.
    pub(super) fn wait(&mut self, subject: &str, now: UnixMillis) -> u64 {
        let Some(entry) = self.entries.get_mut(subject) else {
            return 0;
        };
        if now < entry.last {
            // The clock was set back: the same pause, counted anew by the new time.
            let pause = entry.until.0.saturating_sub(entry.last.0);
            *entry = Entry {
                last: now,
                until: UnixMillis(now.0.saturating_add(pause)),
                ..*entry
            };
        }
        entry.until.0.saturating_sub(now.0)
    }

    /// One failure more.
    pub(super) fn count(&mut self, subject: &str, now: UnixMillis) {
        if !self.entries.contains_key(subject) && self.entries.len() >= REMEMBERED {
            self.make_room(now);
        }
        let entry = self.entries.entry(subject.to_owned()).or_insert(Entry {
            failures: 0,
            last: now,
            until: now,
        });
        if now.0.saturating_sub(entry.last.0) > FORGET_MS {
            entry.failures = 0;
        }
        entry.failures = entry.failures.saturating_add(1);
        entry.last = now;
        let pause = millis(pause_after(entry.failures, self.pace));
        entry.until = UnixMillis(now.0.saturating_add(pause));
    }

    /// One failure less, and no pause.
    pub(super) fn uncount(&mut self, subject: &str) {
        if let Some(entry) = self.entries.get_mut(subject) {
            entry.failures = entry.failures.saturating_sub(1);
            entry.until = entry.last;
        }
    }

    pub(super) fn forget(&mut self, subject: &str) {
        self.entries.remove(subject);
    }

    /// Forgets what is old, and if that is not enough, whoever failed least.
    fn make_room(&mut self, now: UnixMillis) {
        self.entries
            .retain(|_, entry| now.0.saturating_sub(entry.last.0) <= FORGET_MS);
        if self.entries.len() < REMEMBERED {
            return;
        }
        let least = self
            .entries
            .iter()
            .min_by_key(|(_, entry)| (entry.failures, entry.last.0));
        if let Some(subject) = least.map(|(subject, _)| subject.clone()) {
            self.entries.remove(&subject);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// When subjects were last seen; the longest ago is forgotten first.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<String, UnixMillis>);

impl Seen {
    /// It is seen now.
    pub(super) fn note(&mut self, subject: &str, now: UnixMillis) {
        if !self.0.contains_key(subject) && self.0.len() >= REMEMBERED {
            let oldest = self.0.iter().min_by_key(|(_, at)| at.0);
            if let Some(oldest) = oldest.map(|(subject, _)| subject.clone()) {
                self.0.remove(&oldest);
            }
        }
        self.0.insert(subject.to_owned(), now);
    }

    /// Whether it was seen at or after `since_ms`.
    pub(super) fn since(&self, subject: &str, since_ms: u64) -> bool {
        self.0.get(subject).is_some_and(|at| at.0 >= since_ms)
    }
}
