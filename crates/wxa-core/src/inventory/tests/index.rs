//! Whoever follows the index has, at every moment at which nothing is left to tell, every VM it may see in brief and in full
//! those that it watches.
use super::{
    property::{any_command, any_grants, keyed},
    *,
};
use crate::inventory::{IndexFeed, IndexItem, index::SharedBases};
use futures::FutureExt;
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use wxa_model::VmId;

/// A tab, as far as it takes in what it is told.
#[derive(Default)]
struct Tab {
    revision: u64,
    others: BTreeMap<Key, Object>,
    vms: BTreeMap<VmId, Vm>,
    watched: HashSet<VmId>,
}

impl Tab {
    fn watch(&mut self, vms: HashSet<VmId>) {
        for (id, vm) in &mut self.vms {
            if !vms.contains(id) {
                *vm = vm.brief();
            }
        }
        self.watched = vms;
    }

    fn take(&mut self, item: IndexItem) {
        for object in item.own {
            let Object::Vm(vm) = object else { panic!() };
            assert!(self.watched.contains(&vm.id), "told what it does not watch");
            self.vms.insert(vm.id, vm);
        }
        let Some(base) = item.base else {
            assert_eq!(item.told, self.revision);
            return;
        };
        match base.from {
            Some(from) => assert_eq!(from, self.revision, "a difference fits what the tab has"),
            None => {
                self.others.clear();
                let named: HashSet<VmId> = base.vms().map(|vm| vm.id).collect();
                self.vms.retain(|id, _| named.contains(id));
            }
        }
        self.revision = base.to;
        for change in &base.changes {
            match change {
                Change::Put {
                    object: Object::Vm(_),
                } => panic!("a VM in full is nobody's base"),
                Change::Put { object } => drop(self.others.insert(object.key(), object.clone())),
                Change::Gone { key: Key::Vm(id) } => drop(self.vms.remove(id)),
                Change::Gone { key } => drop(self.others.remove(key)),
            }
        }
        for vm in base.vms() {
            let brief = match self.vms.get(&vm.id).filter(|_| self.watched.contains(&vm.id)) {
                Some(known) => vm.brief().with_details_of(known),
                None => vm.brief(),
            };
            self.vms.insert(vm.id, brief);
        }
    }

    fn is_at(&self, now: &Published, grants: &[Grant]) -> Result<(), TestCaseError> {
        for (key, object) in keyed(now.view(grants)) {
            match object {
                Object::Vm(vm) => {
                    let expected = if self.watched.contains(&vm.id) {
                        vm
                    } else {
                        vm.brief()
                    };
                    prop_assert_eq!(self.vms.get(&expected.id), Some(&expected));
                }
                object => prop_assert_eq!(self.others.get(&key), Some(&object)),
            }
        }
        let seen = |key: &Key| now.sees(grants, *key);
        prop_assert!(self.others.keys().all(seen));
        prop_assert!(self.vms.keys().all(|vm| seen(&Key::Vm(*vm))));
        Ok(())
    }
}

fn any_watch() -> impl Strategy<Value = Option<HashSet<VmId>>> {
    let vms = proptest::collection::hash_set((0u128..4).prop_map(vm_id), 0..3);
    prop_oneof![2 => Just(None), 1 => vms.prop_map(Some)]
}

proptest! {
    #[test]
    fn the_index_with_what_is_watched_is_the_view_at_every_revision(
        history in proptest::collection::vec(
            (proptest::collection::vec(any_command(), 1..6), any_watch(), any::<bool>(), any::<bool>()),
            1..30,
        ),
        grants in any_grants(),
    ) {
        let grants: Arc<[Grant]> = grants.into();
        let mut state = State::new(7);
        let (publish, published) = watch::channel(Arc::new(Published::empty(7)));
        let shared = SharedBases::default();
        let feed = |from| IndexFeed::new(published.clone(), shared.clone(), grants.clone(), from);
        let mut followed = feed(None);
        let mut tab = Tab::default();
        for (batch, watched, reads, reconnects) in history {
            batch.into_iter().for_each(|command| state.apply(command));
            if let Some(next) = state.commit() {
                publish.send_replace(Arc::new(next));
            }
            if reconnects {
                followed = feed(Some((7, tab.revision)));
                followed.watch(tab.watched.iter().copied());
            }
            if let Some(watched) = watched {
                followed.watch(watched.iter().copied());
                tab.watch(watched);
            }
            // One that does not read for a while gets the sum of what it missed.
            if reads {
                while let Some(item) = followed.next().now_or_never() {
                    tab.take(item.unwrap());
                }
                let now = published.borrow().clone();
                tab.is_at(&now, &grants)?;
            }
        }
        drop(publish);
    }
}

fn noted(text: &str) -> InventoryCmd {
    InventoryCmd::PutOwn(
        OwnKey::Vm(vm_id(1)),
        OwnRecord {
            tags: Vec::new(),
            notes: text.into(),
        },
    )
}

#[test]
fn a_change_of_details_is_told_to_those_who_watch_and_to_nobody_else() {
    let (mut state, first) = after(resync(vec![
        vm(1, PowerState::Running),
        vm(2, PowerState::Halted),
    ]));
    let (publish, published) = watch::channel(Arc::new(first));
    let shared = SharedBases::default();
    let feed = || {
        let grants = everywhere(Role::Viewer).into();
        IndexFeed::new(published.clone(), shared.clone(), grants, None)
    };
    let mut next = [feed(), feed()];
    next[1].watch([vm_id(1)]);
    let whole = next
        .each_mut()
        .map(|feed| feed.next().now_or_never().flatten().unwrap());
    assert_eq!((whole[0].own.len(), whole[1].own.len()), (0, 1));
    let bases = whole.map(|item| item.base.unwrap());
    assert!(Arc::ptr_eq(&bases[0], &bases[1]), "what is the same is made once");

    state.apply(noted("ask first"));
    publish.send_replace(Arc::new(state.commit().unwrap()));
    assert!(
        next[0].next().now_or_never().is_none(),
        "nothing of it is in an index"
    );
    let told = next[1].next().now_or_never().flatten().unwrap();
    assert!(told.base.is_none());
    assert!(matches!(&told.own[..], [Object::Vm(vm)] if vm.notes == "ask first"));

    state.apply(says(DriverEvent::Changed(vm(1, PowerState::Paused))));
    publish.send_replace(Arc::new(state.commit().unwrap()));
    let told = next
        .each_mut()
        .map(|feed| feed.next().now_or_never().flatten().unwrap());
    let bases = told.map(|item| item.base.unwrap());
    assert_eq!(bases[0].from, Some(1), "it goes on from what the tab has");
    assert_eq!(
        bases[0].vms().map(|vm| vm.power).collect::<Vec<_>>(),
        [PowerState::Paused]
    );
    assert!(Arc::ptr_eq(&bases[0], &bases[1]));
}
