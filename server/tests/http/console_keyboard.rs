//! Who types into a console that several look at.
use wxa_model::{Role, Scope, VmId};
use wxa_testkit::{Client, ConsoleClient, TestApp};
use wxa_wire::{ConsoleQuery, ConsoleWord, KeyboardState, close};

async fn open(client: &Client, vm: VmId) -> ConsoleClient {
    let mut console = client.console(vm, &ConsoleQuery::default()).await;
    console.connected().await;
    console
}

async fn otto(app: &TestApp) -> Client {
    app.signed_in("otto", Role::Operator, Scope::Everything).await
}

async fn typist(console: &mut ConsoleClient, wanted: &str) {
    let what = format!("{wanted} types");
    console
        .wait_until(&what, |console| console.typist() == Some(wanted))
        .await;
}

async fn does(console: &mut ConsoleClient, wanted: KeyboardState) {
    let what = format!("it {wanted:?}");
    console
        .wait_until(&what, |console| console.keyboard() == Some(wanted))
        .await;
}

/// The number of the one of that name, as seen from `console`.
fn number(console: &ConsoleClient, name: &str) -> u64 {
    let mut all = console.viewers.iter();
    all.find(|viewer| viewer.name == name).expect("is there").number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_types_and_hands_over_and_what_the_other_types_meanwhile_reaches_nobody() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let vm = app.vm_id("web-01");
    let mut hers = open(&app.admin().await, vm).await;
    let mut his = open(&otto(&app).await, vm).await;
    hers.wait_until("both are there", |console| console.viewers.len() == 2)
        .await;
    assert!(
        hers.viewers
            .iter()
            .all(|viewer| viewer.since.0 > 0 && !viewer.guest)
    );
    let (me, him) = (hers.you, number(&hers, "otto"));
    assert_ne!(me, him);

    hers.type_text("\r").await;
    hers.wait_for("login:").await;
    typist(&mut his, "admin").await;
    his.type_text("lost-in-space").await;
    his.say(ConsoleWord::Ask).await;
    hers.wait_until("he asks", |console| {
        let mut all = console.viewers.iter();
        all.any(|viewer| viewer.number == him && viewer.keyboard == KeyboardState::Asks)
    })
    .await;
    // Nobody who does not have it gives it away, and nobody who is not there gets it.
    his.say(ConsoleWord::HandOver { to: him }).await;
    hers.say(ConsoleWord::HandOver { to: 4711 }).await;
    hers.type_text("zebra").await;
    hers.wait_for("zebra").await;
    hers.say(ConsoleWord::HandOver { to: him }).await;
    does(&mut his, KeyboardState::Types).await;
    his.type_text("-stripes").await;
    his.wait_for("zebra-stripes").await;
    assert!(!his.text().contains("lost-in-space"), "{:?}", his.text());

    hers.say(ConsoleWord::Take).await;
    typist(&mut his, "admin").await;
    hers.say(ConsoleWord::Release).await;
    does(&mut hers, KeyboardState::Watches).await;
    his.type_text("x").await;
    typist(&mut hers, "otto").await;
    hers.say(ConsoleWord::Ask).await;
    drop(his);
    does(&mut hers, KeyboardState::Types).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_takes_the_keyboard_from_nobody() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let vm = app.vm_id("web-01");
    let mut hers = open(&app.admin().await, vm).await;
    hers.type_text("x").await;
    does(&mut hers, KeyboardState::Types).await;
    let mut his = open(&otto(&app).await, vm).await;
    his.say(ConsoleWord::Take).await;
    his.say(ConsoleWord::Ask).await;
    does(&mut his, KeyboardState::Asks).await;
    assert_eq!(his.typist(), Some("admin"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_only_look_sees_the_console_and_types_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let vm = app.vm_id("web-01");
    let mut watcher = open(&app.signed_in("vera", Role::Viewer, Scope::Everything).await, vm).await;
    does(&mut watcher, KeyboardState::MayOnlyWatch).await;
    watcher.type_text("out-of-turn").await;
    for word in [ConsoleWord::Ask, ConsoleWord::Take, ConsoleWord::Release] {
        watcher.say(word).await;
    }
    let mut hers = open(&app.admin().await, vm).await;
    hers.type_text("\r").await;
    hers.wait_for("login:").await;
    hers.type_text("zebra").await;
    watcher.wait_for("zebra").await;
    assert_eq!(watcher.typist(), Some("admin"));
    assert!(!watcher.text().contains("out-of-turn"), "{:?}", watcher.text());
    assert_eq!(watcher.keyboard(), Some(KeyboardState::MayOnlyWatch));

    drop(watcher);
    let rows = app.audit().await;
    let row = rows
        .iter()
        .find(|row| row.what == "console_open" && row.by == "vera");
    assert!(row.is_some(), "watching is on record too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_are_none_end_the_console_with_a_code() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    for bad in [
        "",
        "{}",
        "ask",
        r#"{"hand_over":{}}"#,
        r#"{"hand_over":{"to":-1}}"#,
        r#""shout""#,
    ] {
        let mut rude = open(&admin, vm).await;
        rude.socket().send_text(bad).await;
        assert_eq!(rude.closed().await.code, Some(close::BAD_REQUEST), "{bad:?}");
    }
}
