//! Sessions that end while sockets are open: how soon each socket hears of it, and what it is told.
use std::time::{Duration, Instant};
use wxa_core::Ctx;
use wxa_model::{Grant, Role, Scope};
use wxa_testkit::{Client, Closed, ConsoleClient, LiveClient, TestApp, frame, wait_until};
use wxa_wire::{ConsoleQuery, close};

/// What was changed by this process closes sockets without waiting for anything. Generous: a loaded machine must not fail
/// a test; it stays below the pause after which sockets look by themselves.
const AT_ONCE: Duration = Duration::from_secs(4);
/// What another process or the clock changed is seen when sockets look by themselves, every 5 s.
const WHEN_LOOKED: Duration = Duration::from_secs(10);
const HOUR: Duration = Duration::from_secs(3600);

async fn both(app: &TestApp, client: &Client) -> (LiveClient, ConsoleClient) {
    let mut live = client.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    let mut console = client
        .console(app.vm_id("web-01"), &ConsoleQuery::default())
        .await;
    console.connected().await;
    (live, console)
}

async fn closed_within(bound: Duration, (live, console): (LiveClient, ConsoleClient), since: Instant) {
    let (live, console) = tokio::join!(live.closed(), console.closed());
    assert!(since.elapsed() < bound, "it took {:?}", since.elapsed());
    let told = Closed {
        code: Some(close::SIGNED_OUT),
        reason: "The session ended.".into(),
    };
    assert_eq!((live, console), (told.clone(), told));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_expires_closes_its_console_and_its_live_socket_with_the_reason() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let sockets = both(&app, &app.admin().await).await;
    let since = Instant::now();
    app.clock().ahead(13 * HOUR);
    closed_within(WHEN_LOOKED, sockets, since).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_socket_keeps_its_session_over_hours_and_a_clock_that_is_set_back() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (mut live, _console) = both(&app, &admin).await;
    for _ in 0..2 {
        app.clock().ahead(HOUR);
        let ticks = live.ticks;
        live.wait_until("it goes on", |live| live.ticks > ticks + 1).await;
    }
    app.clock().back(HOUR);
    let ticks = live.ticks;
    live.wait_until("it goes on", |live| live.ticks > ticks + 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_takes_rights_away_closes_the_accounts_sockets_at_once() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let _admin = app.admin().await;
    let (core, ctx) = (app.core(), Ctx::command_line());
    let everything = |role| Grant {
        role,
        scope: Scope::Everything,
    };

    let otto = app.signed_in("otto", Role::Operator, Scope::Everything).await;
    let sockets = both(&app, &otto).await;
    let since = Instant::now();
    let fewer = [everything(Role::Viewer)];
    core.user_set_grants(&ctx, "otto", &fewer).await.expect("changed");
    closed_within(AT_ONCE, sockets, since).await;

    let more = [everything(Role::Operator)];
    core.user_set_grants(&ctx, "otto", &more).await.expect("changed");
    let otto = app.signed_in("otto", Role::Operator, Scope::Everything).await;
    let sockets = both(&app, &otto).await;
    let since = Instant::now();
    core.user_set_password(&ctx, "otto", &"another long password".into())
        .await
        .expect("changed");
    closed_within(AT_ONCE, sockets, since).await;

    let otto = app.signed_in("otto", Role::Operator, Scope::Everything).await;
    let sockets = both(&app, &otto).await;
    let since = Instant::now();
    core.user_disable(&ctx, "otto").await.expect("disabled");
    closed_within(AT_ONCE, sockets, since).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_is_not_read_ends_with_its_session_all_the_same() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let _admin = app.admin().await;
    let viewer = app.viewer().await;
    let mut deaf = viewer.raw_socket("/api/v1/live").await;
    deaf.send_frame(1, br#"{"hello":{"epoch":0,"revision":0}}"#).await;
    let wish = frame(1, super::never_reads::WISH_FOR_ALL).repeat(64);
    deaf.send_until_stuck(&wish).await;
    assert_eq!(app.open_sockets(), 1);
    let since = Instant::now();
    app.core()
        .user_disable(&Ctx::command_line(), "viewer")
        .await
        .expect("disabled");
    wait_until("its socket is gone", || async {
        match app.open_sockets() {
            0 => Ok(()),
            open => Err(open),
        }
    })
    .await;
    assert!(since.elapsed() < AT_ONCE, "it took {:?}", since.elapsed());
}
