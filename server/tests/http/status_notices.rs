//! Incidents and maintenance over HTTP.
use axum::http::StatusCode;
use wxa_model::{
    Role, Scope, UnixMillis,
    status::{Counts, IncidentStage},
};
use wxa_testkit::TestApp;
use wxa_wire::{IncidentParams, IncidentSetParams, MaintenanceParams, UpdateParams, operation as op};

use super::status_pages::{guest, made, operator, page, service};

fn incident(title: &str) -> IncidentParams {
    IncidentParams {
        title: title.into(),
        services: vec![],
        began_at: None,
        stage: IncidentStage::Investigating,
        text: "We look into it.".into(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_is_opened_told_of_changed_and_deleted() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let host = app.host(0).1;
    let olga = operator(&app, "olga", host).await;
    let view = made(
        &olga,
        page("Example Ltd", vec![service("Web shop", guest(&app, "web-01"))]),
    )
    .await;
    let id = view.page.id;
    let script = app.script_of("olga", Role::Operator, Scope::Host(host)).await;
    let opened = script
        .call::<op::IncidentCreate>(id, incident("Slow"))
        .await
        .expect("opened");
    assert_eq!(app.ended_row("incident_create").await.on, "Example Ltd: Slow");
    let told = UpdateParams {
        stage: IncidentStage::Resolved,
        text: "It works again.".into(),
    };
    let ended = olga
        .call::<op::IncidentUpdateAdd>(opened.id, told)
        .await
        .expect("told");
    assert!(ended.ended_at.is_some() && ended.updates.len() == 2);
    let change = IncidentSetParams {
        title: "Slow orders".into(),
        services: vec![view.page.services[0].id],
        began_at: UnixMillis(opened.began_at.0 - 60_000),
        ended_at: None,
    };
    let changed = olga
        .call::<op::IncidentSet>(opened.id, change)
        .await
        .expect("changed");
    assert_eq!(changed.ended_at, ended.ended_at, "what was not told stays");
    let preview = olga
        .call::<op::StatusPagePreview>(id, ())
        .await
        .expect("the page");
    assert_eq!(preview.incidents[0].title, "Slow orders");
    assert_eq!(preview.incidents[0].services, ["Web shop"]);
    olga.call::<op::IncidentDelete>(opened.id, ())
        .await
        .expect("deleted");
    let left = olga.call::<op::StatusNoticeList>(id, ()).await.expect("notices");
    assert!(left.incidents.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn maintenance_is_announced_changed_and_deleted() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let id = made(&olga, page("Example Ltd", vec![])).await.page.id;
    let work = |from: u64, until: u64| MaintenanceParams {
        title: "New disks".into(),
        text: "Short interruptions.".into(),
        services: vec![],
        from: UnixMillis(from),
        until: UnixMillis(until),
        counts: Counts::No,
    };
    let soon = app.core().now().0 + 3_600_000;
    let announced = olga
        .call::<op::MaintenanceCreate>(id, work(soon, soon + 1000))
        .await
        .expect("told");
    olga.call::<op::MaintenanceSet>(announced.id, work(soon, soon + 2000))
        .await
        .expect("changed");
    let notices = olga.call::<op::StatusNoticeList>(id, ()).await.expect("notices");
    assert_eq!(notices.maintenance[0].until, UnixMillis(soon + 2000));
    let refused = olga
        .call::<op::MaintenanceSet>(announced.id, work(soon, soon))
        .await
        .expect_err("no time");
    assert_eq!(refused.body.field.as_deref(), Some("until"));
    olga.call::<op::MaintenanceDelete>(announced.id, ())
        .await
        .expect("deleted");
    let gone = olga
        .call::<op::MaintenanceDelete>(announced.id, ())
        .await
        .expect_err("gone");
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_writes_on_a_page() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let id = made(&olga, page("Example Ltd", vec![])).await.page.id;
    let opened = olga
        .call::<op::IncidentCreate>(id, incident("Slow"))
        .await
        .expect("opened");
    let otto = operator(&app, "otto", app.host(0).1).await;
    let refused = [
        otto.call::<op::StatusNoticeList>(id, ()).await.err(),
        otto.call::<op::IncidentCreate>(id, incident("Mine")).await.err(),
        otto.call::<op::IncidentDelete>(opened.id, ()).await.err(),
    ];
    for refused in refused {
        assert_eq!(refused.expect("refused").status, StatusCode::NOT_FOUND);
    }
}
