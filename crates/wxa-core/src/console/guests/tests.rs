//! What a guest link opens, and for how long.
use super::*;
use crate::{
    NewConsoleLink, TagChange, ViewerItem,
    core::test_core::TestCore,
    test_driver::{HOST, SITE, Script, record, soon, until, vm, vm_id},
};
use secrecy::ExposeSecret as _;
use wxa_model::{Grant, PowerState, Role, Scope, Site, UserId};

async fn core() -> (TestCore, Script) {
    let core = TestCore::start().await;
    let mut script = Script::new();
    let live = core.live();
    let home = Site {
        id: SITE,
        name: "Home".into(),
    };
    live.inventory.put_site(home).await;
    live.hosts.attach(record(HOST), script.driver.clone()).await;
    let _watching = script.listed(vec![vm(1, PowerState::Running)]).await;
    until(&live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.facts.is_some())
    })
    .await;
    account(&core, "root", Role::Admin, Scope::Everything).await;
    (core, script)
}

/// An account of that name, and its context.
async fn account(core: &TestCore, name: &str, role: Role, scope: Scope) -> Ctx {
    let grants = [Grant { role, scope }];
    let made = core.user_create(&Ctx::command_line(), name, None, &grants).await;
    let id: UserId = made.unwrap();
    Ctx {
        user: Some(id),
        name: name.into(),
        grants: grants.into(),
        ..Ctx::anonymous("192.0.2.1", "r")
    }
}

async fn link(core: &TestCore, ctx: &Ctx) -> (ConsoleLinkRecord, String) {
    let new = NewConsoleLink {
        name: "Supplier".into(),
        kind: None,
        minutes: 10,
        typing: LinkTyping::Allowed,
    };
    let (entry, secret) = core.console_link_create(ctx, vm_id(1), new).await.unwrap();
    (entry.link, secret.expose_secret().to_owned())
}

fn stranger() -> Ctx {
    Ctx::anonymous("198.51.100.7", "r")
}

async fn printed(viewer: &mut ConsoleViewer, wanted: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(wanted) {
        match soon(viewer.next()).await {
            Some(ViewerItem::Bytes(bytes)) => text.push_str(&String::from_utf8_lossy(&bytes)),
            Some(_) => {}
            None => panic!("the console is over: {text:?}"),
        }
    }
    text
}

#[tokio::test]
async fn what_was_printed_before_the_first_opening_is_not_shown_and_a_reconnect_loses_nothing() {
    let (core, mut script) = core().await;
    let ada = account(&core, "ada", Role::Operator, Scope::Everything).await;
    let (link, _) = link(&core, &ada).await;
    let mut own = core
        .console_open(&ada, vm_id(1), None, ReplayFrom::default())
        .await
        .unwrap();
    let guest = script.connect_console().await;
    guest.print("secret ").await;
    printed(&mut own, "secret ").await;

    let (mut viewer, stay) = core
        .console_guest_open(&stranger(), &link, ReplayFrom::default())
        .await
        .unwrap();
    guest.print("seen ").await;
    assert_eq!(printed(&mut viewer, "seen ").await, "seen ");
    let epoch = viewer.session_epoch();
    drop((viewer, stay));
    guest.print("meanwhile ").await;
    printed(&mut own, "meanwhile ").await;

    let has = |has| ReplayFrom {
        has: Some(has),
        at: None,
    };
    let at = ReplayFrom {
        has: None,
        at: Some(0),
    };
    let tries = [
        ReplayFrom::default(),
        has((epoch, 0)),
        has((epoch, 7)),
        has((epoch + 1, 0)),
        at,
    ];
    for from in tries {
        let (mut viewer, _stay) = core.console_guest_open(&stranger(), &link, from).await.unwrap();
        assert_eq!(
            printed(&mut viewer, "meanwhile ").await,
            "seen meanwhile ",
            "{from:?}"
        );
    }
    let opened = core
        .console_guest_open(&stranger(), &link, has((epoch, 12)))
        .await;
    let (mut viewer, _stay) = opened.unwrap();
    assert_eq!(printed(&mut viewer, "meanwhile ").await, "meanwhile ");
    core.stop().await;
}

#[tokio::test]
async fn a_link_holds_as_long_as_who_made_it_could_make_it() {
    let (core, _script) = core().await;
    let retag = async |add: &[&str], remove: &[&str]| {
        let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
        let change = TagChange {
            add: owned(add),
            remove: owned(remove),
        };
        let changed = core.vm_set_tags(&Ctx::command_line(), vm_id(1), change).await;
        changed.unwrap();
    };
    retag(&["lab"], &[]).await;
    let ada = account(&core, "ada", Role::Operator, Scope::Tag("lab".into())).await;
    let (_, secret) = link(&core, &ada).await;
    let opens = async || core.console_guest(&stranger(), &secret).await.is_ok();
    assert!(opens().await);
    retag(&[], &["lab"]).await;
    assert!(!opens().await, "the VM is none of hers any more");
    retag(&["lab"], &[]).await;
    assert!(opens().await);

    let fewer = [Grant {
        role: Role::Viewer,
        scope: Scope::Everything,
    }];
    let command_line = Ctx::command_line();
    core.user_set_grants(&command_line, "ada", &fewer).await.unwrap();
    assert!(!opens().await, "she may only look");
    core.user_set_grants(&command_line, "ada", &ada.grants)
        .await
        .unwrap();
    assert!(opens().await);
    core.clock.advance(Duration::from_secs(600));
    assert!(!opens().await, "its time is over");
    core.stop().await;
}

#[tokio::test]
async fn who_looks_is_told_at_once_when_the_link_is_taken_back() {
    let (core, _script) = core().await;
    let ada = account(&core, "ada", Role::Operator, Scope::Everything).await;
    let (link, secret) = link(&core, &ada).await;
    let (_viewer, _stay) = core
        .console_guest_open(&stranger(), &link, ReplayFrom::default())
        .await
        .unwrap();
    let ended = core.console_guest_ended(link.id);
    tokio::pin!(ended);
    let ben = account(&core, "ben", Role::Viewer, Scope::Everything).await;
    let refused = core.console_link_revoke(&ben, link.id).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    let cyd = account(&core, "cyd", Role::Operator, Scope::Everything).await;
    let since = std::time::Instant::now();
    tokio::select! {
        () = &mut ended => panic!("it holds"),
        () = tokio::task::yield_now() => {}
    }
    let (revoked, ()) = tokio::join!(core.console_link_revoke(&cyd, link.id), soon(ended));
    revoked.unwrap();
    assert!(since.elapsed() < LOOK_EVERY);
    let gone = core.console_guest(&stranger(), &secret).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    core.stop().await;
}

#[tokio::test]
async fn who_opens_and_leaves_without_end_fills_no_log() {
    let (core, _script) = core().await;
    let ada = account(&core, "ada", Role::Operator, Scope::Everything).await;
    let (link, _) = link(&core, &ada).await;
    let open = async || {
        core.console_guest_open(&stranger(), &link, ReplayFrom::default())
            .await
            .map(drop)
    };
    for _ in 0..OPENINGS {
        open().await.unwrap();
    }
    assert!(matches!(open().await, Err(Error::TooMany { .. })));
    core.clock.advance(Duration::from_secs(60));
    open().await.unwrap();
    core.stop().await;
}
