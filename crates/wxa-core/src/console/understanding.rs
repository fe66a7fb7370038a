//! What goes on tapes, understood as it comes: how far each guest has come, what went wrong, and how long it took to its login
//! prompt (decision 0050).
mod flow;
mod guest;
mod mark;
mod worker;

pub(crate) use mark::{Mark, What};
pub(super) use worker::{recall_past, tell};

use guest::Guest;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;
use wxa_model::{ConsoleKind, UnixMillis, VmId, console::Understood};

/// By their consoles.
type Guests = HashMap<(VmId, ConsoleKind), Arc<Mutex<Guest>>>;

/// Told of everything that goes on a tape, in order; it returns what is to be marked there. It never waits.
#[derive(Debug)]
pub(crate) struct Understanding {
    guests: Mutex<Guests>,
    news: Mutex<News>,
    came: Notify,
    /// When this run of the server began: what was printed before is read late.
    started: UnixMillis,
}

/// Guests of which there is something new.
#[derive(Debug, Default)]
struct News {
    /// To be told at once.
    now: HashSet<VmId>,
    /// To be told with the next ones that are late: their consoles say too much.
    late: HashSet<VmId>,
}

/// Whether what is new of a guest is told at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum New {
    /// Nothing is new.
    Nothing,
    /// At once.
    Now,
    /// With all that are late.
    Late,
}

impl Understanding {
    /// Nothing is known of any guest yet, at `now`.
    pub(crate) fn new(now: UnixMillis) -> Self {
        Self {
            guests: Mutex::default(),
            news: Mutex::default(),
            came: Notify::new(),
            started: now,
        }
    }

    /// A guest printed `bytes` at `at`, the first of them at `offset`. Where this is not the end of what came before, something is
    /// missing between.
    pub(crate) fn printed(
        &self,
        vm: VmId,
        kind: ConsoleKind,
        offset: u64,
        at: UnixMillis,
        bytes: &[u8],
    ) -> Vec<Mark> {
        if !kind.is_text() {
            return Vec::new();
        }
        let guest = self.guest(vm, kind, offset);
        let (marks, new) = lock(&guest).printed(offset, at, bytes);
        self.tell(vm, new);
        marks
    }

    /// The guest began to run at `at`, and its output of this run begins at `offset`. That may be known only after some of it
    /// was printed.
    pub(crate) fn began(&self, vm: VmId, kind: ConsoleKind, offset: u64, at: UnixMillis) -> Vec<Mark> {
        let guest = self.guest(vm, kind, offset);
        // What it printed while nobody listened has the time of reading: nothing is measured by that.
        let measured = (at >= self.started).then_some(at);
        let (marks, new) = lock(&guest).began(offset, at, measured);
        self.tell(vm, new);
        marks
    }

    /// What was marked in earlier runs of the server, oldest first; the tape ends at `end`.
    pub(super) fn restore(&self, vm: VmId, kind: ConsoleKind, end: u64, marks: &[Mark]) {
        let guest = self.guest(vm, kind, end);
        let new = lock(&guest).restore(marks);
        self.tell(vm, new);
    }

    /// What is known of a guest now: by the console that told something last.
    pub(super) fn understood(&self, vm: VmId) -> Option<Understood> {
        let guests = self.guests();
        let both = [ConsoleKind::Pv, ConsoleKind::Serial].map(|kind| guests.get(&(vm, kind)).cloned());
        drop(guests);
        let told = both
            .into_iter()
            .flatten()
            .filter_map(|guest| lock(&guest).understood());
        told.max_by_key(|told| told.since)
    }

    /// Guests have new ids.
    pub(super) fn rename(&self, vms: &[(VmId, VmId)]) {
        let mut guests = self.guests();
        for (from, to) in vms {
            for kind in [ConsoleKind::Pv, ConsoleKind::Serial] {
                if let Some(guest) = guests.remove(&(*from, kind)) {
                    guests.entry((*to, kind)).or_insert(guest);
                }
            }
        }
        drop(guests);
        for (from, to) in vms {
            self.tell(*from, New::Now);
            self.tell(*to, New::Now);
        }
    }

    /// Whether nothing is known of earlier boots of a guest.
    pub(super) fn lacks_past(&self, vm: VmId, kind: ConsoleKind) -> bool {
        let guest = self.guests().get(&(vm, kind)).cloned();
        guest.is_none_or(|guest| lock(&guest).lacks_past())
    }

    /// The guest is gone. What was marked is on its tape still, should it come back.
    pub(super) fn forget(&self, vm: VmId, kind: ConsoleKind) {
        let known = self.guests().remove(&(vm, kind));
        if known.is_some() {
            self.tell(vm, New::Now);
        }
    }

    /// Takes the guests of which there is something new.
    fn take(&self) -> HashSet<VmId> {
        std::mem::take(&mut self.news().now)
    }

    /// Those that are late are told next.
    fn catch_up(&self) {
        let mut news = self.news();
        let late = std::mem::take(&mut news.late);
        news.now.extend(late);
    }

    fn tell(&self, vm: VmId, new: New) {
        match new {
            New::Nothing => return,
            New::Now => self.news().now.insert(vm),
            New::Late => self.news().late.insert(vm),
        };
        self.came.notify_one();
    }

    fn guest(&self, vm: VmId, kind: ConsoleKind, offset: u64) -> Arc<Mutex<Guest>> {
        let mut guests = self.guests();
        let guest = guests
            .entry((vm, kind))
            .or_insert_with(|| Arc::new(Mutex::new(Guest::new(kind, offset))));
        guest.clone()
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        lock(&self.guests)
    }

    fn news(&self) -> MutexGuard<'_, News> {
        lock(&self.news)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
