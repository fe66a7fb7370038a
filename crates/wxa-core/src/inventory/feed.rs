//! The inventory as a stream for one caller: a snapshot or the difference first, then differences as they come.
use super::{delta::delta_since, published::Published};
use std::sync::Arc;
use tokio::sync::watch;
use wxa_model::{Change, Grant, Object};

/// What a feed yields.
#[derive(Clone, Debug, PartialEq)]
pub enum FeedItem {
    /// Everything: replaces what the caller has.
    Snapshot {
        /// Names the server's run.
        epoch: u64,
        /// The revision it is current at.
        revision: u64,
        /// All that the caller may see.
        objects: Vec<Object>,
    },
    /// What changed.
    Delta {
        /// The revision the caller has.
        from: u64,
        /// The revision it has after applying.
        to: u64,
        /// One for each object; empty only as the first item, to say that nothing was missed.
        changes: Vec<Change>,
    },
}

/// A caller's place in the inventory's history. A slow caller costs nothing: it gets the sum of what it missed.
#[derive(Debug)]
pub struct InventoryFeed {
    grants: Arc<[Grant]>,
    published: watch::Receiver<Arc<Published>>,
    /// The revision the caller has; none before its first snapshot.
    told: Option<u64>,
    /// Up to here nothing else concerned it.
    looked: u64,
    begun: bool,
}

impl InventoryFeed {
    /// For a holder of `grants` who has revision `from.1` of epoch `from.0`.
    pub(super) fn new(
        published: watch::Receiver<Arc<Published>>,
        grants: Arc<[Grant]>,
        from: Option<(u64, u64)>,
    ) -> Self {
        let epoch = published.borrow().epoch;
        let told = from.filter(|(of, _)| *of == epoch).map(|(_, revision)| revision);
        Self {
            grants,
            published,
            told,
            looked: told.unwrap_or(0),
            begun: false,
        }
    }

    /// The next item; none when the server stops. Cancelling the wait loses nothing.
    pub async fn next(&mut self) -> Option<FeedItem> {
        loop {
            if self.begun {
                self.published.changed().await.ok()?;
            }
            let published = self.published.borrow_and_update().clone();
            if let Some(item) = self.item(&published) {
                return Some(item);
            }
        }
    }

    fn item(&mut self, published: &Published) -> Option<FeedItem> {
        let begun = std::mem::replace(&mut self.begun, true);
        let to = published.revision;
        let known = self
            .told
            .and_then(|told| Some((told, delta_since(published, self.looked, &self.grants)?)));
        self.looked = to;
        match known {
            Some((_, changes)) if begun && changes.is_empty() => None,
            Some((from, changes)) => {
                self.told = Some(to);
                Some(FeedItem::Delta { from, to, changes })
            }
            None => {
                self.told = Some(to);
                Some(FeedItem::Snapshot {
                    epoch: published.epoch,
                    revision: to,
                    objects: published.view(&self.grants),
                })
            }
        }
    }
}
