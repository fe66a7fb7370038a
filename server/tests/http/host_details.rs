//! What a host tells when it is looked at closely.
use super::vm_set_tags::tags;
use axum::http::StatusCode;
use wxa_model::{Link, Role, Scope};
use wxa_sim::Ail;
use wxa_testkit::TestApp;
use wxa_wire::{DetailsAge, HostDetailsQuery, operation as op};

fn age(age: DetailsAge) -> HostDetailsQuery {
    HostDetailsQuery { age: Some(age) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn host_details_are_asked_for_once_and_kept_for_a_while() {
    let mut config = super::fleet::host("xen-1");
    config.ails = vec![Ail::NoLvm];
    let app = TestApp::with_host(config).await;
    let viewer = app.viewer().await;
    let host = app.host(0).1;
    let nothing = viewer
        .call::<op::HostDetailsGet>(host, age(DetailsAge::Known))
        .await
        .expect("nothing yet");
    assert!(nothing.known.is_none() && nothing.problem.is_none());

    let (one, two) = tokio::join!(
        viewer.call::<op::HostDetailsGet>(host, HostDetailsQuery::default()),
        viewer.call::<op::HostDetailsGet>(host, age(DetailsAge::Now)),
    );
    let known = one.expect("told").known.expect("details");
    assert_eq!(
        two.expect("told").known.expect("details").at,
        known.at,
        "two who ask share the answer"
    );
    assert_eq!(
        known.details.xen.get().map(|xen| xen.version.as_str()),
        Some("4.17.7")
    );
    assert_eq!(known.details.groups.why(), Some("The host has no program `vgs`."));
    let again = viewer
        .call::<op::HostDetailsGet>(host, age(DetailsAge::Known))
        .await
        .expect("told");
    assert_eq!(again.known, Some(known));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_host_shows_what_it_told_last_and_why_there_is_nothing_newer() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (sim, host) = app.host(0);
    let before = admin
        .call::<op::HostDetailsGet>(host, HostDetailsQuery::default())
        .await
        .expect("told");
    let mut live = admin.live().await;
    sim.refuse().await;
    sim.cut().await;
    live.wait_until("it is down", |live| {
        live.host(host)
            .is_some_and(|host| matches!(host.link, Link::Down { .. }))
    })
    .await;
    let view = wxa_testkit::wait_until("the answer is too old to be given as it is", || async {
        let view = admin
            .call::<op::HostDetailsGet>(host, age(DetailsAge::Now))
            .await
            .expect("known");
        if view.problem.is_some() {
            Ok(view)
        } else {
            Err(view.problem)
        }
    })
    .await;
    assert_eq!(view.problem.as_deref(), Some("xen-1 is not connected."));
    assert_eq!(view.known, before.known);
    sim.accept().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sees_a_host_for_one_guest_only_is_not_told_about_the_rest() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (host, vm) = (app.host(0).1, app.vm_id("web-01"));
    app.admin()
        .await
        .call::<op::VmSetTags>(vm, tags(&["mine"], &[]))
        .await
        .expect("tagged");
    let guest_only = app
        .signed_in("one", Role::Operator, Scope::Tag("mine".into()))
        .await;
    let refused = guest_only
        .call::<op::HostDetailsGet>(host, HostDetailsQuery::default())
        .await
        .expect_err("not theirs");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let stranger = app
        .signed_in("two", Role::Viewer, Scope::Tag("nothing".into()))
        .await;
    let refused = stranger
        .call::<op::HostDetailsGet>(host, HostDetailsQuery::default())
        .await
        .expect_err("not there");
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}
