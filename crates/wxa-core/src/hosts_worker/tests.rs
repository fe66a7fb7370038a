//! A host is connected, lost, connected anew, or left alone where trying again would be wrong.
use crate::test_driver::{Bench, HOST, Script, record, soon, until, vm, vm_id};
use std::time::Duration;
use tokio::time::Instant;
use wxa_driver::{DriverEvent, ErrorKind};
use wxa_model::{Link, PowerState, SampleBatch};

fn key_changed() -> ErrorKind {
    ErrorKind::KeyChanged {
        pinned: "SHA256:old".into(),
        seen: "SHA256:new".into(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_host_is_tried_again_and_its_vms_stay_listed() {
    let mut bench = Bench::start().await;
    let inventory = bench.live.inventory.clone();
    let watching = bench.script.listed(vec![vm(1, PowerState::Running)]).await;
    until(&inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link == Link::Up)
    })
    .await;
    let heard = bench.now();

    bench.clock.advance(Duration::from_secs(3));
    watching.lose(ErrorKind::Unreachable, "the cable is out");
    let now = until(&inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| !host.link.is_up())
    })
    .await;
    let Link::Down { since, why, retry_at } = &now.host(HOST).unwrap().0.link else {
        panic!("{now:#?}")
    };
    assert_eq!((*since, why.as_str()), (heard, "the cable is out"));
    assert!(*retry_at > bench.now());
    assert!(now.vm(vm_id(1)).is_some(), "its VMs stay listed");

    bench.script.listed(vec![]).await;
    let now = until(&inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link == Link::Up)
    })
    .await;
    assert!(now.vm(vm_id(1)).is_none());
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn pauses_between_attempts_grow() {
    let mut bench = Bench::start().await;
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let watching = soon(bench.script.watches.recv()).await.unwrap();
        let begun = Instant::now();
        watching.lose(ErrorKind::Unreachable, "no route");
        let next = soon(bench.script.watches.recv()).await.unwrap();
        pauses.push(begun.elapsed());
        next.lose(ErrorKind::Unreachable, "no route");
    }
    assert!(pauses[0] <= Duration::from_millis(1_100), "{pauses:?}");
    assert!(*pauses.last().unwrap() >= Duration::from_secs(15), "{pauses:?}");
    assert!(
        pauses.iter().all(|pause| *pause <= Duration::from_secs(31)),
        "{pauses:?}"
    );
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_administrator_can_have_it_tried_at_once() {
    let mut bench = Bench::start().await;
    for _ in 0..6 {
        soon(bench.script.watches.recv())
            .await
            .unwrap()
            .lose(ErrorKind::Unreachable, "no route");
    }
    let begun = Instant::now();
    until(
        &bench.live.inventory,
        |now| matches!(now.host(HOST), Some((host, _)) if matches!(host.link, Link::Down { .. })),
    )
    .await;
    bench.live.hosts.restart(HOST);
    soon(bench.script.watches.recv()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1));
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_changed_key_stops_everything_until_the_host_is_attached_anew() {
    let mut bench = Bench::start().await;
    soon(bench.script.watches.recv())
        .await
        .unwrap()
        .lose(key_changed(), "another key");
    let stays = Link::KeyChanged {
        pinned: "SHA256:old".into(),
        seen: "SHA256:new".into(),
    };
    until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link == stays)
    })
    .await;
    let hour = tokio::time::timeout(Duration::from_secs(3600), bench.script.watches.recv()).await;
    assert!(hour.is_err(), "it was tried again");

    let mut other = Script::new();
    bench.live.hosts.attach(record(HOST), other.driver.clone()).await;
    other.listed(vec![]).await;
    until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link == Link::Up)
    })
    .await;
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_not_tried_again() {
    let mut bench = Bench::start().await;
    soon(bench.script.watches.recv())
        .await
        .unwrap()
        .lose(ErrorKind::Unauthenticated, "wrong password");
    until(
        &bench.live.inventory,
        |now| matches!(now.host(HOST), Some((host, _)) if matches!(host.link, Link::Unauthenticated { .. })),
    )
    .await;
    let hour = tokio::time::timeout(Duration::from_secs(3600), bench.script.watches.recv()).await;
    assert!(hour.is_err(), "it was tried again");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_was_reported_before_the_end_is_not_lost() {
    let mut bench = Bench::start().await;
    let watching = bench.script.listed(vec![]).await;
    watching
        .say(DriverEvent::Changed(vm(1, PowerState::Running)))
        .await;
    watching.lose(ErrorKind::Unreachable, "gone");
    let now = until(
        &bench.live.inventory,
        |now| matches!(now.host(HOST), Some((host, _)) if matches!(host.link, Link::Down { .. })),
    )
    .await;
    assert!(now.vm(vm_id(1)).is_some());
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_detached_host_is_let_go_and_forgotten() {
    let mut bench = Bench::start().await;
    let mut watching = bench.script.listed(vec![vm(1, PowerState::Running)]).await;
    until(&bench.live.inventory, |now| now.vm(vm_id(1)).is_some()).await;
    bench.live.hosts.detach(HOST).await;
    soon(watching.end.closed()).await;
    let now = until(&bench.live.inventory, |now| now.host(HOST).is_none()).await;
    assert!(now.vm(vm_id(1)).is_none());
    assert!(bench.live.hosts.driver(HOST).is_none());
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn measurements_do_not_touch_the_inventory() {
    let mut bench = Bench::start().await;
    let watching = bench.script.listed(vec![]).await;
    let up = until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link == Link::Up)
    })
    .await;
    for _ in 0..10 {
        watching.say(DriverEvent::Samples(SampleBatch::default())).await;
        watching.say(DriverEvent::Alive).await;
    }
    watching
        .say(DriverEvent::Changed(vm(1, PowerState::Running)))
        .await;
    let now = until(&bench.live.inventory, |now| now.vm(vm_id(1)).is_some()).await;
    assert_eq!(now.revision, up.revision + 1);
    assert_eq!(bench.live.samples.latest().len(), 1);
    bench.stop().await;
}
