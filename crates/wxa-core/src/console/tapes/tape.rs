//! One tape: what is in memory of it, what is still to be written, and how its sources are put together.
use super::{FEW, NARROW, Shared, WIDE, merge::Merge, moments::Moments, told::Told};
use crate::console::{
    history::{History, Read},
    overlap::repeated,
    understanding::Mark,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use wxa_driver::LogPlace;
use wxa_model::{HostId, UnixMillis};
use wxa_store::{
    TapeKey,
    consoles::{MarkRecord, PIECE, PlaceRecord, Printed, TapeRecord, TapeWrite},
};

/// Marks that wait to be written.
const MARKS: usize = 1000;
/// Hosts whose records are told apart for one VM.
const HOSTS: usize = 16;

/// A tape.
#[derive(Debug)]
pub(in crate::console) struct Tape {
    pub(in crate::console) key: TapeKey,
    /// Names it for ever: not 0, and small enough for every kind of number.
    pub(in crate::console) epoch: u64,
    shared: Arc<Shared>,
    state: Mutex<State>,
    /// Where it ends, to wake those who read.
    end: Told,
    /// Up to where it is written, to wake those who wait for room.
    written: Told,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) ring: History,
    /// What was printed before is in the file, or will never be.
    written: u64,
    /// When what is to be written was printed.
    moments: Moments,
    hosts: Vec<HostLog>,
    marks: Vec<MarkRecord>,
    /// Something beside bytes is to be written.
    dirty: bool,
    /// It waits in the list of those to be written.
    pub(super) listed: bool,
    /// Those who look.
    watchers: usize,
    /// The log told something while no console was attached: who attaches may be told it again.
    unseen: bool,
    /// Whether it goes into the file.
    kept: bool,
    /// Where it ended when the console was attached last.
    attached_at: u64,
}

/// What a host's own record of the console has told.
#[derive(Clone, Copy, Debug)]
struct HostLog {
    host: HostId,
    /// Where its record goes on; none before it told anything.
    place: Option<LogPlace>,
    merge: Merge,
}

/// Somebody looks: more of the tape stays in memory.
#[derive(Debug)]
pub(in crate::console) struct Watcher(Arc<Tape>);

impl Drop for Watcher {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.watchers = state.watchers.saturating_sub(1);
        self.0.list(&mut state);
    }
}

impl Tape {
    pub(super) fn new(shared: Arc<Shared>, record: TapeRecord) -> Self {
        let TapeRecord {
            key,
            epoch,
            end,
            places,
            ..
        } = record;
        let hosts = places.into_iter().map(|place| HostLog {
            host: place.host,
            place: Some(LogPlace {
                file: place.file,
                offset: place.offset,
            }),
            merge: Merge::owing(place.owed),
        });
        let capacity = if shared.store.is_some() { NARROW } else { WIDE };
        // What its tags and its host say of it is looked up before anything is written.
        let kept = shared.recording.refusal(key.vm, [].iter()).is_none();
        Self {
            key,
            epoch,
            state: Mutex::new(State {
                ring: History::new(capacity, end),
                written: end,
                moments: Moments::default(),
                hosts: hosts.collect(),
                marks: Vec::new(),
                dirty: false,
                listed: false,
                watchers: 0,
                unseen: false,
                kept,
                attached_at: end,
            }),
            end: Told::default(),
            written: Told::default(),
            shared,
        }
    }

    pub(in crate::console) fn end(&self) -> u64 {
        self.state().ring.end()
    }

    pub(in crate::console) fn watch_end(&self) -> watch::Receiver<u64> {
        let state = self.state();
        self.end.listen(state.ring.end())
    }

    fn watch_written(&self) -> watch::Receiver<u64> {
        let state = self.state();
        self.written.listen(state.written)
    }

    /// Keeps more of it in memory for as long as what this returns.
    pub(in crate::console) fn watch(self: &Arc<Self>) -> Watcher {
        let mut state = self.state();
        state.watchers += 1;
        state.ring.set_capacity(WIDE);
        Watcher(self.clone())
    }

