//! Whatever happens: a view with its difference applied is the view now, for whatever grants.
use super::*;
use crate::inventory::{FeedItem, InventoryFeed};
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use wxa_driver::Member;
use wxa_model::{Action, HostFacts, HostKind, Link, VmId};

fn host_n(n: u8) -> HostId {
    HostId(Uuid::from_u128(0x20 + u128::from(n)))
}

/// In the pool, which is the last host.
fn member_n(n: u8) -> HostId {
    HostId(Uuid::from_u128(0x30 + u128::from(n)))
}

fn kind(host: u8) -> HostKind {
    if host == 2 {
        HostKind::Pool
    } else {
        HostKind::Plain
    }
}

fn site_n(n: u8) -> SiteId {
    SiteId(Uuid::from_u128(0x10 + u128::from(n)))
}

fn tags(bits: u8) -> Vec<String> {
    let all = ["prod", "lab"].iter().enumerate();
    all.filter(|(bit, _)| bits & (1 << bit) != 0)
        .map(|(_, tag)| (*tag).to_owned())
        .collect()
}

pub(super) fn any_command() -> impl Strategy<Value = InventoryCmd> {
    let vm = (0u128..4, any::<bool>(), 0u8..4, "[ab]", 0u8..3).prop_map(|(n, runs, bits, name, on)| {
        let power = if runs {
            PowerState::Running
        } else {
            PowerState::Halted
        };
        Vm {
            host: member_n(on),
            name,
            tags: tags(bits),
            ..vm(n, power)
        }
    });
    let event = prop_oneof![
        1 => Just(DriverEvent::ResyncBegin),
        1 => Just(DriverEvent::ResyncEnd),
        6 => vm.prop_map(DriverEvent::Changed),
        1 => (0u128..4).prop_map(|n| DriverEvent::Gone(vm_id(n))),
        3 => (0u8..3, any::<bool>(), "[ab]").prop_map(|(n, live, name)| DriverEvent::Member(Member {
            id: member_n(n),
            name,
            address: String::new(),
            live,
            facts: HostFacts::default(),
        })),
        1 => (0u8..3).prop_map(|n| DriverEvent::MemberGone(member_n(n))),
    ];
    prop_oneof![
        1 => (0u8..2, any::<bool>()).prop_map(|(n, other)| InventoryCmd::PutSite(Site {
            id: site_n(n),
            name: if other { "A" } else { "B" }.into(),
        })),
        1 => (0u8..2).prop_map(|n| InventoryCmd::RemoveSite(site_n(n))),
        3 => (0u8..3, 0u8..2, "[ab]").prop_map(|(host, site, name)| InventoryCmd::PutHost(HostRecord {
            site: site_n(site),
            kind: kind(host),
            name,
            ..record(host_n(host))
        })),
        3 => (0u8..10, 0u8..4, "[ab]?").prop_map(|(n, bits, notes)| {
            let on = match n {
                0..3 => OwnKey::Host(host_n(n)),
                7.. => OwnKey::Host(member_n(n - 7)),
                _ => OwnKey::Vm(vm_id(u128::from(n - 3))),
            };
            InventoryCmd::PutOwn(on, OwnRecord { tags: tags(bits), notes })
        }),
        1 => (0u8..3).prop_map(|n| InventoryCmd::RemoveHost(host_n(n))),
        9 => (prop_oneof![1 => Just(0u8), 1 => Just(1), 2 => Just(2)], event).prop_map(|(host, event)| said(host_n(host), event)),
        1 => (0u8..3, any::<bool>()).prop_map(|(host, up)| InventoryCmd::Link {
            host: host_n(host),
            link: if up { Link::Up } else { Link::Connecting },
            heard: None,
        }),
        2 => (0u128..4, 0u128..4, 0u8..3).prop_map(|(id, on, host)| InventoryCmd::PutTask(task(id, vm_id(on), host_n(host)))),
        1 => (0u128..4).prop_map(|id| InventoryCmd::RemoveTask(task_id(id))),
    ]
}

