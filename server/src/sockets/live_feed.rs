//! The inventory's stream as messages, in the form that the browser asked for.
use std::collections::HashSet;
use tokio_tungstenite::tungstenite::Message;
use wxa_core::{Ctx, FeedItem, IndexBase, IndexFeed, IndexItem, InventoryFeed};
use wxa_model::{Change, VmId};
use wxa_wire::{
    LiveForm, LiveFrame,
    index_frame::{self, Head},
};

use super::end::End;
use crate::AppState;

/// How many VMs a tab may watch.
const MOST_WATCHED: usize = 500;

/// One socket's place in the inventory's history.
pub(super) enum LiveFeed {
    Objects(InventoryFeed),
    Index(IndexFeed),
}

impl LiveFeed {
    pub(super) fn new(app: &AppState, ctx: &Ctx, form: LiveForm, have: Option<(u64, u64)>) -> Self {
        match form {
            LiveForm::Objects => Self::Objects(app.core.inventory_feed(ctx, have)),
            LiveForm::Index => Self::Index(app.core.index_feed(ctx, have)),
        }
    }

    /// From now on these VMs are told in full.
    pub(super) fn watch(&mut self, vms: Vec<VmId>) -> Result<(), End> {
        match self {
            Self::Objects(_) => Err(End::bad("Everything is told in full already.")),
            Self::Index(_) if vms.len() > MOST_WATCHED => Err(End::bad("Too many VMs watched.")),
            Self::Index(feed) => {
                feed.watch(vms.into_iter().collect::<HashSet<_>>());
                Ok(())
            }
        }
    }

    /// The next messages. Cancelling the wait loses nothing.
    pub(super) async fn next(&mut self) -> Result<Vec<Message>, End> {
        match self {
            Self::Objects(feed) => {
                let item = feed.next().await.ok_or_else(End::stopping)?;
                Ok(vec![text(&frame(item))?])
            }
            Self::Index(feed) => messages(feed.next().await.ok_or_else(End::stopping)?),
        }
    }
}

/// What is told of everything, or of a difference, as it travels.
pub(crate) fn index_frame(base: &IndexBase) -> bytes::Bytes {
    base.written(|base| {
        let head = Head {
            epoch: base.epoch,
            from: base.from,
            to: base.to,
        };
        index_frame::encode(head, &base.changes, &base.vms().collect::<Vec<_>>())
    })
}

/// VMs in full come first, at the revision that the tab has: with the base everything fits. With a whole picture they come
/// after it, because it replaces what the tab has.
fn messages(item: IndexItem) -> Result<Vec<Message>, End> {
    let base = item.base.as_deref();
    let is_whole = base.is_some_and(|base| base.from.is_none());
    let at = base.filter(|_| is_whole).map_or(item.told, |base| base.to);
    let mut messages = Vec::new();
    if !item.own.is_empty() {
        let changes = item.own.into_iter().map(|object| Change::Put { object });
        messages.push(text(&LiveFrame::Delta {
            from: at,
            to: at,
            changes: changes.collect(),
        })?);
    }
    if let Some(base) = base {
        let place = if is_whole { 0 } else { messages.len() };
        messages.insert(place, Message::Binary(index_frame(base)));
    }
    Ok(messages)
}

fn frame(item: FeedItem) -> LiveFrame {
    match item {
        FeedItem::Snapshot {
            epoch,
            revision,
            objects,
        } => LiveFrame::Snapshot {
            epoch,
            revision,
            objects,
        },
        FeedItem::Delta { from, to, changes } => LiveFrame::Delta { from, to, changes },
    }
}

/// A frame as a message.
pub(super) fn text(frame: &LiveFrame) -> Result<Message, End> {
    let text = serde_json::to_string(frame).map_err(|_| End::Close(1011, "A fault of ours.".into()))?;
    Ok(Message::Text(text.into()))
}
