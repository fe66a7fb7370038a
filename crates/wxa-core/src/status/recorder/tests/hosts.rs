//! VMs and hosts: what ends a span, and what does not.
use super::*;
use crate::test_driver::vm;
use Standing::{Down, Unknown, Up};
use wxa_model::PowerState::{Halted, Paused, Running};

#[tokio::test]
async fn a_vm_is_up_while_it_runs() {
    let rig = Rig::start().await;
    assert_eq!(rig.stand(a_vm(1)), Stand::UNKNOWN);
    rig.lists(vec![vm(1, Running), vm(2, Halted)]).await;
    rig.pass(60_000).await;
    rig.says(DriverEvent::Changed(vm(1, Halted))).await;
    rig.says(DriverEvent::Changed(vm(2, Running))).await;
    rig.pass(10_000).await;
    rig.says(DriverEvent::Changed(vm(1, Paused))).await;
    rig.pass(10_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 65_000, Up), (65_000, 80_000, Down)]);
    assert_eq!(rig.told(a_vm(2)).await, [(0, 65_000, Down), (65_000, 80_000, Up)]);
    assert_eq!(rig.told(Watched::Host(HOST)).await, [(0, 80_000, Up)]);
    assert_eq!(rig.stand(a_vm(1)).since, Some(UnixMillis(START + 65_000)));
}

#[tokio::test]
async fn a_new_name_other_details_and_another_member_end_nothing() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(20_000).await;
    let revision = rig.handle.standings().revision;
    let mut other = vm(1, Running);
    other.name = "shop-2".into();
    other.vcpus = 8;
    other.native_id = Some("77".into());
    other.host = HostId(Uuid::from_u128(99));
    rig.says(DriverEvent::Changed(other)).await;
    let renamed = crate::inventory::HostRecord {
        name: "xen-one".into(),
        address: "root@192.0.2.9:22".into(),
        ..record(HOST)
    };
    rig.inventory.send(InventoryCmd::PutHost(renamed)).await;
    rig.pass(20_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 40_000, Up)]);
    assert_eq!(rig.handle.standings().revision, revision, "nobody was woken");
}

#[tokio::test]
async fn a_vm_that_moves_to_another_host_of_the_site_goes_on() {
    let rig = Rig::start().await;
    let other = HostId(Uuid::from_u128(42));
    rig.inventory.send(InventoryCmd::PutHost(record(other))).await;
    let there = |event| InventoryCmd::Driver {
        host: other,
        at: rig.now(),
        event,
    };
    rig.inventory.send(there(DriverEvent::ResyncBegin)).await;
    rig.inventory.send(there(DriverEvent::ResyncEnd)).await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(20_000).await;
    let mut moved = vm(1, Running);
    moved.host = other;
    rig.inventory.send(there(DriverEvent::Changed(moved))).await;
    rig.says(DriverEvent::Gone(vm_id(1))).await;
    rig.pass(20_000).await;
    assert_eq!(rig.inventory.now().vm(vm_id(1)).unwrap().0.host, other);
    assert_eq!(rig.told(a_vm(1)).await, [(0, 40_000, Up)]);
}

#[tokio::test]
async fn without_word_from_a_host_all_on_it_is_unknown_since_its_last_word() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running), vm(2, Halted)]).await;
    rig.pass(30_000).await;
    let heard = rig.now();
    rig.pass(10_000).await;
    rig.loses(HOST, heard).await;
    assert_eq!(
        rig.stand(a_vm(1)),
        Stand {
            standing: Unknown,
            since: Some(heard)
        }
    );
    rig.pass(50_000).await;
    rig.lists(vec![vm(1, Running), vm(2, Running)]).await;
    rig.pass(10_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 30_000, Up), (90_000, 100_000, Up)]);
    assert_eq!(
        rig.told(a_vm(2)).await,
        [(0, 30_000, Down), (90_000, 100_000, Up)]
    );
    assert_eq!(
        rig.told(Watched::Host(HOST)).await,
        [(0, 30_000, Up), (90_000, 100_000, Up)]
    );
}

#[tokio::test]
async fn a_host_whose_credentials_are_refused_is_unknown_since_its_last_word() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(30_000).await;
    let link = Link::Unauthenticated { why: "no".into() };
    let heard = Some(UnixMillis(START + 25_000));
    rig.inventory
        .send(InventoryCmd::Link {
            host: HOST,
            link,
            heard,
        })
        .await;
    rig.pass(5_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 25_000, Up)]);
}

#[tokio::test]
async fn a_vm_that_is_deleted_ends_and_is_unknown_from_then_on() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running), vm(2, Running)]).await;
    rig.pass(30_000).await;
    rig.says(DriverEvent::Gone(vm_id(1))).await;
    rig.look(0).await;
    rig.lists(Vec::new()).await;
    rig.pass(30_000).await;
    for n in [1, 2] {
        assert_eq!(rig.told(a_vm(n)).await, [(0, 30_000, Up)]);
        assert_eq!(rig.stand(a_vm(n)).standing, Unknown);
    }
    rig.says(DriverEvent::Changed(vm(1, Running))).await;
    rig.pass(10_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 30_000, Up), (65_000, 70_000, Up)]);
}

#[tokio::test]
async fn a_host_that_is_removed_and_added_anew_goes_on_with_the_past_of_its_vms() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(30_000).await;
    rig.inventory.send(InventoryCmd::RemoveHost(HOST)).await;
    rig.pass(20_000).await;
    assert_eq!(rig.stand(a_vm(1)).standing, Unknown);
    rig.inventory.send(InventoryCmd::PutHost(record(HOST))).await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(10_000).await;
    let (first, second) = ((0, 35_000, Up), (50_000, 60_000, Up));
    assert_eq!(rig.told(a_vm(1)).await, [first, second]);
}

#[tokio::test]
async fn a_thousand_vms_that_come_and_go_at_once_are_all_recorded() {
    let rig = Rig::start().await;
    rig.lists((0..1200).map(|n| vm(n, Running)).collect()).await;
    rig.pass(5_000).await;
    rig.loses(HOST, rig.now()).await;
    rig.pass(5_000).await;
    let of: Vec<_> = (0..1200).map(a_vm).collect();
    let spans = rig.handle.spans_of(&of, UnixMillis(0), rig.now()).await.unwrap();
    assert_eq!(spans.len(), 1200);
    assert!(
        spans
            .values()
            .all(|spans| spans.iter().map(short).eq([(0, 5_000, Up)]))
    );
}

#[tokio::test]
async fn more_vms_than_the_inventory_remembers_changes_of_end_when_their_host_is_removed() {
    const MANY: u128 = 4200;
    let rig = Rig::start().await;
    rig.lists((0..MANY).map(|n| vm(n, Running)).collect()).await;
    rig.pass(5_000).await;
    let before = rig.inventory.now().revision;
    rig.inventory.send(InventoryCmd::RemoveHost(HOST)).await;
    rig.inventory.settled().await;
    let changed = rig.inventory.now().changed_since(before);
    assert_eq!(changed, None, "too much to be told as changes");
    rig.pass(5_000).await;
    rig.pass(5_000).await;
    let standings = rig.handle.standings();
    let up = (0..MANY).filter(|n| standings.of(a_vm(*n)).standing == Up);
    assert_eq!(up.count(), 0);
    assert_eq!(rig.told(a_vm(7)).await, [(0, 10_000, Up)]);
    assert_eq!(rig.told(Watched::Host(HOST)).await, [(0, 10_000, Up)]);
}
