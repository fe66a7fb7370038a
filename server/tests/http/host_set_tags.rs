//! Tags on hosts: they count for the guests too.
use super::vm_set_tags::tags;
use axum::http::StatusCode;
use wxa_model::{Role, Scope};
use wxa_testkit::TestApp;
use wxa_wire::operation as op;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_is_tagged_and_its_guests_come_into_scope_with_it() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, vm) = (app.host(0).1, app.vm_id("web-01"));
    let team = app
        .signed_in("team", Role::Viewer, Scope::Tag("rack-4".into()))
        .await;
    let mut live = team.live().await;
    live.wait_until("an empty picture", |live| live.snapshots == 1)
        .await;
    assert!(live.host(host).is_none());
    admin
        .call::<op::HostSetTags>(host, tags(&["rack-4"], &[]))
        .await
        .expect("tagged");
    live.wait_until("host and guests came into sight", |live| {
        live.host(host).is_some_and(|host| host.tags == ["rack-4"])
            && live.vm(vm).is_some_and(|vm| vm.tags.is_empty())
    })
    .await;
    app.restart().await;
    let mut live = team.on(&app).live().await;
    live.wait_until("the tag is still there", |live| {
        live.host(host).is_some_and(|host| host.tags == ["rack-4"])
    })
    .await;
    assert_eq!(app.ended_row("host_set_tags").await.detail, "+rack-4");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_of_somebody_else_is_not_there_to_be_tagged() {
    let one = super::fleet::host("xen-1");
    let two = super::fleet::other_host("xen-2");
    let app = TestApp::builder().with_host(one).with_host(two).start().await;
    let operator = app.operator_on(app.host(1).1).await;
    let refused = operator
        .call::<op::HostSetTags>(app.host(0).1, tags(&["x"], &[]))
        .await
        .expect_err("not there");
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}
