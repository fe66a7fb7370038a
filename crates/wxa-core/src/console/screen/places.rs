//! Who looks at which screen.
use super::{SCREENS, VIEWERS};
use crate::console::rfb::Hand;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use wxa_model::{UnixMillis, VmId};

/// Somebody who looks at a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenWatcher {
    /// Its number; no two of a run of the server have the same.
    pub number: u64,
    /// Who it is.
    pub name: String,
    /// Since when it looks.
    pub since: UnixMillis,
    /// What it may do.
    pub hand: Hand,
}

/// All of them. Cloning gives another handle.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    by_vm: HashMap<VmId, watch::Sender<Vec<ScreenWatcher>>>,
    /// All that are taken.
    count: usize,
    last: u64,
}

/// A viewer's place; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    vm: VmId,
    number: u64,
    hand: Hand,
    watchers: watch::Receiver<Vec<ScreenWatcher>>,
}

impl Places {
    /// A place before a screen; none when there are too many.
    pub(super) fn take(&self, vm: VmId, name: &str, hand: Hand, since: UnixMillis) -> Option<Place> {
        let mut taken = self.lock();
        let looking = taken.by_vm.get(&vm).map_or(0, |watchers| watchers.borrow().len());
        if taken.count >= SCREENS || looking >= VIEWERS {
            return None;
        }
        taken.count += 1;
        taken.last += 1;
        let number = taken.last;
        let watcher = ScreenWatcher {
            number,
            name: name.to_owned(),
            since,
            hand,
        };
        let watchers = taken
            .by_vm
            .entry(vm)
            .or_insert_with(|| watch::Sender::new(Vec::new()));
        watchers.send_modify(|watchers| watchers.push(watcher));
        let mut watchers = watchers.subscribe();
        // They are told at the beginning.
        watchers.mark_changed();
        drop(taken);
        Some(Place {
            places: self.clone(),
            vm,
            number,
            hand,
            watchers,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The viewer's number.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// What the viewer may do.
    pub(super) fn hand(&self) -> Hand {
        self.hand
    }

    /// Who looks, as soon as that is another than was told. Cancelling the wait loses nothing.
    pub(super) async fn changed(&mut self) -> Vec<ScreenWatcher> {
        if self.watchers.changed().await.is_err() {
            // As long as this place is taken there is somebody, so this cannot be.
            std::future::pending::<()>().await;
        }
        self.watchers.borrow_and_update().clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.count = taken.count.saturating_sub(1);
        let is_empty = taken.by_vm.get(&self.vm).is_some_and(|watchers| {
            watchers.send_modify(|watchers| watchers.retain(|other| other.number != self.number));
            watchers.borrow().is_empty()
        });
        if is_empty {
            taken.by_vm.remove(&self.vm);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::VmId;

    #[test]
    fn places_are_bounded_and_free_again() {
        let places = Places::default();
        let vm = |n| VmId(uuid::Uuid::from_u128(n));
        let take = |n| places.take(vm(n), "ada", Hand::Free, UnixMillis(1));
        let mut all: Vec<_> = std::iter::from_fn(|| take(1)).collect();
        assert_eq!(all.len(), VIEWERS);
        all.pop();
        assert!(take(1).is_some());
        let others: Vec<_> = (2..).map_while(take).collect();
        assert_eq!(all.len() + others.len(), SCREENS);
        drop((all, others));
        assert!(places.lock().by_vm.is_empty());
        assert_eq!(places.lock().count, 0);
    }
}