    /// What is in memory from `offset` on.
    pub(in crate::console) fn read(&self, offset: u64, most: usize) -> Read {
        self.state().ring.read(offset, most)
    }

    /// The stretch that is in memory.
    pub(in crate::console) fn in_memory(&self) -> (u64, u64) {
        let state = self.state();
        (state.ring.start(), state.ring.end())
    }

    /// What is in memory of `from..to` and not in the file, when it was printed included.
    pub(in crate::console) fn unwritten(&self, from: u64, to: u64) -> Vec<Printed> {
        let state = self.state();
        let from = from.max(state.written);
        let to = to.min(state.ring.end());
        state.printed(from, to)
    }

    /// The console is attached through a host. Tells whether what comes first may have been told by the host's log already.
    pub(in crate::console) fn attach(&self, host: HostId) -> bool {
        let mut state = self.state();
        state.log(host).merge.attach();
        state.attached_at = state.ring.end();
        std::mem::take(&mut state.unseen)
    }

    /// What came first after attaching: what the host kept for whoever attaches may be on the tape already. `older` is what
    /// stands on it right before that which is in memory.
    pub(in crate::console) fn seen_first(&self, host: HostId, older: &[u8], bytes: &[u8]) {
        let known = {
            let state = self.state();
            let mut known = older.to_vec();
            known.extend(state.ring.between(state.ring.start(), state.attached_at));
            known
        };
        // What the log told since is in the merge's hands.
        let skip = repeated(&known, bytes);
        self.seen(host, bytes.get(skip..).unwrap_or_default());
    }

    /// It is not attached any more. What was printed up to here and what comes next may be of two runs.
    pub(in crate::console) fn detach(&self, host: HostId) {
        let now = self.shared.clock.now();
        let mut state = self.state();
        state.log(host).merge.detach();
        let end = state.ring.end();
        state.moments.seam(end, now);
    }

    /// What an attached console printed.
    pub(in crate::console) fn seen(&self, host: HostId, bytes: &[u8]) {
        let mut state = self.state();
        let state = &mut *state;
        let skip = state.with_log(host, |merge, ring| merge.seen(ring, bytes));
        self.put(state, bytes.get(skip..).unwrap_or_default());
    }

    /// What the host kept of the console before its record was followed, once: it begins the tape.
    pub(in crate::console) fn seed(&self, bytes: &[u8]) {
        let mut state = self.state();
        state.unseen = true;
        self.put(&mut state, bytes);
    }

    /// What the host's own record told of a place in it. The caller has waited for [`Self::room`].
    pub(in crate::console) fn told(&self, host: HostId, mut from: LogPlace, mut bytes: &[u8]) {
        let now = self.shared.clock.now();
        let mut state = self.state();
        let state = &mut *state;
        let end = state.ring.end();
        let log = state.log(host);
        match log.place {
            Some(place) if place.file != from.file => state.moments.seam(end, now),
            // It was told before, by a host that a guest came back to: one that was cut would have said so.
            Some(place) if from.offset < place.offset => {
                let known = usize::try_from(place.offset - from.offset).unwrap_or(usize::MAX);
                bytes = bytes.get(known..).unwrap_or_default();
                from = place;
            }
            None if end > 0 => log.merge = log.merge.first_heard(),
            _ => {}
        }
        if bytes.is_empty() {
            return;
        }
        state.log(host).place = Some(LogPlace {
            file: from.file,
            offset: from.offset.saturating_add(bytes.len() as u64),
        });
        let skip = state.with_log(host, |merge, ring| merge.told(ring, bytes));
        let rest = bytes.get(skip..).unwrap_or_default();
        state.unseen |= !rest.is_empty();
        state.dirty = true;
        self.put(state, rest);
        self.list(state);
    }

    /// The host's own record was read, and nothing of it is to be kept.
    pub(in crate::console) fn passed(&self, host: HostId, from: LogPlace, bytes: u64) {
        let mut state = self.state();
        let log = state.log(host);
        log.place = Some(LogPlace {
            file: from.file,
            offset: from.offset.saturating_add(bytes),
        });
        log.merge.missed(Some(bytes));
        state.dirty = true;
        self.list(&mut state);
    }

