//! Checking the audit log.
use axum::http::StatusCode;
use wxa_testkit::TestApp;
use wxa_wire::{AuditQuery, operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_intact_until_somebody_changes_it_beside_the_program() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let check = admin.call::<op::AuditVerify>(NoId, ()).await.expect("checked");
    assert!(check.intact && check.end_was_noted, "{check:?}");
    assert!(check.rows > 0 && check.links >= check.rows, "{check:?}");
    assert!(check.head.is_some_and(|head| head.contains(':')));

    app.past_the_program("update audit set who = 'nobody' where what = 'user_create'")
        .await;
    let check = admin.call::<op::AuditVerify>(NoId, ()).await.expect("checked");
    assert!(!check.intact);
    assert_eq!(check.break_count, 1);
    let said = check.breaks.first().expect("what is wrong");
    assert!(
        said.ends_with("what was written before the act was changed"),
        "{said}"
    );

    // Whoever reads the log or looks at the system is told, and the server goes on.
    let page = admin
        .call::<op::AuditList>(NoId, AuditQuery::default())
        .await
        .expect("the log");
    assert!(!page.check.expect("a check").intact);
    let system = admin.call::<op::SystemGet>(NoId, ()).await.expect("facts");
    assert!(!system.audit.expect("a check").intact);
    assert_eq!(app.anonymous().get("/readyz").await.status, StatusCode::OK);
    assert_eq!(app.ended_row("audit_verify").await.by, "admin");
}
