//! Which time is recorded: the clock against the time that really passed. Pure.
//!
//! No time is recorded twice, whatever the clock does: what was recorded first stands. A clock that jumped ahead, or a server
//! that was stopped for a while, leaves a gap of which nothing is known.
use wxa_model::UnixMillis;
use wxa_store::PeriodRecord;

/// When nobody looked for longer, nothing is known of the time. The worker looks every 5 s, and may wait for the database.
const TOLERANCE_MS: u64 = 30_000;
/// A clock that goes back by no more is waited for; one that gains more on the time that passed was set.
const SET_MS: u64 = 5_000;

/// The periods that are recorded, the present one last.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// Those that are over, in the order in which they began to be recorded.
    over: Vec<PeriodRecord>,
    /// None while a time is told that was recorded before.
    present: Option<PeriodRecord>,
    /// When the present period ends because a time begins that was recorded before.
    limit: Option<UnixMillis>,
}

/// What became of the present period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Turned {
    /// It ended then.
    pub ended: Option<UnixMillis>,
    /// Another one began then.
    pub began: Option<UnixMillis>,
}

impl Timeline {
    /// After periods of earlier runs.
    pub fn new(over: Vec<PeriodRecord>) -> Self {
        Self {
            over,
            present: None,
            limit: None,
        }
    }

    /// The clock tells `now`, `passed_ms` after it was asked before.
    pub fn advance(&mut self, now: UnixMillis, passed_ms: u64) -> Turned {
        let ended = self
            .present
            .and_then(|present| self.end_of(present, now, passed_ms));
        match (ended, &mut self.present) {
            (None, Some(present)) => {
                present.known = present.known.max(now);
                return Turned::default();
            }
            (Some(known), Some(present)) => self.over.push(PeriodRecord { known, ..*present }),
            (_, None) => {}
        }
        self.present = self.is_free(now).then_some(PeriodRecord {
            began: now,
            known: now,
        });
        let later = self.over.iter().map(|period| period.began);
        self.limit = later.filter(|began| *began > now).min();
        Turned {
            ended,
            began: self.present.map(|present| present.began),
        }
    }

    /// When the present period ended; none while it goes on.
    fn end_of(&self, present: PeriodRecord, now: UnixMillis, passed_ms: u64) -> Option<UnixMillis> {
        let looked = passed_ms <= TOLERANCE_MS;
        let expected = UnixMillis(present.known.0.saturating_add(passed_ms));
        let was_set = present.known.since(now) > SET_MS || now.since(expected) > SET_MS;
        let is_at_limit = self.limit.is_some_and(|limit| now >= limit);
        if looked && !was_set && !is_at_limit {
            return None;
        }
        let ended = if looked { expected } else { present.known };
        Some(self.limit.map_or(ended, |limit| ended.min(limit)))
    }

    /// Whether no period covers a moment, its ends included.
    fn is_free(&self, now: UnixMillis) -> bool {
        !self
            .over
            .iter()
            .any(|period| period.began <= now && now <= period.known)
    }

    /// The present period; none while nothing is recorded.
    pub fn present(&self) -> Option<PeriodRecord> {
        self.present
    }

    /// Those of earlier runs and of this one that are over, in the order in which they began to be recorded.
    pub fn over(&self) -> &[PeriodRecord] {
        &self.over
    }

    /// Up to when spans that go on are known, for a reader at `now`: the recorder looks every few seconds.
    pub fn known(&self, now: UnixMillis) -> Option<UnixMillis> {
        let known = self.present?.known;
        let most = UnixMillis(known.0.saturating_add(TOLERANCE_MS));
        let limit = self.limit.unwrap_or(most);
        Some(now.clamp(known, most.min(limit).max(known)))
    }
}

/// Before when spans are older than `kept_ms`, proven by so much time having been recorded since: a clock that is wrong by years
/// makes nothing old. None while nothing is.
pub(super) fn too_old(periods: &[PeriodRecord], kept_ms: u64) -> Option<UnixMillis> {
    let mut recorded: u64 = 0;
    let mut oldest = UnixMillis(u64::MAX);
    for period in periods.iter().rev() {
        recorded = recorded.saturating_add(period.known.since(period.began));
        if let Some(more) = recorded.checked_sub(kept_ms) {
            let cut = UnixMillis(period.began.0.saturating_add(more));
            return Some(cut.min(oldest));
        }
        oldest = oldest.min(period.began);
    }
    None
}

#[cfg(test)]
mod tests;
