//! Guest links: one console for a limited time, for somebody without an account.
use axum::http::StatusCode;
use std::time::Duration;
use wxa_core::{AuditOutcome, Ctx};
use wxa_model::{Role, Scope, VmId};
use wxa_testkit::{Client, ConsoleClient, TestApp, wait_until};
use wxa_wire::{
    ConsoleQuery, ConsoleWord, KeyboardState, close,
    console::links::{ConsoleLinkCreated, ConsoleLinkParams},
    operation as op,
};

fn link(name: &str, minutes: u32) -> ConsoleLinkParams {
    ConsoleLinkParams {
        name: name.into(),
        kind: None,
        minutes,
        typing: false,
    }
}

async fn made(client: &Client, vm: VmId, params: ConsoleLinkParams) -> ConsoleLinkCreated {
    client
        .call::<op::ConsoleLinkCreate>(vm, params)
        .await
        .expect("a link")
}

async fn guest(app: &TestApp, link: &ConsoleLinkCreated) -> ConsoleClient {
    let mut console = app
        .anonymous()
        .guest_console(&link.path, &ConsoleQuery::default())
        .await;
    console.connected().await;
    console
}

/// How the console of a link ends that is not opened.
async fn refused(app: &TestApp, link: &ConsoleLinkCreated) -> Option<u16> {
    let stranger = app.anonymous();
    let console = stranger.guest_console(&link.path, &ConsoleQuery::default()).await;
    console.closed().await.code
}

