//! What a session's worker and its viewers share.
use super::{ConsoleStatus, HISTORY, VIEWERS, history::History};
use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};
use wxa_model::{ConsoleKind, VmId};

/// Pieces of input that may wait; whoever types faster waits.
const INPUT: usize = 64;

/// One console.
#[derive(Debug)]
pub(super) struct Session {
    pub vm: VmId,
    pub kind: ConsoleKind,
    /// Names the history: not 0, and small enough for every kind of number.
    pub epoch: u64,
    /// Where typed bytes go.
    pub input: mpsc::Sender<Bytes>,
    history: Mutex<History>,
    /// The history's end, to wake viewers. Closed by the worker's end.
    end: watch::Sender<u64>,
    status: watch::Sender<ConsoleStatus>,
    viewers: watch::Sender<Vec<(u64, String)>>,
    closed: watch::Sender<bool>,
}

impl Session {
    /// A session, and the end at which its worker reads what is typed.
    pub fn new(vm: VmId, kind: ConsoleKind) -> (Arc<Self>, mpsc::Receiver<Bytes>) {
        let (input, typed) = mpsc::channel(INPUT);
        let session = Self {
            vm,
            kind,
            epoch: (rand::random::<u64>() >> 12) + 1,
            input,
            history: Mutex::new(History::new(HISTORY)),
            end: watch::Sender::new(0),
            status: watch::Sender::new(ConsoleStatus::Connecting),
            viewers: watch::Sender::new(Vec::new()),
            closed: watch::Sender::new(false),
        };
        (Arc::new(session), typed)
    }

    pub fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds output and wakes the viewers.
    pub fn print(&self, bytes: &[u8]) {
        let end = {
            let mut history = self.history();
            history.push(bytes);
            history.end()
        };
        self.end.send_replace(end);
    }

    pub fn set_status(&self, status: ConsoleStatus) {
        self.status.send_if_modified(|now| {
            let differs = *now != status;
            if differs {
                *now = status;
            }
            differs
        });
    }

    /// Ends the viewers' streams.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    pub fn viewer_count(&self) -> usize {
        self.viewers.borrow().len()
    }

    /// Adds a viewer and returns its number; none when there are too many.
    pub fn join(&self, name: &str) -> Option<u64> {
        let mut number = None;
        self.viewers.send_if_modified(|viewers| {
            if viewers.len() < VIEWERS {
                let next = viewers.last().map_or(0, |(last, _)| last + 1);
                viewers.push((next, name.to_owned()));
                number = Some(next);
            }
            number.is_some()
        });
        number
    }

    pub fn leave(&self, number: u64) {
        self.viewers
            .send_modify(|viewers| viewers.retain(|(other, _)| *other != number));
    }

    pub fn watch_end(&self) -> watch::Receiver<u64> {
        self.end.subscribe()
    }

    pub fn watch_status(&self) -> watch::Receiver<ConsoleStatus> {
        self.status.subscribe()
    }

    pub fn watch_viewers(&self) -> watch::Receiver<Vec<(u64, String)>> {
        self.viewers.subscribe()
    }

    pub fn watch_closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }
}
