//! What was refused is on record too: who tried what, on what, and why it was not done.
use axum::http::StatusCode;
use uuid::Uuid;
use wxa_core::{AuditEntry, AuditOutcome};
use wxa_testkit::TestApp;
use wxa_wire::operation as op;

async fn newest(app: &TestApp) -> AuditEntry {
    app.audit().await.into_iter().next().expect("a row")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_be_refused_leaves_a_row_with_the_reason() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (viewer, admin) = (app.viewer().await, app.admin().await);
    let web = app.vm_id("web-01");
    let start = format!("/api/v1/vms/{web}/start");

    let reply = viewer.send("POST", &start, None).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    let row = newest(&app).await;
    assert_eq!(
        (row.by.as_str(), row.what.as_str(), row.on.as_str(), row.on_id),
        ("viewer", "vm_start", "web-01", web.to_string())
    );
    assert_eq!(
        (row.outcome, row.detail.as_str()),
        (Some(AuditOutcome::Refused), "not allowed")
    );
    assert!(!row.from.is_empty() && !row.request_id.is_empty() && row.ended_at.is_some());

    let refused = admin.call::<op::VmStart>(web, ()).await.expect_err("it runs");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let row = newest(&app).await;
    assert_eq!(
        (row.by.as_str(), row.detail.as_str()),
        ("admin", "It is already running.")
    );

    let nothing = format!("/api/v1/vms/{}/power-off", Uuid::nil());
    assert_eq!(
        admin.send("POST", &nothing, None).await.status,
        StatusCode::NOT_FOUND
    );
    let row = newest(&app).await;
    assert_eq!(
        (row.what.as_str(), row.on_id, row.detail.as_str()),
        ("vm_power_off", Uuid::nil().to_string(), "not found")
    );

    let body = r#"{"adress":"x"}"#;
    assert_eq!(
        admin.send("POST", "/api/v1/hosts/probe", Some(body)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let row = newest(&app).await;
    assert_eq!((row.what.as_str(), row.on.as_str()), ("host_probe", ""));
    assert!(row.detail.contains("adress"), "{row:?}");

    let rows = app.audit().await.len();
    assert_eq!(
        app.anonymous().send("POST", &start, None).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(app.audit().await.len(), rows, "strangers fill nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_that_was_not_opened_is_on_record() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let path = format!("/api/v1/vms/{}/console", app.vm_id("Domain-0"));
    app.viewer().await.socket(&path).await.closed().await;
    let row = app.ended_row("console_open").await;
    assert_eq!(
        (row.by.as_str(), row.on.as_str(), row.outcome),
        ("viewer", "Domain-0", Some(AuditOutcome::Refused))
    );
}
