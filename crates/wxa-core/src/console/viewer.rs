//! One viewer's end of a console: its own cursor into the shared history.
use super::{
    Comer, ConsoleStatus, HISTORY, PresentViewer, Typist,
    history::Read,
    keyboard::Keyboard,
    session::Session,
    tapes::Watcher,
    visit::{TypedThere, Visit},
};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::watch;

/// The most that is read in one piece.
const PIECE: usize = 32 << 10;

/// A viewer that followed and fell so far behind goes on with what is in memory: what somebody types must not be answered behind a flood
/// that is read from the disk.
const BEHIND: u64 = 1 << 20;

/// What a viewer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewerItem {
    /// First item, and after every gap: the next bytes begin at `offset`.
    Begin {
        /// Names the history: offsets of two epochs cannot be compared.
        epoch: u64,
        /// Offset of the next byte.
        offset: u64,
        /// Offset of the end of what is replayed; what follows is live.
        live_at: u64,
    },
    /// What the guest printed.
    Bytes(Bytes),
    /// So many bytes are no longer kept; `Begin` follows.
    Skipped(u64),
    /// How the connection to the guest stands.
    Status(ConsoleStatus),
    /// Who has this console open and who of them types, in order of arrival.
    Viewers {
        /// This viewer's own number.
        you: u64,
        /// All of them, this one included.
        viewers: Vec<PresentViewer>,
    },
}

/// Where a viewer begins to read; at the beginning of what is replayed to everybody when nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplayFrom {
    /// The (epoch, offset) of what the viewer has already.
    pub has: Option<(u64, u64)>,
    /// An offset, whatever the viewer has; the end for one beyond it.
    pub at: Option<u64>,
}

/// A viewer. Dropping it leaves the console.
#[derive(Debug)]
pub struct ConsoleViewer {
    session: Arc<Session>,
    number: u64,
    typist: Typist,
    cursor: u64,
    /// A `Begin` is due.
    begin: bool,
    /// It begins at the oldest that is kept of what is replayed.
    is_fresh: bool,
    /// It had everything once: what comes now is news.
    follows: bool,
    _watcher: Watcher,
    end: watch::Receiver<u64>,
    status: watch::Receiver<ConsoleStatus>,
    viewers: watch::Receiver<Keyboard>,
    closed: watch::Receiver<bool>,
    /// Its record; none in tests of the console alone.
    visit: Option<Visit>,
}

impl ConsoleViewer {
    /// Joins; none when there are too many viewers.
    pub(super) fn join(session: &Arc<Session>, comer: Comer, from: ReplayFrom) -> Option<Self> {
        let number = session.presence.join(comer)?;
        let tape = &session.tape;
        let end = tape.end();
        let had = from
            .has
            .filter(|(epoch, offset)| *epoch == tape.epoch && *offset <= end);
        let asked = from.at.map(|at| at.min(end)).or(had.map(|(_, offset)| offset));
        let mut viewer = Self {
            number,
            typist: Typist::new(session.clone(), number),
            cursor: asked.unwrap_or(end.saturating_sub(HISTORY as u64)),
            begin: true,
            is_fresh: asked.is_none(),
            follows: false,
            _watcher: tape.watch(),
            end: tape.watch_end(),
            status: session.watch_status(),
            viewers: session.presence.watch(),
            closed: session.watch_closed(),
            session: session.clone(),
            visit: None,
        };
        // Both are told at the beginning.
        viewer.status.mark_changed();
        viewer.viewers.mark_changed();
        Some(viewer)
    }

    /// Where the history stands: its epoch, and the offset after its last byte.
    pub(super) fn end(&self) -> (u64, u64) {
        (self.session.tape.epoch, self.session.tape.end())
    }

    /// What was printed before `floor` is none of this viewer's business.
    pub(super) fn not_before(&mut self, floor: u64) {
        if self.cursor < floor {
            self.cursor = floor;
            self.is_fresh = false;
        }
    }

    /// The record that ends with this viewer.
    pub(super) fn with_visit(mut self, visit: Visit) -> Self {
        self.visit = Some(visit);
        self
    }

    /// Leaves the console; `how` it came to that is a sentence for the audit log.
    pub async fn leave(mut self, how: &str) {
        self.note_typing();
        let visit = self.visit.take();
        drop(self);
        if let Some(visit) = visit {
            visit.end(how).await;
        }
    }

