//! What is in memory of status pages.
use super::{
    members::{Known, Resolved},
    opens::Opens,
    picture::Picture,
    shown::ViewCell,
};
use crate::throttle::Throttle;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{Semaphore, watch};
use wxa_model::StatusPageId;

/// It.
pub(crate) struct StatusPages {
    /// Held by who reads the records anew.
    pub(super) turn: Semaphore,
    picture: watch::Sender<Arc<Picture>>,
    /// Counts what was changed in the records.
    changes: AtomicU64,
    /// Counts readings that failed.
    failures: AtomicU64,
    /// Held by who finds out what services consist of, or changes what is remembered of it.
    pub(super) resolving: Arc<Semaphore>,
    /// What services consisted of when that was last known.
    known: Mutex<Known>,
    /// What they consist of now.
    resolved: Mutex<Arc<Resolved>>,
    views: Mutex<HashMap<StatusPageId, Arc<ViewCell>>>,
    pub(super) opens: Opens,
    /// Wrong links and wrong passwords of links. Not that of accounts: readers who guess never hold up who signs in from the
    /// same network, nor the other way round.
    pub(super) throttle: Throttle,
    revisions: AtomicU64,
}

impl Default for StatusPages {
    fn default() -> Self {
        Self {
            turn: Semaphore::new(1),
            picture: watch::Sender::default(),
            changes: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            resolving: Arc::new(Semaphore::new(1)),
            known: Mutex::default(),
            resolved: Mutex::default(),
            views: Mutex::default(),
            opens: Opens::default(),
            throttle: Throttle::default(),
            // So that what a browser keeps of an earlier run is not taken for today's.
            revisions: AtomicU64::new(rand::random::<u64>() >> 1),
        }
    }
}

impl StatusPages {
    /// What is kept about pages.
    pub(super) fn picture(&self) -> Arc<Picture> {
        self.picture.borrow().clone()
    }

    /// Something was changed in the records.
    pub(super) fn note_change(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// How often something was.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// They could not be read.
    pub(super) fn note_failure(&self) {
        self.failures.fetch_add(1, Ordering::AcqRel);
    }

    /// How often that happened.
    pub(super) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Acquire)
    }

    /// Tells when that was read anew.
    pub(super) fn watch(&self) -> watch::Receiver<Arc<Picture>> {
        self.picture.subscribe()
    }

    /// Puts a picture in the place of the one before, and forgets the views of pages that are gone. One that tells the same has
    /// the same revision: nothing is made anew for it.
    pub(super) fn replace(&self, mut next: Picture) {
        let before = self.picture();
        next.revision = if before.is_read() && before.tells_the_same(&next) {
            before.revision
        } else {
            before.revision.wrapping_add(1)
        };
        let next = Arc::new(next);
        lock(&self.views).retain(|id, _| next.pages.contains_key(id));
        self.picture.send_replace(next);
    }

    /// What services consisted of when that was last known. For who has the turn.
    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }

    /// What services consist of, as it was found last.
    pub(super) fn resolved(&self) -> Arc<Resolved> {
        lock(&self.resolved).clone()
    }

    /// What services consist of was found anew.
    pub(super) fn put_resolved(&self, resolved: Arc<Resolved>) {
        *lock(&self.resolved) = resolved;
    }

    /// Where a page's view is kept.
    pub(super) fn cell(&self, page: StatusPageId) -> Arc<ViewCell> {
        lock(&self.views).entry(page).or_default().clone()
    }

    /// A number that no view had before.
    pub(super) fn next_revision(&self) -> u64 {
        self.revisions.fetch_add(1, Ordering::Relaxed)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