fn task_id(n: u128) -> TaskId {
    TaskId(Uuid::from_u128(n))
}

fn task(n: u128, vm: VmId, host: HostId) -> Task {
    Task {
        id: task_id(n),
        action: Action::VmStart,
        vm,
        vm_name: "x".into(),
        host,
        on: None,
        by: "me".into(),
        started_at: UnixMillis(1),
        ended_at: None,
        step: String::new(),
        percent: None,
        outcome: None,
        cancel: wxa_model::Cancel::No,
    }
}

pub(super) fn any_grants() -> impl Strategy<Value = Vec<Grant>> {
    let scope = prop_oneof![
        Just(Scope::Everything),
        (0u8..2).prop_map(|n| Scope::Site(site_n(n))),
        (0u8..3).prop_map(|n| Scope::Host(host_n(n))),
        Just(Scope::Tag("prod".into())),
    ];
    proptest::collection::vec(
        scope.prop_map(|scope| Grant {
            role: Role::Viewer,
            scope,
        }),
        0..3,
    )
}

pub(super) fn keyed(objects: Vec<Object>) -> BTreeMap<Key, Object> {
    objects.into_iter().map(|object| (object.key(), object)).collect()
}

proptest! {
    #[test]
    fn a_view_with_its_delta_applied_is_the_view_now(
        batches in proptest::collection::vec(proptest::collection::vec(any_command(), 1..6), 1..30),
        grants in any_grants(),
    ) {
        let mut state = State::new(7);
        let mut pictures = vec![Published::empty(7)];
        for batch in batches {
            batch.into_iter().for_each(|command| state.apply(command));
            pictures.extend(state.commit());
        }
        let now = pictures.last().unwrap();
        let view_now = keyed(now.view(&grants));
        for before in &pictures {
            let mut view = keyed(before.view(&grants));
            let changes = delta_since(now, before.revision, &grants).unwrap();
            let mut keys = HashSet::new();
            for change in changes {
                match change {
                    Change::Put { object } => {
                        prop_assert!(keys.insert(object.key()), "two changes for one object");
                        prop_assert!(view_now.contains_key(&object.key()), "told what it must not see");
                        view.insert(object.key(), object);
                    }
                    Change::Gone { key } => {
                        prop_assert!(keys.insert(key), "two changes for one object");
                        let container = matches!(key, Key::Site(_) | Key::Host(_));
                        prop_assert!(view.remove(&key).is_some() || container, "told of what it never saw");
                    }
                }
            }
            prop_assert_eq!(&view, &view_now);
        }
    }

    #[test]
    fn whoever_has_a_picture_of_another_run_or_of_a_later_one_gets_a_whole_one(
        batches in proptest::collection::vec(proptest::collection::vec(any_command(), 1..6), 1..10),
        revision in any::<u64>(),
        grants in any_grants(),
    ) {
        let mut state = State::new(7);
        let mut pictures = vec![Published::empty(7)];
        for batch in batches {
            batch.into_iter().for_each(|command| state.apply(command));
            pictures.extend(state.commit());
        }
        let now = Arc::new(pictures.pop().unwrap());
        let (publish, published) = watch::channel(now.clone());
        let whole = keyed(now.view(&grants));
        for from in [Some((8, revision)), Some((7, now.revision.saturating_add(revision).saturating_add(1))), None] {
            let mut feed = InventoryFeed::new(published.clone(), grants.clone().into(), from);
            match futures::FutureExt::now_or_never(feed.next()) {
                Some(Some(FeedItem::Snapshot { epoch: 7, revision, objects })) => {
                    prop_assert_eq!(revision, now.revision);
                    prop_assert_eq!(keyed(objects), whole.clone());
                }
                other => return Err(TestCaseError::fail(format!("{from:?}: {other:?}"))),
            }
        }
        drop(publish);
    }
}
