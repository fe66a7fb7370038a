//! Opening a console through core's front door: rights, kinds, the audit row.
use super::*;
use crate::{
    AuditFilter, AuditOutcome, KeyboardState, KeyboardWord, TagChange,
    console::tests::{core_with, who},
    core::test_core::TestCore,
    test_driver::{HOST, SITE, Script, record, soon, until, vm, vm_id},
};
use wxa_model::{Grant, PowerState, Role, Scope, Site, SiteId};

#[tokio::test]
async fn a_vm_of_a_host_that_was_not_heard_yet_is_not_said_to_be_gone_right_after_a_start() {
    let core = TestCore::start().await;
    let script = Script::new();
    let home = Site {
        id: SITE,
        name: "Home".into(),
    };
    core.live().inventory.put_site(home).await;
    core.live()
        .hosts
        .attach(record(HOST), script.driver.clone())
        .await;
    until(&core.live().inventory, |now| now.host(HOST).is_some()).await;
    let open = async |scope| {
        let ctx = who(Role::Operator, scope);
        core.console_open(&ctx, vm_id(1), None, ReplayFrom::default())
            .await
            .map(drop)
    };
    assert!(matches!(
        open(Scope::Host(HOST)).await,
        Err(Error::HostUnavailable { .. })
    ));
    let elsewhere = Scope::Site(SiteId(uuid::Uuid::from_u128(99)));
    assert!(
        matches!(open(elsewhere).await, Err(Error::NotFound)),
        "nor is there a word of hosts that are not seen"
    );
    core.clock.advance(std::time::Duration::from_secs(121));
    assert!(
        matches!(open(Scope::Host(HOST)).await, Err(Error::NotFound)),
        "a host that is away for long does not stand for every VM"
    );
    core.stop().await;
}

#[tokio::test]
async fn opening_is_audited_and_needs_the_right_to_it() {
    let (core, _script) = core_with(vec![vm(1, PowerState::Halted)]).await;
    let operator = who(Role::Operator, Scope::Host(HOST));
    let mut viewer = core
        .console_open(&operator, vm_id(1), None, ReplayFrom::default())
        .await
        .unwrap();
    assert!(matches!(
        soon(viewer.next()).await,
        Some(crate::ViewerItem::Begin { .. })
    ));
    let rows = core
        .audit_list(&Ctx::command_line(), AuditFilter::default())
        .await
        .unwrap();
    assert_eq!(
        (rows[0].what.as_str(), rows[0].on.as_str(), rows[0].outcome),
        ("console_open", "vm-1", None),
        "it is still open"
    );

    let elsewhere = who(Role::Admin, Scope::Site(SiteId(uuid::Uuid::from_u128(99))));
    assert!(matches!(
        core.console_open(&elsewhere, vm_id(1), None, ReplayFrom::default())
            .await,
        Err(Error::NotFound)
    ));
    core.stop().await;
    while soon(viewer.next()).await.is_some() {}
}

#[tokio::test]
async fn who_may_only_look_watches_the_console_and_types_nothing() {
    let (core, _script) = core_with(vec![vm(1, PowerState::Halted)]).await;
    let looks = who(Role::Viewer, Scope::Everything);
    let mut watcher = core
        .console_open(&looks, vm_id(1), None, ReplayFrom::default())
        .await
        .unwrap();
    assert!(!watcher.sender().may_type());
    watcher.sender().say(KeyboardWord::Take);
    let keyboard = loop {
        if let Some(crate::ViewerItem::Viewers { viewers, .. }) = soon(watcher.next()).await {
            break viewers[0].keyboard;
        }
    };
    assert_eq!(keyboard, KeyboardState::MayOnlyWatch);
    let operator = who(Role::Operator, Scope::Everything);
    let typist = core
        .console_open(&operator, vm_id(1), None, ReplayFrom::default())
        .await
        .unwrap();
    assert!(typist.sender().may_type());
    core.stop().await;
}

#[tokio::test]
async fn a_right_that_is_lost_while_the_console_is_open_takes_the_keyboard_or_ends_it() {
    let (core, _script) = core_with(vec![vm(1, PowerState::Halted)]).await;
    let retag = async |add: &[&str], remove: &[&str]| {
        let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
        let change = TagChange {
            add: owned(add),
            remove: owned(remove),
        };
        let changed = core.vm_set_tags(&Ctx::command_line(), vm_id(1), change).await;
        changed.unwrap();
    };
    retag(&["seen", "typed"], &[]).await;
    let grant = |role, tag: &str| Grant {
        role,
        scope: Scope::Tag(tag.into()),
    };
    let ada = Ctx {
        grants: [grant(Role::Viewer, "seen"), grant(Role::Operator, "typed")].into(),
        ..who(Role::Viewer, Scope::Everything)
    };
    let viewer = core
        .console_open(&ada, vm_id(1), None, ReplayFrom::default())
        .await
        .unwrap();
    let typist = viewer.sender();
    assert!(typist.may_type());
    let (watching, hands) = (core.clone(), typist.clone());
    let lost = async { watching.console_right_lost(&ada, vm_id(1), &hands).await };
    tokio::pin!(lost);
    retag(&[], &["typed"]).await;
    while typist.may_type() {
        tokio::select! {
            () = &mut lost => panic!("it may still watch"),
            () = tokio::task::yield_now() => {}
        }
    }
    retag(&[], &["seen"]).await;
    soon(lost).await;
    core.stop().await;
}

