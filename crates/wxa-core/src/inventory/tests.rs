//! What hosts report becomes a picture; what callers see of it, and the difference between two pictures.
use super::{delta::delta_since, state::State, *};
use crate::{
    supervisor::Supervisor,
    test_driver::{HOST, SITE, record, soon, vm, vm_id},
};
use uuid::Uuid;
use wxa_model::{Change, Grant, Key, Object, PowerState, Role, Scope, UnixMillis, Vm};

fn says(event: DriverEvent) -> InventoryCmd {
    said(HOST, event)
}

fn said(host: HostId, event: DriverEvent) -> InventoryCmd {
    InventoryCmd::Driver {
        host,
        at: UnixMillis(5),
        event,
    }
}

fn after(commands: Vec<InventoryCmd>) -> (State, Published) {
    let mut state = State::new(7);
    state.apply(InventoryCmd::PutSite(Site {
        id: SITE,
        name: "Home".into(),
    }));
    state.apply(InventoryCmd::PutHost(record(HOST)));
    for command in commands {
        state.apply(command);
    }
    let published = state.commit().unwrap();
    (state, published)
}

fn resync(vms: Vec<Vm>) -> Vec<InventoryCmd> {
    let listed = vms.into_iter().map(|vm| says(DriverEvent::Listed(vm)));
    let begin = [says(DriverEvent::ResyncBegin)];
    begin
        .into_iter()
        .chain(listed)
        .chain([says(DriverEvent::ResyncEnd)])
        .collect()
}

fn everywhere(role: Role) -> Vec<Grant> {
    vec![Grant {
        role,
        scope: Scope::Everything,
    }]
}

#[test]
fn what_was_not_listed_in_a_resync_is_gone_at_its_end() {
    let (mut state, _) = after(resync(vec![
        vm(1, PowerState::Running),
        vm(2, PowerState::Halted),
    ]));
    let mut commands = resync(vec![vm(2, PowerState::Halted)]);
    let end = commands.pop().unwrap();
    commands.into_iter().for_each(|command| state.apply(command));
    assert!(state.commit().is_none(), "nothing is different before the end");
    state.apply(end);
    let published = state.commit().unwrap();
    assert!(published.vm(vm_id(1)).is_none());
    assert!(published.vm(vm_id(2)).is_some());
}

#[test]
fn a_vm_that_changed_during_a_resync_was_listed() {
    let (mut state, _) = after(resync(vec![]));
    state.apply(says(DriverEvent::ResyncBegin));
    state.apply(says(DriverEvent::Changed(vm(1, PowerState::Running))));
    state.apply(says(DriverEvent::ResyncEnd));
    assert!(state.commit().unwrap().vm(vm_id(1)).is_some());
}

#[test]
fn a_host_is_up_only_when_everything_was_listed() {
    let (mut state, published) = after(vec![says(DriverEvent::ResyncBegin)]);
    assert_eq!(published.host(HOST).unwrap().0.link, Link::Connecting);
    state.apply(says(DriverEvent::ResyncEnd));
    let published = state.commit().unwrap();
    let host = published.host(HOST).unwrap().0;
    assert_eq!((&host.link, host.last_word), (&Link::Up, Some(UnixMillis(5))));
}

#[test]
fn vms_of_a_lost_host_stay_listed_and_its_last_word_is_told() {
    let (mut state, _) = after(resync(vec![vm(1, PowerState::Running)]));
    let link = Link::Down {
        since: UnixMillis(9),
        why: "cable".into(),
        retry_at: UnixMillis(10),
    };
    state.apply(InventoryCmd::Link {
        host: HOST,
        link: link.clone(),
        heard: Some(UnixMillis(9)),
    });
    let published = state.commit().unwrap();
    let host = published.host(HOST).unwrap().0;
    assert_eq!((&host.link, host.last_word), (&link, Some(UnixMillis(9))));
    assert!(published.vm(vm_id(1)).is_some());
}

#[test]
fn a_heartbeat_and_a_repetition_are_no_revision() {
    let (mut state, _) = after(resync(vec![vm(1, PowerState::Running)]));
    state.apply(InventoryCmd::Driver {
        host: HOST,
        at: UnixMillis(99),
        event: DriverEvent::Alive,
    });
    state.apply(says(DriverEvent::Changed(vm(1, PowerState::Running))));
    resync(vec![vm(1, PowerState::Running)])
        .into_iter()
        .for_each(|command| state.apply(command));
    assert!(state.commit().is_none());
}

#[test]
fn a_vm_on_two_hosts_is_shown_where_it_runs() {
    let other = HostId(Uuid::from_u128(3));
    let (mut state, published) = after(vec![
        InventoryCmd::PutHost(record(other)),
        says(DriverEvent::Changed(vm(1, PowerState::Halted))),
        said(other, DriverEvent::Changed(vm(1, PowerState::Running))),
    ]);
    assert_eq!(published.vm(vm_id(1)).unwrap().0.host, other);
    state.apply(said(other, DriverEvent::Changed(vm(1, PowerState::Halted))));
    let published = state.commit().unwrap();
    assert_eq!(
        published.vm(vm_id(1)).unwrap().0.host,
        other,
        "it stays where it was shown"
    );
    state.apply(said(other, DriverEvent::Gone(vm_id(1))));
    let published = state.commit().unwrap();
    assert_eq!(published.vm(vm_id(1)).unwrap().0.host, HOST);
}

