//! What a session's worker and its viewers share.
use super::{
    ConsoleStatus,
    presence::Presence,
    tapes::{Tape, Tapes},
    typist::Piece,
};
use std::sync::Arc;
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use wxa_model::{ConsoleKind, VmId};

/// Pieces of input that may wait; whoever types faster waits.
const INPUT: usize = 64;

/// One console.
#[derive(Debug)]
pub(super) struct Session {
    pub vm: VmId,
    pub kind: ConsoleKind,
    /// What it prints goes there, and viewers read from there.
    pub tape: Arc<Tape>,
    pub tapes: Tapes,
    /// Where typed bytes go.
    pub input: mpsc::Sender<Piece>,
    /// Who is here, and who types.
    pub presence: Presence,
    status: watch::Sender<ConsoleStatus>,
    closed: watch::Sender<bool>,
    /// It stays attached though nobody looks.
    kept: watch::Sender<bool>,
    /// Let go of until then, by whom.
    released: watch::Sender<Option<Released>>,
}

/// A console that is left alone for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Released {
    pub until: Instant,
    pub by: String,
}

impl Session {
    /// A session, and the end at which its worker reads what is typed.
    pub fn new(vm: VmId, kind: ConsoleKind, tapes: Tapes) -> (Arc<Self>, mpsc::Receiver<Piece>) {
        let (input, typed) = mpsc::channel(INPUT);
        let session = Self {
            vm,
            kind,
            tape: tapes.tape(vm, kind),
            tapes,
            input,
            presence: Presence::new(),
            status: watch::Sender::new(ConsoleStatus::Connecting),
            closed: watch::Sender::new(false),
            kept: watch::Sender::new(false),
            released: watch::Sender::new(None),
        };
        (Arc::new(session), typed)
    }

    /// Says how the console stands; whether that is something else than before.
    pub fn set_status(&self, status: ConsoleStatus) -> bool {
        self.status.send_if_modified(|now| {
            let differs = *now != status;
            if differs {
                *now = status;
            }
            differs
        })
    }

    /// Lets go of the guest for a while.
    pub fn release(&self, released: Released) {
        self.released.send_replace(Some(released));
    }

    pub fn watch_released(&self) -> watch::Receiver<Option<Released>> {
        self.released.subscribe()
    }

    /// Ends the viewers' streams.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Whether somebody looks.
    pub fn is_watched(&self) -> bool {
        self.presence.count() > 0
    }

    /// Whether nobody looks, and it is not to stay attached.
    pub fn is_idle(&self) -> bool {
        !self.is_watched() && !*self.kept.borrow()
    }

    /// Says whether it stays attached though nobody looks.
    pub fn set_kept(&self, is_kept: bool) {
        self.kept
            .send_if_modified(|now| std::mem::replace(now, is_kept) != is_kept);
    }

    pub fn watch_kept(&self) -> watch::Receiver<bool> {
        self.kept.subscribe()
    }

    pub fn watch_status(&self) -> watch::Receiver<ConsoleStatus> {
        self.status.subscribe()
    }

    pub fn watch_closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }
}
