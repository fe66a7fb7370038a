//! All objects by key, cheap to share: a picture that differs from the one before in one object shares all but a few dozen
//! of its entries with it, however many there are.
use super::published::Entry;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;
use wxa_model::Key;

/// The objects whose ids begin with the same byte; random ids spread over all bytes.
type Bucket = BTreeMap<Key, Arc<Entry>>;

/// All objects. Iterates in the order of keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    buckets: BTreeMap<(u8, u8), Arc<Bucket>>,
}

/// Buckets are in the order of the keys in them.
fn bucket(key: &Key) -> (u8, u8) {
    let (kind, id): (u8, &Uuid) = match key {
        Key::Site(id) => (0, &id.0),
        Key::Host(id) => (1, &id.0),
        Key::Vm(id) => (2, &id.0),
        Key::Task(id) => (3, &id.0),
        Key::PoolTask(id) => (4, &id.0),
    };
    let [first, ..] = *id.as_bytes();
    (kind, first)
}

impl Entries {
    pub fn get(&self, key: &Key) -> Option<&Arc<Entry>> {
        self.buckets.get(&bucket(key))?.get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Arc<Entry>)> {
        self.buckets.values().flat_map(|bucket| bucket.iter())
    }

    pub fn values(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.buckets.values().flat_map(|bucket| bucket.values())
    }

    pub fn insert(&mut self, key: Key, entry: Arc<Entry>) {
        Arc::make_mut(self.buckets.entry(bucket(&key)).or_default()).insert(key, entry);
    }

    pub fn remove(&mut self, key: &Key) {
        let at = bucket(key);
        if let Some(its) = self.buckets.get_mut(&at) {
            Arc::make_mut(its).remove(key);
            if its.is_empty() {
                self.buckets.remove(&at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::published::Shown;
    use crate::test_driver::{HOST, SITE, vm_id};
    use wxa_model::{Site, SiteId, TaskId};

    fn entry(name: &str) -> Arc<Entry> {
        let site = Site {
            id: SITE,
            name: name.into(),
        };
        Arc::new(Entry {
            shown: Shown::Site(site),
            place: crate::inventory::Place {
                site: None,
                host: None,
                pool: None,
                tags: Arc::from([]),
            },
        })
    }

    #[test]
    fn keys_come_in_their_order_and_copies_are_not_changed() {
        let mut entries = Entries::default();
        let mut keys = vec![
            Key::Task(TaskId(Uuid::from_u128(1))),
            Key::Site(SiteId(Uuid::from_u128(u128::MAX))),
            Key::Host(HOST),
        ];
        keys.extend((0..600u128).map(|n| Key::Vm(wxa_model::VmId(Uuid::from_u128(n << 112 | n)))));
        for key in &keys {
            entries.insert(*key, entry("a"));
        }
        let before = entries.clone();
        entries.insert(Key::Host(HOST), entry("b"));
        entries.remove(&keys[5]);
        entries.remove(&Key::Vm(vm_id(7_000_000)));
        keys.sort();
        let known: Vec<Key> = before.iter().map(|(key, _)| *key).collect();
        assert_eq!(known, keys);
        assert_eq!((before.values().count(), entries.values().count()), (603, 602));
        let name = |entries: &Entries| match &entries.get(&Key::Host(HOST)).unwrap().shown {
            Shown::Site(site) => site.name.clone(),
            _ => String::new(),
        };
        assert_eq!((name(&before), name(&entries)), ("a".into(), "b".into()));
    }
}