#[test]
fn a_forgotten_host_takes_its_vms_with_it() {
    let (mut state, _) = after(resync(vec![vm(1, PowerState::Running)]));
    state.apply(InventoryCmd::RemoveHost(HOST));
    let published = state.commit().unwrap();
    assert_eq!(
        published.view(&everywhere(Role::Viewer)).len(),
        1,
        "only the site is left"
    );
    state.apply(says(DriverEvent::Changed(vm(1, PowerState::Running))));
    assert!(
        state.commit().is_none(),
        "a late word of a forgotten host is nothing"
    );
}

#[test]
fn a_tag_shows_the_vm_with_its_host_and_site_and_nothing_else() {
    let mut prod = vm(1, PowerState::Running);
    prod.tags = vec!["prod".into()];
    let (mut state, published) = after(resync(vec![prod.clone(), vm(2, PowerState::Running)]));
    let grants = [Grant {
        role: Role::Viewer,
        scope: Scope::Tag("prod".into()),
    }];
    let keys: Vec<Key> = published.view(&grants).iter().map(Object::key).collect();
    assert_eq!(keys, [Key::Site(SITE), Key::Host(HOST), Key::Vm(vm_id(1))]);

    prod.tags.clear();
    state.apply(says(DriverEvent::Changed(prod)));
    let now = state.commit().unwrap();
    let gone = |key| Change::Gone { key };
    assert_eq!(
        delta_since(&now, published.revision, &grants).unwrap(),
        [
            gone(Key::Site(SITE)),
            gone(Key::Host(HOST)),
            gone(Key::Vm(vm_id(1)))
        ]
    );
}

#[test]
fn whoever_missed_too_much_gets_no_difference() {
    let (mut state, first) = after(resync(vec![vm(1, PowerState::Running)]));
    let mut latest = first.clone();
    for n in 0..=delta::RING as u32 {
        let mut changed = vm(1, PowerState::Running);
        changed.vcpus = n + 2;
        state.apply(says(DriverEvent::Changed(changed)));
        latest = state.commit().unwrap();
    }
    let grants = everywhere(Role::Viewer);
    assert!(delta_since(&latest, first.revision, &grants).is_none());
    assert_eq!(
        delta_since(&latest, latest.revision - 3, &grants).unwrap().len(),
        1,
        "one change for one object"
    );
    assert!(
        delta_since(&latest, latest.revision + 1, &grants).is_none(),
        "that is not one of ours"
    );
}

#[tokio::test(start_paused = true)]
async fn a_feed_goes_on_where_the_caller_was() {
    let supervisor = Supervisor::new();
    let inventory = Inventory::start(7, &supervisor);
    inventory
        .put_site(Site {
            id: SITE,
            name: "Home".into(),
        })
        .await;
    inventory.settled().await;
    let grants: Arc<[Grant]> = everywhere(Role::Viewer).into();
    let feed = |from| InventoryFeed::new(inventory.watch(), grants.clone(), from);

    let mut fresh = feed(None);
    let Some(FeedItem::Snapshot {
        epoch: 7,
        revision: 1,
        objects,
    }) = soon(fresh.next()).await
    else {
        panic!()
    };
    assert_eq!(objects.len(), 1);
    assert_eq!(
        soon(feed(Some((7, 1))).next()).await,
        Some(FeedItem::Delta {
            from: 1,
            to: 1,
            changes: vec![]
        })
    );
    assert!(
        matches!(
            soon(feed(Some((6, 1))).next()).await,
            Some(FeedItem::Snapshot { .. })
        ),
        "another run"
    );

    let renamed = Site {
        id: SITE,
        name: "Away".into(),
    };
    inventory.put_site(renamed.clone()).await;
    let changes = vec![Change::Put {
        object: Object::Site(renamed),
    }];
    assert_eq!(
        soon(fresh.next()).await,
        Some(FeedItem::Delta {
            from: 1,
            to: 2,
            changes
        })
    );

    assert!(supervisor.stop(crate::test_driver::SOON).await.is_empty());
    assert_eq!(soon(fresh.next()).await, None, "the server stops");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_concern_a_caller_is_not_told_and_loses_nothing() {
    let supervisor = Supervisor::new();
    let inventory = Inventory::start(7, &supervisor);
    let other = SiteId(Uuid::from_u128(9));
    inventory
        .put_site(Site {
            id: SITE,
            name: "Home".into(),
        })
        .await;
    inventory
        .put_site(Site {
            id: other,
            name: "Other".into(),
        })
        .await;
    inventory.settled().await;
    let grants = Arc::from([Grant {
        role: Role::Viewer,
        scope: Scope::Site(SITE),
    }]);
    let mut feed = InventoryFeed::new(inventory.watch(), grants, None);
    let Some(FeedItem::Snapshot { revision, .. }) = soon(feed.next()).await else {
        panic!()
    };

    inventory
        .put_site(Site {
            id: other,
            name: "Elsewhere".into(),
        })
        .await;
    inventory.settled().await;
    let mut next = Box::pin(feed.next());
    assert!(futures::poll!(&mut next).is_pending());
    let mine = Site {
        id: SITE,
        name: "Ours".into(),
    };
    inventory.put_site(mine.clone()).await;
    inventory.settled().await;
    let to = inventory.now().revision;
    let changes = vec![Change::Put {
        object: Object::Site(mine),
    }];
    assert_eq!(
        soon(next).await,
        Some(FeedItem::Delta {
            from: revision,
            to,
            changes
        })
    );
}

mod index;
mod pool;
mod property;
