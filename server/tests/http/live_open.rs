//! The live socket.
use wxa_model::PowerState;
use wxa_testkit::TestApp;
use wxa_wire::{close, operation as op};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_drop_only_the_difference_is_sent() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let mut before = admin.live().await;
    before
        .wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    let (epoch, revision, objects) = (before.epoch, before.revision, before.objects.clone());
    drop(before);
    admin.call::<op::VmPause>(vm, ()).await.expect("accepted");

    let mut after = admin.live_from(epoch, revision).await;
    after.objects = objects;
    after
        .wait_until("the change is told", |live| {
            live.power(vm) == Some(PowerState::Paused)
        })
        .await;
    assert_eq!(after.snapshots, 0, "no second picture");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_a_picture_of_another_run_gets_a_new_one() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let mut live = admin.live_from(app.core().epoch() + 1, 5).await;
    live.wait_until("a picture", |live| live.snapshots == 1).await;
    assert_eq!(live.epoch, app.core().epoch());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measurements_come_when_they_are_wished_for() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (web, db) = (app.vm_id("web-01"), app.vm_id("db-01"));
    let mut live = admin.live().await;
    live.wish(vec![web]).await;
    live.wait_until("a measurement", |live| {
        live.vm_samples
            .get(&web)
            .is_some_and(|sample| sample.cpu.is_some())
    })
    .await;
    assert!(!live.vm_samples.contains_key(&db), "only what was wished for");
    assert!(live.host_samples.contains_key(&app.host(0).1), "hosts always");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_that_comes_later_gets_the_last_minute_first_and_not_of_what_it_may_not_see() {
    let one = super::fleet::host("xen-1");
    let two = super::fleet::other_host("xen-2");
    let app = TestApp::builder().with_host(one).with_host(two).start().await;
    let (web, mail) = (app.vm_id("web-01"), app.vm_id("mail-01"));
    let admin = app.admin().await;
    let mut first = admin.live().await;
    first.wish(vec![web, mail]).await;
    first
        .wait_until("three measurements", |live| {
            live.moments(web).len() >= 3 && live.moments(mail).len() >= 3
        })
        .await;
    let latest = first.moments(mail).last().copied();

    let mut later = app.operator_on(app.host(1).1).await.live().await;
    later.wish(vec![web, mail]).await;
    later
        .wait_until("the minute before", |live| live.moments(mail).len() >= 3)
        .await;
    assert!(
        later.moments(web).is_empty(),
        "another host's VM is not to be seen"
    );
    let moments = later.moments(mail);
    assert!(moments.is_sorted(), "{moments:?}");
    assert!(
        moments.first().copied() < latest,
        "{moments:?} begins before it came"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_speak_the_protocol_is_told_so() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for frame in ["{}", "not json", r#"{"samples":{"wish":"nothing"}}"#] {
        let mut socket = admin.socket("/api/v1/live").await;
        socket.send_text(frame).await;
        assert_eq!(socket.closed().await.code, Some(close::BAD_REQUEST), "{frame}");
    }
    let mut live = admin.live().await;
    live.socket().send_bytes(b"binary").await;
    assert_eq!(live.closed().await.code, Some(close::BAD_REQUEST));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_says_so_and_stops_in_time() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let mut live = admin.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    let (closed, ()) = tokio::join!(live.closed(), app.stop());
    assert_eq!(closed.code, Some(close::GOING_AWAY));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_session_has_so_many_sockets_and_no_more() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut open = Vec::new();
    for _ in 0..32 {
        let mut live = admin.live().await;
        live.wait_until("the first picture", |live| live.snapshots == 1)
            .await;
        open.push(live);
    }
    assert_eq!(
        admin.socket("/api/v1/live").await.closed().await.code,
        Some(close::TOO_MANY)
    );
}
