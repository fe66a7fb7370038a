//! The difference between two revisions, for one caller: pure, over a bounded ring of what changed.
use super::published::{Place, Published, may_reach_inside};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};
use wxa_model::{Change, Grant, Key, Permission, grants::allows};

/// Changes that are remembered; who missed more gets a snapshot.
pub const RING: usize = 4096;

/// What changed at each of the latest revisions.
#[derive(Clone, Debug, Default)]
pub struct ChangeRing {
    steps: VecDeque<Arc<Step>>,
    /// The oldest revision from which the difference can still be told.
    floor: u64,
    changes: usize,
}

#[derive(Debug)]
pub(super) struct Step {
    pub revision: u64,
    pub changed: Vec<Changed>,
}

/// An object that is different from the revision before.
#[derive(Debug)]
pub(super) struct Changed {
    pub key: Key,
    /// Where it was before; none when it is new.
    pub was: Option<Place>,
}

impl ChangeRing {
    pub(super) fn push(&mut self, step: Step) {
        self.changes += step.changed.len();
        self.steps.push_back(Arc::new(step));
        while self.changes > RING {
            let Some(oldest) = self.steps.pop_front() else {
                return;
            };
            self.changes -= oldest.changed.len();
            self.floor = oldest.revision;
        }
    }
}

/// What a holder of `grants` who has the picture of revision `from` must change to have the present one: one change
/// for each object, those that left the caller's scope being `Gone`. None when it can no longer be told.
///
/// For callers whose scope reaches into a container without covering it, `Gone` may name a site or host that they
/// never had: which is nothing to them, and tells nothing but a random id.
pub fn delta_since(published: &Published, from: u64, grants: &[Grant]) -> Option<Vec<Change>> {
    if from < published.ring.floor || from > published.revision {
        return None;
    }
    // The first mention of a key since `from` says where the object was at `from`.
    let mut first: BTreeMap<Key, Option<&Place>> = BTreeMap::new();
    let newer = published.ring.steps.partition_point(|step| step.revision <= from);
    for step in published.ring.steps.range(newer..) {
        for changed in &step.changed {
            first.entry(changed.key).or_insert(changed.was.as_ref());
        }
    }
    let changes = first
        .into_iter()
        .filter_map(|(key, was)| match published.entries.get(&key) {
            Some(entry) if published.entry_seen(grants, key, entry) => Some(Change::Put {
                object: entry.object.clone(),
            }),
            _ => {
                let was_seen = was.is_some_and(|place| {
                    allows(grants, Permission::View, &place.target()) || may_reach_inside(grants, key)
                });
                was_seen.then_some(Change::Gone { key })
            }
        });
    Some(changes.collect())
}