    /// The host's own record has a gap. The caller has waited until all is written.
    pub(in crate::console) fn missed(&self, host: HostId, bytes: Option<u64>, at: LogPlace) {
        let mut state = self.state();
        let log = state.log(host);
        log.place = Some(at);
        let (owed, attached) = (log.merge.owed(), log.merge.is_attached());
        log.merge.missed(bytes);
        state.dirty = true;
        // What was seen otherwise is not missing.
        let missing = bytes.map_or(1, |bytes| bytes.saturating_sub(owed));
        if missing > 0 && !attached {
            state.ring.leave_out(missing);
            state.written = state.ring.end();
            state.moments.clear();
            self.end.tell(state.ring.end());
        }
        self.list(&mut state);
    }

    /// Where the host's record goes on; none when it told nothing yet.
    pub(super) fn place(&self, host: HostId) -> Option<LogPlace> {
        let state = self.state();
        state.hosts.iter().find(|log| log.host == host)?.place
    }

    /// A boot between two moments: where its output begins is found, marked and returned.
    pub(super) fn boot(&self, after: UnixMillis, at: UnixMillis) -> u64 {
        let mut state = self.state();
        let end = state.ring.end();
        let offset = state.moments.begin_of(after, at).unwrap_or(end);
        state.marks.push(MarkRecord {
            offset,
            at,
            what: wxa_store::consoles::BOOT.to_owned(),
            value: None,
        });
        state.dirty = true;
        let told = self
            .shared
            .understanding
            .began(self.key.vm, self.key.kind, offset, at);
        state.mark(told);
        self.list(&mut state);
        offset
    }

    /// Marks that are not written yet.
    pub(in crate::console) fn new_marks(&self) -> Vec<MarkRecord> {
        self.state().marks.clone()
    }

    /// Whether what comes goes into the file.
    pub(super) fn set_kept(&self, kept: bool) {
        self.state().kept = kept;
    }

    /// Its guest is not there any more: nothing of it stays in memory that is written.
    pub(super) fn let_go(&self) {
        let mut state = self.state();
        if self.shared.store.is_some() && state.watchers == 0 && state.written == state.ring.end() {
            state.ring.set_capacity(0);
            state.ring.set_capacity(NARROW);
        }
    }

