//! Tags on VMs, and the rights that hang on them.
use axum::http::StatusCode;
use wxa_core::AuditOutcome;
use wxa_model::{RefusalCode, Role, Scope};
use wxa_testkit::TestApp;
use wxa_wire::{ConsoleQuery, TagsParams, close, operation as op};

pub(crate) fn tags(add: &[&str], remove: &[&str]) -> TagsParams {
    let owned = |all: &[&str]| all.iter().map(|tag| (*tag).to_owned()).collect();
    TagsParams {
        add: owned(add),
        remove: owned(remove),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_reach_every_browser_and_outlive_a_restart() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let mut live = admin.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    admin
        .call::<op::VmSetTags>(vm, tags(&["Web", "prod"], &[]))
        .await
        .expect("tagged");
    live.wait_until("the tags are shown", |live| {
        live.vm(vm).is_some_and(|vm| vm.tags == ["prod", "web"])
    })
    .await;
    admin
        .call::<op::VmSetTags>(vm, tags(&["db"], &["web", "never"]))
        .await
        .expect("changed");
    live.wait_until("one went, one came", |live| {
        live.vm(vm).is_some_and(|vm| vm.tags == ["db", "prod"])
    })
    .await;
    assert_eq!(live.snapshots, 1, "all of it came as deltas");
    let row = app.ended_row("vm_set_tags").await;
    assert_eq!(
        (row.on.as_str(), row.on_id, row.outcome),
        ("web-01", vm.to_string(), Some(AuditOutcome::Done))
    );
    assert_eq!(row.detail, "+db -web");

    app.restart().await;
    assert_eq!(app.vm("web-01").tags, ["db", "prod"]);
    app.host(0).0.run("xl destroy web-01").await;
    let admin = admin.on(&app);
    let mut live = admin.live().await;
    live.wait_until("a halted VM keeps its tags", |live| {
        live.vm(vm)
            .is_some_and(|vm| vm.native_id.is_none() && vm.tags == ["db", "prod"])
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_tag_is_refused_and_changes_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let many: Vec<String> = (0..40).map(|n| format!("t{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for add in [
        &["two words"][..],
        &[""],
        &["a|b"],
        &["fine", "not(fine)"],
        many.as_slice(),
    ] {
        let refused = admin
            .call::<op::VmSetTags>(vm, tags(add, &[]))
            .await
            .expect_err("no tag");
        assert_eq!(
            (refused.status, refused.body.field.as_deref()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("add"))
        );
    }
    assert!(app.vm("web-01").tags.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_tags_freely_but_not_with_a_tag_that_rights_hang_on() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (host, vm) = (app.host(0).1, app.vm_id("web-01"));
    let team = app
        .signed_in("team", Role::Viewer, Scope::Tag("prod".into()))
        .await;
    let operator = app.operator_on(host).await;
    operator
        .call::<op::VmSetTags>(vm, tags(&["mine"], &[]))
        .await
        .expect("an ordinary tag");
    let refused = operator
        .call::<op::VmSetTags>(vm, tags(&["PROD"], &[]))
        .await
        .expect_err("it widens rights");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(
        refused.body.refusal.map(|refusal| refusal.code),
        Some(RefusalCode::NotAllowed)
    );
    let mut live = team.live().await;
    live.wait_until("an empty picture", |live| live.snapshots == 1)
        .await;
    assert!(live.vm(vm).is_none());

    app.admin()
        .await
        .call::<op::VmSetTags>(vm, tags(&["prod"], &[]))
        .await
        .expect("an administrator may");
    live.wait_until("the VM came into sight", |live| live.vm(vm).is_some())
        .await;
    operator
        .call::<op::VmSetTags>(vm, tags(&["prod"], &[]))
        .await
        .expect("it changes nothing");
    let refused = operator
        .call::<op::VmSetTags>(vm, tags(&[], &["prod"]))
        .await
        .expect_err("taking it narrows rights");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let admin_here = app.signed_in("boss", Role::Admin, Scope::Host(host)).await;
    admin_here
        .call::<op::VmSetTags>(vm, tags(&[], &["prod"]))
        .await
        .expect("who administers the host may");
    live.wait_until("it is out of sight", |live| live.vm(vm).is_none())
        .await;
    let gone = team
        .call::<op::VmSetTags>(vm, tags(&["x"], &[]))
        .await
        .expect_err("not to be seen");
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_closes_when_the_tag_that_opened_it_goes() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    admin
        .call::<op::VmSetTags>(vm, tags(&["team-a"], &[]))
        .await
        .expect("tagged");
    let team = app
        .signed_in("team", Role::Operator, Scope::Tag("team-a".into()))
        .await;
    let console = team.console(vm, &ConsoleQuery::default()).await;
    admin
        .call::<op::VmSetTags>(vm, tags(&[], &["team-a"]))
        .await
        .expect("untagged");
    assert_eq!(console.closed().await.code, Some(close::FORBIDDEN));
}