#[tokio::test]
async fn the_row_of_a_console_ends_when_the_console_does_and_says_how() {
    let (core, _script) = core_with(vec![vm(1, PowerState::Halted)]).await;
    let operator = who(Role::Operator, Scope::Host(HOST));
    let newest = async || {
        let rows = core
            .audit_list(&Ctx::command_line(), AuditFilter::default())
            .await;
        rows.unwrap().remove(0)
    };
    let viewer = core
        .console_open(&operator, vm_id(1), None, ReplayFrom::default())
        .await
        .unwrap();
    core.clock.advance(std::time::Duration::from_secs(200));
    viewer.leave("The session ended.").await;
    let row = newest().await;
    assert_eq!(
        (row.outcome, row.detail.as_str()),
        (Some(AuditOutcome::Done), "The session ended. Nothing was typed.")
    );
    assert_eq!(row.ended_at.map(|ended| ended.since(row.at)), Some(200_000));

    drop(
        core.console_open(&operator, vm_id(1), None, ReplayFrom::default())
            .await
            .unwrap(),
    );
    // Stopping waits for what is under way, the end of the row included.
    let store = core.reopened_after_stop().await;
    let rows = store.audit_list(&AuditFilter::default(), 1).await.unwrap();
    assert_eq!(
        (rows[0].outcome, rows[0].detail.as_str()),
        (Some(AuditOutcome::Done), "The viewer left. Nothing was typed.")
    );
}

#[tokio::test]
async fn there_is_no_console_of_the_host_itself_or_of_a_kind_that_is_not_there() {
    let dom0 = Vm {
        role: VmRole::ControlDomain,
        ..vm(0, PowerState::Running)
    };
    let (core, _script) = core_with(vec![dom0, vm(1, PowerState::Running)]).await;
    let operator = who(Role::Operator, Scope::Everything);
    let refused = core
        .console_open(&operator, vm_id(0), None, ReplayFrom::default())
        .await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    let refused = core
        .console_open(
            &operator,
            vm_id(1),
            Some(ConsoleKind::Graphical),
            ReplayFrom::default(),
        )
        .await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    core.stop().await;
}

#[tokio::test]
async fn the_console_of_a_host_itself_takes_its_administrator_and_is_on_record_by_its_name() {
    let dom0 = Vm {
        role: VmRole::ControlDomain,
        consoles: vec![ConsoleKind::Pv],
        ..vm(0, PowerState::Running)
    };
    let (core, _script) = core_with(vec![dom0, vm(1, PowerState::Running)]).await;
    let operator = who(Role::Operator, Scope::Everything);
    assert!(matches!(
        core.console_open(&operator, vm_id(0), None, ReplayFrom::default())
            .await,
        Err(Error::Forbidden)
    ));
    drop(
        core.console_open(&operator, vm_id(1), None, ReplayFrom::default())
            .await
            .unwrap(),
    );
    let admin = who(Role::Admin, Scope::Host(HOST));
    drop(
        core.console_open(&admin, vm_id(0), None, ReplayFrom::default())
            .await
            .unwrap(),
    );
    let rows = core
        .audit_list(&Ctx::command_line(), AuditFilter::default())
        .await
        .unwrap();
    let name = core.live().inventory.now().host(HOST).unwrap().0.name.clone();
    assert_eq!(rows[0].on, format!("{name} (the host itself)"));
    core.stop().await;
}

#[tokio::test]
async fn a_screen_is_not_opened_as_a_terminal_and_does_not_hide_why_there_is_none() {
    let hvm = Vm {
        consoles: vec![ConsoleKind::Graphical],
        no_console: Some(wxa_model::NoConsole::NoSsh),
        ..vm(1, PowerState::Running)
    };
    let both = Vm {
        consoles: vec![ConsoleKind::Graphical, ConsoleKind::Pv],
        ..vm(2, PowerState::Running)
    };
    let (core, _script) = core_with(vec![hvm, both]).await;
    let operator = who(Role::Operator, Scope::Everything);
    let sentence = async |vm, kind| match core
        .console_open(&operator, vm, kind, ReplayFrom::default())
        .await
    {
        Err(Error::Conflict(refusal)) => refusal.sentence,
        other => format!("{other:?}"),
    };
    assert_eq!(
        sentence(vm_id(1), None).await,
        wxa_model::NoConsole::NoSsh.sentence()
    );
    assert_eq!(
        sentence(vm_id(1), Some(ConsoleKind::Graphical)).await,
        "The screen of vm-1 is no terminal: open it as a screen."
    );
    let opened = core
        .console_open(&operator, vm_id(2), None, ReplayFrom::default())
        .await;
    assert!(
        opened.is_ok(),
        "its text console is opened, which is not its first"
    );
    core.stop().await;
}