    /// Waits until so many bytes more can come without any being lost; at once where nothing is written.
    pub(in crate::console) async fn room(&self, bytes: usize) {
        let mut written = self.watch_written();
        loop {
            {
                let state = self.state();
                let waiting = usize::try_from(state.ring.end() - state.written).unwrap_or(usize::MAX);
                if self.shared.store.is_none()
                    || waiting == 0
                    || waiting.saturating_add(bytes) <= state.ring.capacity()
                {
                    return;
                }
            }
            self.shared.hurry.notify_one();
            if written.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits until all is written that is there now.
    pub(in crate::console) async fn flushed(&self) {
        let until = self.end();
        let mut written = self.watch_written();
        while self.shared.store.is_some() && *written.borrow_and_update() < until {
            self.shared.hurry.notify_one();
            if written.changed().await.is_err() {
                return;
            }
        }
    }

    /// What is to be written; none when nothing is.
    pub(super) fn take(&self) -> Option<TapeWrite> {
        let mut state = self.state();
        state.listed = false;
        let (from, end) = (state.written, state.ring.end());
        if !state.kept {
            state.wrote(end);
            self.written.tell(end);
        }
        if from == end && !state.dirty {
            state.settle();
            return None;
        }
        let printed = if state.kept {
            state.printed(from, end)
        } else {
            Vec::new()
        };
        state.dirty = false;
        let places = state.hosts.iter().filter_map(|log| {
            let place = log.place?;
            Some(PlaceRecord {
                host: log.host,
                file: place.file,
                offset: place.offset,
                owed: log.merge.owed(),
            })
        });
        Some(TapeWrite {
            key: self.key,
            epoch: self.epoch,
            end,
            printed,
            places: places.collect(),
            marks: state.marks.clone(),
        })
    }

    /// That was written.
    pub(super) fn wrote(&self, write: &TapeWrite) {
        let mut state = self.state();
        state.wrote(write.end);
        // Some may have gone meanwhile, because there were too many.
        let is_written = |mark: &&MarkRecord| write.marks.contains(mark);
        let marks = state.marks.iter().take_while(is_written).count();
        state.marks.drain(..marks);
        state.settle();
        self.written.tell(state.written);
    }

    /// That could not be written.
    pub(super) fn put_back(&self) {
        let mut state = self.state();
        state.dirty = true;
        self.list(&mut state);
    }

    /// Bytes that are set aside in memory.
    #[cfg(test)]
    pub(in crate::console) fn memory(&self) -> usize {
        let state = self.state();
        state.ring.memory() + state.moments.memory()
    }

    fn put(&self, state: &mut State, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let now = self.shared.clock.now();
        let offset = state.ring.end();
        state.moments.printed(offset, now);
        state.ring.push(bytes);
        if self.shared.store.is_none() {
            let end = state.ring.end();
            state.wrote(end);
        } else if state.written < state.ring.start() {
            // The disk does not keep up with a guest that floods: what is lost is counted, and a gap on the tape.
            self.shared.lose(state.ring.start() - state.written);
            let start = state.ring.start();
            state.wrote(start);
        }
        let told = self
            .shared
            .understanding
            .printed(self.key.vm, self.key.kind, offset, now, bytes);
        state.mark(told);
        self.end.tell(state.ring.end());
        self.list(state);
    }

    fn list(&self, state: &mut State) {
        if self.shared.store.is_some() && !state.listed {
            state.listed = true;
            self.shared.list(self.key);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Keeps what was understood with what is written next; where nothing is written, the latest of it.
    fn mark(&mut self, told: Vec<Mark>) {
        self.dirty |= !told.is_empty();
        self.marks.extend(told.into_iter().map(MarkRecord::from));
        let many = self.marks.len().saturating_sub(MARKS);
        self.marks.drain(..many);
    }

    /// What the host's record told; a new one begins where there is none. The longest unheard goes where there are too many.
    fn log(&mut self, host: HostId) -> &mut HostLog {
        let found = self.hosts.iter().position(|log| log.host == host);
        let index = found.unwrap_or_else(|| {
            if self.hosts.len() >= HOSTS {
                self.hosts.remove(0);
            }
            self.hosts.push(HostLog {
                host,
                place: None,
                merge: Merge::default(),
            });
            self.hosts.len() - 1
        });
        // It is there: found, or just added.
        #[expect(clippy::indexing_slicing)]
        &mut self.hosts[index]
    }

    fn with_log(&mut self, host: HostId, act: impl FnOnce(&mut Merge, &History) -> usize) -> usize {
        let mut merge = self.log(host).merge;
        let skip = act(&mut merge, &self.ring);
        self.log(host).merge = merge;
        skip
    }

    fn wrote(&mut self, until: u64) {
        self.written = self.written.max(until).min(self.ring.end());
        self.moments.wrote(self.written);
    }

    /// Lets go of what is more than is kept of a tape that nobody looks at, once it is written.
    fn settle(&mut self) {
        if self.watchers > 0 || self.written < self.ring.end() {
            return;
        }
        if self.ring.capacity() > NARROW {
            self.ring.set_capacity(NARROW);
        }
        // What a host's log tells is compared with what is in memory. What is not kept is nowhere else.
        if self.kept && self.hosts.iter().all(|log| log.place.is_none()) {
            self.ring.rest(FEW);
        }
    }

    fn printed(&self, from: u64, to: u64) -> Vec<Printed> {
        let from = from.max(self.ring.start());
        let mut all = Vec::new();
        for (begin, end, at) in self.moments.of(from, to) {
            let mut place = begin;
            while place < end {
                let next = end.min(place + PIECE as u64);
                all.push(Printed {
                    offset: place,
                    at,
                    bytes: self.ring.between(place, next),
                });
                place = next;
            }
        }
        all
    }
}
