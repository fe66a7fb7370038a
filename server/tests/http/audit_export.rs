//! Exporting the audit log.
use axum::http::StatusCode;
use wxa_testkit::TestApp;
use wxa_wire::{AuditView, operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rows_that_pass_the_filter_become_lines_of_json() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for _ in 0..3 {
        admin.call::<op::AuditVerify>(NoId, ()).await.expect("checked");
    }
    let reply = admin
        .get("/api/v1/audit/export?format=jsonl&what=audit_verify")
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "application/x-ndjson");
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"audit.jsonl\""
    );
    let rows: Vec<AuditView> = reply
        .body
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect();
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter()
            .all(|row| row.what == "audit_verify" && row.by == "admin")
    );

    let row = app.ended_row("audit_export").await;
    assert_eq!(row.by, "admin");
    assert_eq!(row.detail, "format \"jsonl\", what \"audit_verify\"");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_strangers_typed_cannot_become_a_formula_in_a_spreadsheet() {
    let app = TestApp::start().await;
    let evil = r#"{"name":"=HYPERLINK(\"http://evil\")","password":"x"}"#;
    app.anonymous().send("POST", "/api/v1/session", Some(evil)).await;
    let csv = app
        .admin()
        .await
        .get("/api/v1/audit/export?what=session_create")
        .await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = csv.body.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 2, "{}", csv.body);
    assert!(lines[0].starts_with("number,began,ended,by,"), "{}", csv.body);
    assert!(
        lines[1].contains(r#","'=HYPERLINK(""http://evil"")","#),
        "{}",
        csv.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_rows_than_are_held_at_once_are_all_sent() {
    let app = TestApp::start().await;
    let ctx = wxa_core::Ctx::command_line();
    for _ in 0..1100 {
        let target = wxa_core::AuditTarget::installation();
        let row = app
            .core()
            .audit_begin(&ctx, "story", target)
            .await
            .expect("a row");
        row.done("").await;
    }
    let csv = app.admin().await.get("/api/v1/audit/export?what=story").await;
    assert_eq!(csv.body.lines().count(), 1101);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_administrators_export_and_trying_is_seen() {
    let app = TestApp::start().await;
    let path = "/api/v1/audit/export";
    assert_eq!(app.anonymous().get(path).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.viewer().await.get(path).await.status, StatusCode::FORBIDDEN);
    let row = app.ended_row("audit_export").await;
    assert_eq!(
        (row.by.as_str(), row.outcome),
        ("viewer", Some(wxa_core::AuditOutcome::Refused))
    );
    let wrong = app.admin().await.get("/api/v1/audit/export?formt=csv").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}