async fn own(client: &Client, vm: VmId) -> ConsoleClient {
    let mut console = client.console(vm, &ConsoleQuery::default()).await;
    console.connected().await;
    console.type_text("\r").await;
    console.wait_for("login:").await;
    console
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_sees_one_console_from_its_opening_on_and_types_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let mut hers = own(&admin, vm).await;
    hers.type_text("from-before").await;
    hers.wait_for("from-before").await;
    let link = made(&admin, vm, link("Supplier", 5)).await;
    assert_eq!(
        app.ended_row("console_link_create").await.on,
        "web-01: Supplier (watching)"
    );

    let page = app.anonymous().get(&link.path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("web-01") && page.body.contains("Supplier"),
        "{}",
        page.body
    );
    assert_eq!(page.header("cache-control"), "no-store");

    let mut theirs = guest(&app, &link).await;
    theirs
        .wait_until("it only watches", |console| {
            console.keyboard() == Some(KeyboardState::MayOnlyWatch)
        })
        .await;
    hers.wait_until("the guest is seen as one", |console| {
        let mut all = console.viewers.iter();
        all.any(|viewer| viewer.guest && viewer.name == "Supplier")
    })
    .await;
    theirs.type_text("out-of-turn").await;
    theirs.say(ConsoleWord::Take).await;
    hers.type_text("-zebra").await;
    theirs.wait_for("-zebra").await;
    // Whatever it asks for.
    let everything = ConsoleQuery {
        epoch: Some(theirs.epoch),
        from: Some(0),
        at: Some(0),
        ..ConsoleQuery::default()
    };
    let mut again = app.anonymous().guest_console(&link.path, &everything).await;
    again.wait_for("-zebra").await;
    for console in [&theirs, &again] {
        let text = console.text();
        assert!(
            !text.contains("before") && !text.contains("out-of-turn"),
            "{text:?}"
        );
    }
    let open = admin.call::<op::ConsoleLinkList>(vm, ()).await.expect("links");
    assert_eq!(
        open.first().map(|link| (link.open, link.name.as_str())),
        Some((2, "Supplier"))
    );
    let secret = link.path.trim_start_matches("/c/");
    let listed = serde_json::to_string(&open).expect("json");
    assert!(!listed.contains(secret), "shown once");

    drop((theirs, again));
    let row = wait_until("a guest's row ends", || async {
        let rows = app.audit().await;
        let row = rows
            .into_iter()
            .find(|row| row.what == "console_open" && row.by == "Supplier (guest of admin)");
        row.clone().filter(|row| row.ended_at.is_some()).ok_or(row)
    })
    .await;
    assert_eq!(
        (row.on.as_str(), row.outcome, row.detail.as_str()),
        (
            "web-01",
            Some(AuditOutcome::Done),
            "The viewer left. Nothing was typed."
        )
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_may_type_is_given_the_keyboard() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let typing = ConsoleLinkParams {
        typing: true,
        ..link("Supplier", 5)
    };
    let link = made(&admin, vm, typing).await;
    let mut hers = own(&admin, vm).await;
    let mut theirs = guest(&app, &link).await;
    theirs.say(ConsoleWord::Ask).await;
    theirs
        .wait_until("it asks", |console| {
            console.keyboard() == Some(KeyboardState::Asks)
        })
        .await;
    hers.wait_until("she sees that", |console| {
        let mut all = console.viewers.iter();
        all.any(|viewer| viewer.keyboard == KeyboardState::Asks)
    })
    .await;
    hers.say(ConsoleWord::Release).await;
    theirs
        .wait_until("it has it", |console| console.typist() == Some("Supplier"))
        .await;
    theirs.type_text("zebra").await;
    hers.wait_for("zebra").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_is_taken_back_closes_what_it_opened_and_opens_nothing_more() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let link = made(&admin, vm, link("Supplier", 60)).await;
    let other = made(&admin, vm, self::link("Other", 60)).await;
    let theirs = guest(&app, &link).await;
    let mut others = guest(&app, &other).await;
    admin
        .call::<op::ConsoleLinkRevoke>(link.link.id, ())
        .await
        .expect("taken back");
    assert_eq!(theirs.closed().await.code, Some(close::NOT_FOUND));
    assert_eq!(refused(&app, &link).await, Some(close::NOT_FOUND));
    let page = app.anonymous().get(&link.path).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.body.contains("opens nothing") && !page.body.contains("web-01"),
        "{}",
        page.body
    );
    let mut hers = own(&admin, vm).await;
    hers.type_text("zebra").await;
    others.wait_for("zebra").await;
    let open = admin.call::<op::ConsoleLinkList>(vm, ()).await.expect("links");
    assert_eq!(open.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_ends_by_itself_and_with_the_account_that_made_it() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let vm = app.vm_id("web-01");
    let _admin = app.admin().await;
    let otto = app.signed_in("otto", Role::Operator, Scope::Everything).await;
    let short = made(&otto, vm, link("Short", 5)).await;
    let long = made(&otto, vm, link("Long", 60)).await;
    let (first, second) = (guest(&app, &short).await, guest(&app, &long).await);
    app.clock().ahead(Duration::from_secs(301));
    assert_eq!(first.closed().await.code, Some(close::NOT_FOUND));
    assert_eq!(
        app.anonymous().get(&short.path).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(app.anonymous().get(&long.path).await.status, StatusCode::OK);

    let (core, ctx) = (app.core(), Ctx::command_line());
    core.user_disable(&ctx, "otto").await.expect("disabled");
    assert_eq!(second.closed().await.code, Some(close::NOT_FOUND));
    assert_eq!(
        app.anonymous().get(&long.path).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_nothing_but_its_console() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let link = made(&admin, vm, link("Supplier", 5)).await;
    let stranger = app.anonymous();
    for path in [
        "/api/v1/inventory",
        "/api/v1/live",
        &format!("/api/v1/vms/{vm}/commands"),
    ] {
        assert_eq!(
            stranger.get(path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    for below in ["/vms", "/console/x"] {
        let path = format!("{}{below}", link.path);
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = stranger.get(&link.path).await;
    assert_eq!(page.header("set-cookie"), "", "nobody is signed in by it");
    assert!(
        !page.body.contains("mail-01") && !page.body.contains("xen-1"),
        "{}",
        page.body
    );
    let mut forged = stranger.clone();
    forged.origin = Some("http://evil.example".into());
    assert_eq!(
        forged.socket_refusal(&format!("{}/console", link.path)).await,
        Some(403)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slowed_down_and_right_links_are_not() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let link = made(&admin, vm, link("Supplier", 5)).await;
    let stranger = app.anonymous();
    let mut last = StatusCode::OK;
    for n in 0..30 {
        last = stranger.get(&format!("/c/wrong-{n}")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stranger.get(&link.path).await.status, StatusCode::OK);
    guest(&app, &link).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_look_through_one_link_at_once() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let link = made(&admin, vm, link("Supplier", 5)).await;
    let mut looking = Vec::new();
    for _ in 0..8 {
        looking.push(guest(&app, &link).await);
    }
    assert_eq!(refused(&app, &link).await, Some(close::TOO_MANY));
    drop(looking);
    let mut hers = own(&admin, vm).await;
    hers.wait_until("they have gone", |console| console.viewers.len() == 1)
        .await;
    guest(&app, &link).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_link_is_told() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let name = |name: &str| link(name, 5);
    for wrong in [
        name(""),
        name(" "),
        name("two\nlines"),
        name(&"x".repeat(61)),
        link("Supplier", 0),
        link("Supplier", 10_081),
        ConsoleLinkParams {
            kind: Some(wxa_model::ConsoleKind::Graphical),
            ..name("Supplier")
        },
    ] {
        let body = serde_json::to_string(&wrong).expect("json");
        let path = format!("/api/v1/vms/{vm}/console/links");
        let reply = admin.send("POST", &path, Some(&body)).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong:?}: {reply:?}"
        );
    }
}
