//! What all with the same grants are told of a difference, or of everything.
use crate::inventory::{
    delta::told_since,
    published::{Entry, Published},
};
use bytes::Bytes;
use std::sync::{Arc, OnceLock};
use wxa_model::{Change, Grant, Key, Vm, VmRole, order::natural};

/// Changes to the index, or all of it.
#[derive(Debug)]
pub struct IndexBase {
    /// Names the server's run.
    pub epoch: u64,
    /// The revision of the caller; none where this replaces what it has.
    pub from: Option<u64>,
    /// The revision the caller has afterwards.
    pub to: u64,
    /// To sites, hosts and tasks, and what is gone.
    pub changes: Vec<Change>,
    vms: Vec<Arc<Entry>>,
    written: OnceLock<Bytes>,
}

impl IndexBase {
    /// All that a holder of `grants` may see; guests by name.
    pub(super) fn whole(published: &Published, grants: &[Grant]) -> Self {
        let mut changes = Vec::new();
        let mut vms = Vec::new();
        for (key, entry) in published.entries.iter() {
            if !published.entry_seen(grants, *key, entry) {
                continue;
            }
            match entry.vm() {
                Some(_) => vms.push(entry.clone()),
                None => changes.push(Change::Put {
                    object: entry.object(),
                }),
            }
        }
        let of = |entry: &Arc<Entry>| {
            entry
                .vm()
                .map(|vm| (vm.role == VmRole::ControlDomain, vm.name.clone()))
        };
        vms.sort_by_cached_key(|entry| {
            let (control, name) = of(entry).unwrap_or_default();
            (control, ByName(name))
        });
        Self {
            epoch: published.epoch,
            from: None,
            to: published.revision,
            changes,
            vms,
            written: OnceLock::new(),
        }
    }

    /// What is different since `looked` for one who has `told`, between which nothing concerned it.
    pub(super) fn since(published: &Published, told: u64, looked: u64, grants: &[Grant]) -> Option<Self> {
        let mut changes = Vec::new();
        let mut vms = Vec::new();
        told_since(published, looked, grants, |key, is_brief, entry| {
            match (key, entry) {
                (Key::Vm(_), _) if !is_brief => {}
                (Key::Vm(_), Some(entry)) => vms.push(entry.clone()),
                (_, Some(entry)) => changes.push(Change::Put {
                    object: entry.object(),
                }),
                (key, None) => changes.push(Change::Gone { key }),
            }
        })?;
        Some(Self {
            epoch: published.epoch,
            from: Some(told),
            to: published.revision,
            changes,
            vms,
            written: OnceLock::new(),
        })
    }

    /// The VMs that come with it, with more than their briefs.
    pub fn vms(&self) -> impl Iterator<Item = &Vm> {
        self.vms.iter().filter_map(|entry| entry.vm().map(Arc::as_ref))
    }

    /// Whether it tells nothing.
    pub fn is_empty(&self) -> bool {
        self.from.is_some() && self.changes.is_empty() && self.vms.is_empty()
    }

    /// How it travels: written by `write` for whoever comes first, for all.
    pub fn written(&self, write: impl FnOnce(&Self) -> Vec<u8>) -> Bytes {
        self.written.get_or_init(|| write(self).into()).clone()
    }
}

/// A name that sorts as people count.
#[derive(PartialEq, Eq)]
struct ByName(String);

impl Ord for ByName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        natural(&self.0, &other.0)
    }
}

impl PartialOrd for ByName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
