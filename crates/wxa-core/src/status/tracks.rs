//! How everything that is watched stands, and what of its spans is still to be written. Knows no clock.
use super::Stand;
use std::collections::{BTreeMap, HashMap};
use wxa_model::{
    UnixMillis,
    status::{Span, Standing, Watched},
};
use wxa_store::{SpanChange, SpanRecord};

/// Changes that wait while the database cannot be written. Beyond, whole spans that it never saw are forgotten: their time is
/// unknown then.
const MOST_WAITING: usize = 100_000;

/// Everything that is watched.
#[derive(Debug)]
pub(super) struct Tracks {
    tracks: HashMap<Watched, Track>,
    waiting: BTreeMap<(Watched, UnixMillis), Waiting>,
    /// Whether spans are recorded now.
    is_recording: bool,
    is_changed: bool,
    /// Before that nothing can begin of what is first seen: recording began then, or something was removed that may be seen again.
    floor: UnixMillis,
    /// So many may wait.
    room: usize,
}

#[derive(Clone, Copy, Debug)]
struct Track {
    stand: Stand,
    /// When the span began that goes on.
    open: Option<UnixMillis>,
    /// Before that nothing can begin.
    floor: UnixMillis,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    change: SpanChange,
    /// Whether the database has a span that began then.
    is_kept: bool,
}

impl Default for Tracks {
    fn default() -> Self {
        Self {
            tracks: HashMap::new(),
            waiting: BTreeMap::new(),
            is_recording: false,
            is_changed: false,
            floor: UnixMillis(0),
            room: MOST_WAITING,
        }
    }
}

impl Tracks {
    /// Something stands so since `at`. What is told to have been before the present span began is taken for its beginning.
    pub fn set(&mut self, of: Watched, standing: Standing, at: UnixMillis) {
        let track = self.tracks.get(&of).copied();
        if track.is_some_and(|track| track.stand.standing == standing) {
            return;
        }
        let at = at.max(track.map_or(self.floor, |track| track.floor));
        if let Some(track) = track {
            self.end(of, track, at);
        }
        let open = (self.is_recording && standing != Standing::Unknown).then_some(at);
        if open.is_some() {
            self.put(span(of, at, None, standing), Kept::No);
        }
        self.stand(of, standing, Some(at), open, at);
    }

    /// Something is first seen and unknown, since then as far as anybody knows.
    pub fn meet(&mut self, of: Watched, since: Option<UnixMillis>) {
        if !self.tracks.contains_key(&of) {
            self.stand(of, Standing::Unknown, since, None, self.floor);
        }
    }

    /// Something is no longer watched.
    pub fn remove(&mut self, of: Watched, at: UnixMillis) {
        if let Some(track) = self.tracks.remove(&of) {
            let at = at.max(track.floor);
            self.end(of, track, at);
            self.floor = self.floor.max(at);
            self.is_changed = true;
        }
    }

    /// What was before something was first judged, which is at `at`: whole spans, oldest first. When the last one reaches there
    /// and it stands so still, it goes on.
    pub fn remember(&mut self, of: Watched, spans: &[Span], standing: Standing, at: UnixMillis) {
        for past in spans {
            self.put(span(of, past.from, Some(past.until), past.standing), Kept::No);
        }
        match spans.last() {
            Some(last) if last.until == at && last.standing == standing && self.is_recording => {
                self.put(span(of, last.from, None, standing), Kept::No);
                self.stand(of, standing, Some(last.from), Some(last.from), at);
            }
            _ => self.set(of, standing, at),
        }
    }

    /// Recording ended then.
    pub fn pause(&mut self, at: UnixMillis) {
        self.is_recording = false;
        let open: Vec<(Watched, Track)> = self
            .tracks
            .iter()
            .filter(|(_, track)| track.open.is_some())
            .map(|(of, track)| (*of, *track))
            .collect();
        for (of, track) in open {
            self.end(of, track, at.max(track.floor));
            self.tracks.insert(of, Track { open: None, ..track });
        }
    }

