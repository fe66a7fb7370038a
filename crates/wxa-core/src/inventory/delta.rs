//! The difference between two revisions, for one caller: pure, over a bounded ring of what changed.
use super::published::{Entry, Place, Published, may_reach_inside};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
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
    /// Whether those hear of it who know VMs in brief: for anything but a VM they do.
    pub brief: bool,
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

    /// Everything that changed after a revision, oldest first; an object may come several times.
    pub(super) fn since(&self, revision: u64) -> impl Iterator<Item = &Changed> {
        let newer = self.steps.partition_point(|step| step.revision <= revision);
        self.steps.range(newer..).flat_map(|step| &step.changed)
    }
}

impl Published {
    /// What changed after the picture of a revision, each once; none when it can no longer be told.
    pub(crate) fn changed_since(&self, revision: u64) -> Option<BTreeSet<Key>> {
        let changed = || self.ring.since(revision).map(|changed| changed.key).collect();
        self.reaches_back_to(revision).then(changed)
    }

    /// Whether the difference since `revision` can still be told.
    pub(super) fn reaches_back_to(&self, revision: u64) -> bool {
        (self.ring.floor..=self.revision).contains(&revision)
    }
}

/// What a holder of `grants` who has the picture of revision `from` must change to have the present one: one change
/// for each object, those that left the caller's scope being `Gone`. None when it can no longer be told.
///
/// For callers whose scope reaches into a container without covering it, `Gone` may name a site or host that they
/// never had: which is nothing to them, and tells nothing but a random id.
pub fn delta_since(published: &Published, from: u64, grants: &[Grant]) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    told_since(published, from, grants, |key, _, entry| {
        changes.push(match entry {
            Some(entry) => Change::Put {
                object: entry.object(),
            },
            None => Change::Gone { key },
        });
    })?;
    Some(changes)
}

/// The same as it is found: `tell` gets each object's key, whether a brief of it is different, and what it is now (none when
/// it is gone for the caller). None when it can no longer be told.
pub(super) fn told_since(
    published: &Published,
    from: u64,
    grants: &[Grant],
    mut tell: impl FnMut(Key, bool, Option<&Arc<Entry>>),
) -> Option<()> {
    if !published.reaches_back_to(from) {
        return None;
    }
    // The first mention of a key since `from` says where the object was at `from`.
    let mut first: BTreeMap<Key, (Option<&Place>, bool)> = BTreeMap::new();
    for changed in published.ring.since(from) {
        let (_, brief) = first.entry(changed.key).or_insert((changed.was.as_ref(), false));
        *brief |= changed.brief;
    }
    for (key, (was, brief)) in first {
        match published.entries.get(&key) {
            Some(entry) if published.entry_seen(grants, key, entry) => tell(key, brief, Some(entry)),
            _ => {
                let was_seen = was.is_some_and(|place| {
                    allows(grants, Permission::View, &place.target()) || may_reach_inside(grants, key)
                });
                if was_seen {
                    tell(key, true, None);
                }
            }
        }
    }
    Some(())
}
