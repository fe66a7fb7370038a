//! Consoles.
use wxa_core::AuditOutcome;
use wxa_model::VmId;
use wxa_sim::sentinels;
use wxa_testkit::{Client, ConsoleClient, TestApp, wait_until};
use wxa_wire::{ConsoleQuery, ConsoleStatus, close, operation as op};

async fn open(client: &Client, vm: VmId) -> ConsoleClient {
    client.console(vm, &ConsoleQuery::default()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_reaches_the_guest_and_everybody_sees_the_answer() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let otto = app.operator_on(app.host(0).1).await;
    let mut hers = open(&anna, vm).await;
    hers.connected().await;
    let mut his = open(&otto, vm).await;
    his.connected().await;
    hers.wait_until("both are named", |console| console.viewers.len() == 2)
        .await;

    hers.type_text("\r").await;
    hers.wait_for("login:").await;
    hers.type_text("zebra-4711").await;
    hers.wait_for("zebra-4711").await;
    his.wait_for("zebra-4711").await;
    let row = app
        .audit()
        .await
        .into_iter()
        .find(|row| row.what == "console_open" && row.by == "admin");
    let row = row.expect("the opening is on record");
    assert_eq!((row.on.as_str(), row.outcome), ("web-01", None), "it is open");
    anna.call::<op::SessionDelete>(wxa_wire::operation::NoId, ())
        .await
        .expect("signed out");
    hers.closed().await;
    let row = wait_until("the row of her console has ended", || async {
        let rows = app.audit().await;
        let row = rows.into_iter().find(|other| other.id == row.id);
        row.clone().filter(|row| row.ended_at.is_some()).ok_or(row)
    })
    .await;
    assert_eq!(
        (row.outcome, row.detail.as_str()),
        (Some(AuditOutcome::Done), "The session ended.")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_drop_only_what_was_missed_is_replayed() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let mut other = open(&anna, vm).await;
    other.connected().await;
    let mut first = open(&anna, vm).await;
    first.connected().await;
    first.type_text("before").await;
    first.wait_for("before").await;
    let query = ConsoleQuery {
        epoch: Some(first.epoch),
        from: Some(first.offset),
        kind: None,
        at: None,
    };
    drop(first);
    other.type_text("-between").await;
    other.wait_for("-between").await;

    let mut second = anna.console(vm, &query).await;
    second.wait_for("between").await;
    assert_eq!(Some(second.began_at), query.from);
    assert!(!second.text().contains("before"), "{:?}", second.text());
    let mut third = open(&anna, vm).await;
    third.wait_for("before-between").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_goes_on_when_the_guest_reboots() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let mut console = open(&anna, vm).await;
    console.connected().await;
    console.type_text("\r").await;
    console.wait_for("login:").await;
    console.clear();
    anna.call::<op::VmReboot>(vm, ()).await.expect("accepted");
    console.wait_for("login:").await;
    console.connected().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_of_a_halted_guest_comes_when_it_is_started() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("build-01"));
    let mut console = open(&anna, vm).await;
    console
        .wait_until("it waits", |console| {
            console.status == Some(ConsoleStatus::NotRunning)
        })
        .await;
    anna.call::<op::VmStart>(vm, ()).await.expect("accepted");
    console.connected().await;
    console.wait_for("login:").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_that_somebody_else_holds_is_shown_as_held() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let anna = app.admin().await;
    let mut console = open(&anna, app.vm_id(sentinels::LOCK_HELD)).await;
    console
        .wait_until("it is held", |console| {
            matches!(console.status, Some(ConsoleStatus::Held { .. }))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_ends_with_its_session_and_takes_no_text_frames() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let mut rude = open(&anna, vm).await;
    rude.socket().send_text("{}").await;
    assert_eq!(rude.closed().await.code, Some(close::BAD_REQUEST));

    let console = open(&anna, vm).await;
    anna.call::<op::SessionDelete>(wxa_wire::operation::NoId, ())
        .await
        .expect("signed out");
    assert_eq!(console.closed().await.code, Some(close::SIGNED_OUT));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_no_console_of_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let anna = app.admin().await;
    let nothing = open(&anna, VmId(uuid::Uuid::nil())).await;
    assert_eq!(nothing.closed().await.code, Some(close::NOT_FOUND));
    let nonsense = anna.socket("/api/v1/vms/nonsense/console").await;
    assert_eq!(nonsense.closed().await.code, Some(close::NOT_FOUND));
}
