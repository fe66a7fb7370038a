//! The inventory as the browser follows it: VMs in brief, in full those that it shows (decision 0037).
//!
//! What is told splits in two. The *base* is the same for all with the same grants and the same revision, so it is made,
//! and written, once for all of them. What is *own* are the VMs in full that one viewer watches.
mod base;
mod shared;

pub use base::IndexBase;
pub(crate) use shared::SharedBases;

use super::published::Published;
use std::{collections::HashSet, sync::Arc};
use tokio::sync::watch;
use wxa_model::{Grant, Key, Object, VmId};

/// What an index feed yields: first what is own, then the base.
#[derive(Clone, Debug)]
pub struct IndexItem {
    /// The revision the caller has before it.
    pub told: u64,
    /// VMs in full, as they are at the base's revision.
    pub own: Vec<Object>,
    /// What everybody with these grants is told; none where only something own is told, and the revision stays.
    pub base: Option<Arc<IndexBase>>,
}

/// A caller's place in the inventory's history. As with [`super::InventoryFeed`], a slow caller costs nothing.
#[derive(Debug)]
pub struct IndexFeed {
    grants: Arc<[Grant]>,
    published: watch::Receiver<Arc<Published>>,
    shared: SharedBases,
    /// The revision the caller has; none before its first whole picture.
    told: Option<u64>,
    /// Up to here nothing else concerned it.
    looked: u64,
    begun: bool,
    watched: HashSet<VmId>,
    /// Watched since the last item: told whether they changed or not.
    owed: HashSet<VmId>,
}

impl IndexFeed {
    /// For a holder of `grants` who has revision `from.1` of epoch `from.0`.
    pub(super) fn new(
        published: watch::Receiver<Arc<Published>>,
        shared: SharedBases,
        grants: Arc<[Grant]>,
        from: Option<(u64, u64)>,
    ) -> Self {
        let epoch = published.borrow().epoch;
        let told = from.filter(|(of, _)| *of == epoch).map(|(_, revision)| revision);
        Self {
            grants,
            published,
            shared,
            told,
            looked: told.unwrap_or(0),
            begun: false,
            watched: HashSet::new(),
            owed: HashSet::new(),
        }
    }

    /// From now on these VMs are told in full, and no others.
    pub fn watch(&mut self, vms: impl IntoIterator<Item = VmId>) {
        let before = std::mem::take(&mut self.watched);
        self.watched = vms.into_iter().collect();
        self.owed.retain(|vm| self.watched.contains(vm));
        let new = self.watched.iter().filter(|vm| !before.contains(vm));
        self.owed.extend(new);
    }

    /// The next item; none when the server stops. Cancelling the wait loses nothing.
    pub async fn next(&mut self) -> Option<IndexItem> {
        loop {
            if self.begun && self.owed.is_empty() {
                self.published.changed().await.ok()?;
            }
            let published = self.published.borrow_and_update().clone();
            if let Some(item) = self.item(&published) {
                return Some(item);
            }
        }
    }

    fn item(&mut self, published: &Published) -> Option<IndexItem> {
        let begun = std::mem::replace(&mut self.begun, true);
        let from = self.told.map(|told| (told, self.looked));
        let base = self.shared.base(published, from, &self.grants);
        let own = self.own(published, base.from.is_none());
        self.looked = published.revision;
        let told = self.told.unwrap_or(published.revision);
        let tells = !begun || !base.is_empty();
        if !tells && own.is_empty() {
            return None;
        }
        if tells {
            self.told = Some(published.revision);
        }
        Some(IndexItem {
            told,
            own,
            base: tells.then_some(base),
        })
    }

    /// The watched VMs that changed since the last look, or are new to the caller; all of them with a whole picture.
    fn own(&mut self, published: &Published, is_whole: bool) -> Vec<Object> {
        let mut vms = std::mem::take(&mut self.owed);
        if is_whole {
            vms.clone_from(&self.watched);
        } else {
            let changed = published.ring.since(self.looked);
            vms.extend(changed.filter_map(|changed| match changed.key {
                Key::Vm(vm) if self.watched.contains(&vm) => Some(vm),
                _ => None,
            }));
        }
        vms.into_iter()
            .filter_map(|vm| {
                let entry = published.entries.get(&Key::Vm(vm))?;
                published
                    .entry_seen(&self.grants, Key::Vm(vm), entry)
                    .then(|| entry.object())
            })
            .collect()
    }
}