    /// Recording begins then, or begins anew.
    pub fn begin(&mut self, at: UnixMillis) {
        self.is_recording = true;
        self.floor = at;
        let all: Vec<(Watched, Track)> = self.tracks.iter().map(|(of, track)| (*of, *track)).collect();
        for (of, Track { stand, .. }) in all {
            if stand.standing == Standing::Unknown {
                self.stand(of, stand.standing, stand.since, None, at);
            } else {
                self.put(span(of, at, None, stand.standing), Kept::No);
                self.stand(of, stand.standing, Some(at), Some(at), at);
            }
        }
    }

    fn stand(
        &mut self,
        of: Watched,
        standing: Standing,
        since: Option<UnixMillis>,
        open: Option<UnixMillis>,
        floor: UnixMillis,
    ) {
        let stand = Stand { standing, since };
        self.tracks.insert(of, Track { stand, open, floor });
        self.is_changed = true;
    }

    fn end(&mut self, of: Watched, track: Track, at: UnixMillis) {
        let Some(began) = track.open else { return };
        if at > began {
            return self.put(span(of, began, Some(at), track.stand.standing), Kept::Yes);
        }
        // It lasted no time at all.
        match self.waiting.get(&(of, began)) {
            Some(Waiting { is_kept: false, .. }) => {
                self.waiting.remove(&(of, began));
            }
            Some(_) | None => {
                let change = SpanChange::Drop { of, began };
                self.waiting.insert(
                    (of, began),
                    Waiting {
                        change,
                        is_kept: true,
                    },
                );
            }
        }
    }

    /// Puts what is to be written in place of what waits; where nothing does, `kept` tells whether the database has it.
    fn put(&mut self, record: SpanRecord, kept: Kept) {
        let key = (record.of, record.began);
        let waiting = self.waiting.get(&key);
        let is_kept = waiting.map_or(kept == Kept::Yes, |waiting| waiting.is_kept);
        let change = SpanChange::Put(record);
        self.waiting.insert(key, Waiting { change, is_kept });
        if self.waiting.len() > self.room {
            self.forget_some();
        }
    }

    fn forget_some(&mut self) {
        let before = self.waiting.len();
        self.waiting
            .retain(|_, waiting| waiting.is_kept || !is_whole(&waiting.change));
        tracing::error!(
            spans = before - self.waiting.len(),
            "the database has not been writable for long: how some things stood meanwhile will be unknown"
        );
        self.room = MOST_WAITING.max(self.waiting.len().saturating_mul(2));
    }

    /// How it stands; none for what is not watched.
    pub fn get(&self, of: Watched) -> Option<Stand> {
        Some(self.tracks.get(&of)?.stand)
    }

    /// Everything that is watched.
    pub fn all(&self) -> impl Iterator<Item = (Watched, Stand)> {
        self.tracks.iter().map(|(of, track)| (*of, track.stand))
    }

    /// Whether something stands differently than when this was asked before.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.is_changed)
    }

    /// Some of what is to be written, or all.
    pub fn waiting(&self, most: usize) -> Vec<SpanChange> {
        let changes = self.waiting.values().take(most);
        changes.map(|waiting| waiting.change).collect()
    }

    /// What is to be written of one.
    pub fn waiting_of(&self, of: Watched) -> impl Iterator<Item = SpanChange> {
        let its = self
            .waiting
            .range((of, UnixMillis(0))..=(of, UnixMillis(u64::MAX)));
        its.map(|(_, waiting)| waiting.change)
    }

    /// Whether nothing is to be written.
    pub fn is_written(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Those were written.
    pub fn written(&mut self, changes: &[SpanChange]) {
        for change in changes {
            let key = match change {
                SpanChange::Put(record) => (record.of, record.began),
                SpanChange::Drop { of, began } => (*of, *began),
            };
            match self.waiting.get_mut(&key) {
                Some(waiting) if waiting.change == *change => {
                    self.waiting.remove(&key);
                }
                Some(waiting) => waiting.is_kept = true,
                None => {}
            }
        }
        self.room = MOST_WAITING;
    }
}

/// Whether the database has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Yes,
    No,
}

fn span(of: Watched, began: UnixMillis, ended: Option<UnixMillis>, standing: Standing) -> SpanRecord {
    SpanRecord {
        of,
        began,
        ended,
        standing,
    }
}

fn is_whole(change: &SpanChange) -> bool {
    matches!(change, SpanChange::Put(SpanRecord { ended: Some(_), .. }))
}

#[cfg(test)]
mod tests;
