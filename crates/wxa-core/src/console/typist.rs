//! The way of what a viewer types: to the guest, or nowhere while another one has the keyboard.
use super::{
    keyboard::{KeyboardRight, KeyboardWord},
    session::Session,
};
use bytes::Bytes;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::mpsc;

/// A viewer's hands. It outlives its viewer without harm: what is typed then goes nowhere.
#[derive(Clone, Debug)]
pub struct Typist {
    session: Arc<Session>,
    number: u64,
    is_barred: Arc<AtomicBool>,
}

/// Something typed, on its way to the guest.
#[derive(Debug)]
pub(super) struct Piece {
    bytes: Bytes,
    number: u64,
    is_barred: Arc<AtomicBool>,
}

impl Piece {
    /// What goes to the guest now; nothing of what its typist may not type any more: the guest may have let it wait for long.
    pub(super) fn allowed(self, session: &Session) -> Option<Bytes> {
        let goes = !self.is_barred.load(Ordering::Relaxed) && session.presence.still_types(self.number);
        goes.then_some(self.bytes)
    }
}

/// The console is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsoleOver;

/// Room for one more piece of what is typed.
#[derive(Debug)]
pub struct TypingRoom<'a> {
    typist: &'a Typist,
    permit: mpsc::Permit<'a, Piece>,
}

impl Typist {
    pub(super) fn new(session: Arc<Session>, number: u64) -> Self {
        Self {
            session,
            number,
            is_barred: Arc::default(),
        }
    }

    /// Whether what is typed now would go to the guest: nobody has the keyboard, or this viewer has it.
    pub fn may_type(&self) -> bool {
        self.session.presence.may_type(self.number)
    }

    /// Waits until there is room: a guest that does not read slows down who types. Cancelling the wait loses nothing.
    ///
    /// # Errors
    /// [`ConsoleOver`].
    pub async fn room(&self) -> Result<TypingRoom<'_>, ConsoleOver> {
        let permit = self.session.input.reserve().await.map_err(|_| ConsoleOver)?;
        Ok(TypingRoom { typist: self, permit })
    }

    /// Types. What is typed while another has the keyboard is thrown away, also where it waits for the guest by then; so is what is
    /// typed while the console is not connected, but for what is typed while it is being attached: it follows.
    ///
    /// # Errors
    /// [`ConsoleOver`].
    pub async fn send(&self, bytes: Bytes) -> Result<(), ConsoleOver> {
        self.room().await?.put(bytes);
        Ok(())
    }

    /// Says something about the keyboard.
    pub fn say(&self, word: KeyboardWord) {
        self.session.presence.said(self.number, word);
    }

    /// The viewer was turned out: nothing of what it typed goes to the guest any more, what waits included.
    pub fn bar(&self) {
        self.is_barred.store(true, Ordering::Relaxed);
    }

    /// What the viewer may do is something else now.
    pub(crate) fn set_right(&self, right: KeyboardRight) {
        self.session.presence.set_right(self.number, right);
    }
}

impl TypingRoom<'_> {
    /// Types: as [`Typist::send`].
    pub fn put(self, bytes: Bytes) {
        if self.typist.session.presence.typed(self.typist.number) {
            self.permit.send(Piece {
                bytes,
                number: self.typist.number,
                is_barred: self.typist.is_barred.clone(),
            });
        }
    }
}
