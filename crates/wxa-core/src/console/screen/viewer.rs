//! One viewer's end of a screen.
use super::places::{Place, ScreenWatcher};
use crate::console::{
    ConsoleStatus,
    rfb::{Hand, Unusable},
    visit::Visit,
};
use bytes::Bytes;
use tokio::sync::mpsc;

/// What a viewer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenItem {
    /// RFB begins anew, with the greeting: the bytes after this belong to that session. Nothing is carried before the viewer has
    /// said that it is ready for it.
    Begin(u64),
    /// What the screen sends.
    Bytes(Bytes),
    /// How the connection to the guest stands.
    Status(ConsoleStatus),
    /// Who looks at this screen, in order of arrival, this viewer included.
    Watchers(Vec<ScreenWatcher>),
    /// The viewer sent what is no RFB; nothing follows.
    Unusable(Unusable),
}

/// What a viewer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenWord {
    /// It is ready for that session: what it says from now on belongs there.
    Ready(u64),
    /// Its side of RFB.
    Bytes(Bytes),
}

/// A viewer. Dropping it leaves the screen.
#[derive(Debug)]
pub struct ScreenViewer {
    place: Place,
    items: mpsc::Receiver<ScreenItem>,
    words: mpsc::Sender<ScreenWord>,
    visit: Option<Visit>,
}

impl ScreenViewer {
    pub(super) fn new(
        place: Place,
        items: mpsc::Receiver<ScreenItem>,
        words: mpsc::Sender<ScreenWord>,
    ) -> Self {
        Self {
            place,
            items,
            words,
            visit: None,
        }
    }

    /// The record that ends with this viewer.
    pub(super) fn with_visit(mut self, visit: Visit) -> Self {
        self.visit = Some(visit);
        self
    }

    /// Its own number among those who look.
    pub fn number(&self) -> u64 {
        self.place.number()
    }

    /// What it may do.
    pub fn hand(&self) -> Hand {
        self.place.hand()
    }

    /// Where its words go. It waits when the guest does not read.
    pub fn sender(&self) -> mpsc::Sender<ScreenWord> {
        self.words.clone()
    }

    /// The next item; none when the VM is gone or the server stops. Cancelling the wait loses nothing.
    pub async fn next(&mut self) -> Option<ScreenItem> {
        tokio::select! {
            // Who looks comes first: by it a viewer knows what it may do with what follows.
            biased;
            watchers = self.place.changed() => Some(ScreenItem::Watchers(watchers)),
            item = self.items.recv() => item,
        }
    }

    /// Leaves the screen; `how` it came to that is a sentence for the audit log.
    pub async fn leave(mut self, how: &str) {
        let visit = self.visit.take();
        drop(self);
        if let Some(visit) = visit {
            visit.end(how).await;
        }
    }
}
