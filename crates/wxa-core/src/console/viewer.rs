//! One viewer's end of a console: its own cursor into the shared history.
use super::{ConsoleStatus, history::Read, session::Session, visit::Visit};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// The most that is read in one piece.
const PIECE: usize = 32 << 10;

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
    /// Who has this console open, in order of arrival, this viewer included.
    Viewers(Vec<String>),
}

/// A viewer. Dropping it leaves the console.
#[derive(Debug)]
pub struct ConsoleViewer {
    session: Arc<Session>,
    number: u64,
    cursor: u64,
    /// A `Begin` is due.
    begin: bool,
    end: watch::Receiver<u64>,
    status: watch::Receiver<ConsoleStatus>,
    viewers: watch::Receiver<Vec<(u64, String)>>,
    closed: watch::Receiver<bool>,
    /// Its record; none in tests of the console alone.
    visit: Option<Visit>,
}

impl ConsoleViewer {
    /// Joins; none when there are too many viewers.
    pub(super) fn join(session: &Arc<Session>, name: &str, from: Option<(u64, u64)>) -> Option<Self> {
        let number = session.join(name)?;
        let cursor = {
            let history = session.history();
            match from {
                Some((epoch, offset)) if epoch == session.epoch && offset <= history.end() => offset,
                _ => history.start(),
            }
        };
        let mut viewer = Self {
            number,
            cursor,
            begin: true,
            end: session.watch_end(),
            status: session.watch_status(),
            viewers: session.watch_viewers(),
            closed: session.watch_closed(),
            session: session.clone(),
            visit: None,
        };
        // Both are told at the beginning.
        viewer.status.mark_changed();
        viewer.viewers.mark_changed();
        Some(viewer)
    }

    /// The record that ends with this viewer.
    pub(super) fn with_visit(mut self, visit: Visit) -> Self {
        self.visit = Some(visit);
        self
    }

    /// Leaves the console; `how` it came to that is a sentence for the audit log.
    pub async fn leave(mut self, how: &str) {
        let visit = self.visit.take();
        drop(self);
        if let Some(visit) = visit {
            visit.end(how).await;
        }
    }

    /// The next item; none when the VM is gone or the server stops. Cancelling the wait loses nothing.
    pub async fn next(&mut self) -> Option<ViewerItem> {
        loop {
            if let Some(item) = self.ready() {
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
                changed = self.closed.changed() => changed.ok()?,
            }
        }
    }

    /// Where typed bytes go. It waits when the guest does not read; bytes typed while the console is not connected
    /// are thrown away.
    pub fn sender(&self) -> mpsc::Sender<Bytes> {
        self.session.input.clone()
    }

    /// Names the history: with [`Self::offset`], what a returning viewer gives as what it has.
    pub fn session_epoch(&self) -> u64 {
        self.session.epoch
    }

    /// The offset after the last byte that this viewer was given.
    pub fn offset(&self) -> u64 {
        self.cursor
    }

    fn ready(&mut self) -> Option<ViewerItem> {
        if self.begin {
            self.begin = false;
            return Some(ViewerItem::Begin {
                epoch: self.session.epoch,
                offset: self.cursor,
                live_at: self.session.history().end(),
            });
        }
        if self.status.has_changed().unwrap_or(false) {
            return Some(ViewerItem::Status(self.status.borrow_and_update().clone()));
        }
        if self.viewers.has_changed().unwrap_or(false) {
            let viewers = self.viewers.borrow_and_update();
            return Some(ViewerItem::Viewers(
                viewers.iter().map(|(_, name)| name.clone()).collect(),
            ));
        }
        let read = self.session.history().read(self.cursor, PIECE);
        match read {
            Read::Bytes(bytes) => {
                self.cursor += bytes.len() as u64;
                Some(ViewerItem::Bytes(bytes))
            }
            Read::Skipped(lost) => {
                self.cursor += lost;
                self.begin = true;
                Some(ViewerItem::Skipped(lost))
            }
            Read::Nothing => None,
        }
    }
}

impl Drop for ConsoleViewer {
    fn drop(&mut self) {
        self.session.leave(self.number);
    }
}