    /// The next item; none when the VM is gone or the server stops. Cancelling the wait loses nothing.
    pub async fn next(&mut self) -> Option<ViewerItem> {
        loop {
            if let Some(item) = self.ready().await {
                return Some(item);
            }
            if *self.closed.borrow() {
                return None;
            }
            tokio::select! {
                changed = self.end.changed() => changed.ok()?,
                changed = self.status.changed() => {
                    changed.ok()?;
                    self.status.mark_changed();
                }
                changed = self.viewers.changed() => {
                    changed.ok()?;
                    self.viewers.mark_changed();
                }
                () = self.session.presence.silence() => {}
                changed = self.closed.changed() => changed.ok()?,
            }
        }
    }

    /// Where typed bytes go, and what is said about the keyboard.
    pub fn sender(&self) -> Typist {
        self.typist.clone()
    }

    /// Names the history: with [`Self::offset`], what a returning viewer gives as what it has.
    pub fn session_epoch(&self) -> u64 {
        self.session.tape.epoch
    }

    /// The offset after the last byte that this viewer was given.
    pub fn offset(&self) -> u64 {
        self.cursor
    }

    fn note_typing(&mut self) {
        if let Some(visit) = &mut self.visit
            && self.session.presence.has_typed(self.number)
        {
            visit.note(TypedThere::Something);
        }
    }

    async fn ready(&mut self) -> Option<ViewerItem> {
        if self.begin {
            if self.is_fresh {
                self.cursor = self.oldest(self.cursor).await;
                self.is_fresh = false;
            }
            self.begin = false;
            return Some(ViewerItem::Begin {
                epoch: self.session.tape.epoch,
                offset: self.cursor,
                live_at: self.session.tape.end(),
            });
        }
        if self.status.has_changed().unwrap_or(false) {
            return Some(ViewerItem::Status(self.status.borrow_and_update().clone()));
        }
        if self.viewers.has_changed().unwrap_or(false) {
            return Some(ViewerItem::Viewers {
                you: self.number,
                viewers: self.viewers.borrow_and_update().present(),
            });
        }
        match self.session.tape.read(self.cursor, PIECE) {
            Read::Bytes(bytes) => Some(self.given(bytes)),
            Read::Skipped(lost) if self.follows && lost > BEHIND => Some(self.skipped(lost)),
            Read::Skipped(lost) => Some(self.read_file(self.cursor + lost).await),
            Read::Nothing => {
                self.follows = true;
                None
            }
        }
    }

    fn skipped(&mut self, lost: u64) -> ViewerItem {
        self.cursor += lost;
        self.begin = true;
        ViewerItem::Skipped(lost)
    }

    /// What is only in the file, up to where memory begins.
    async fn read_file(&mut self, memory: u64) -> ViewerItem {
        let tape = &self.session.tape;
        let read = self.session.tapes.read(tape, self.cursor, memory, PIECE).await;
        let pieces = read.unwrap_or_else(|error| {
            tracing::warn!(%error, "what a console printed cannot be read");
            Vec::new()
        });
        let next = pieces.first().map_or(memory, |first| first.offset);
        if next > self.cursor {
            return self.skipped(next - self.cursor);
        }
        let mut bytes = Vec::with_capacity(PIECE);
        for piece in pieces {
            if piece.offset != self.cursor + bytes.len() as u64 {
                break;
            }
            bytes.extend(piece.bytes);
        }
        self.given(bytes.into())
    }

    fn given(&mut self, bytes: Bytes) -> ViewerItem {
        self.cursor += bytes.len() as u64;
        ViewerItem::Bytes(bytes)
    }

    /// Where what is kept begins from `offset` on.
    async fn oldest(&self, offset: u64) -> u64 {
        let tape = &self.session.tape;
        let (memory, _) = tape.in_memory();
        if offset >= memory {
            return offset;
        }
        match self.session.tapes.read(tape, offset, memory, 1).await {
            Ok(pieces) => pieces.first().map_or(memory, |first| first.offset),
            Err(_) => memory,
        }
    }
}

impl Drop for ConsoleViewer {
    fn drop(&mut self) {
        self.note_typing();
        self.session.presence.leave(self.number);
    }
}

#[cfg(test)]
mod tests;
