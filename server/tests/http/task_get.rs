//! One task.
use axum::http::StatusCode;
use wxa_model::{TaskId, TaskOutcome};
use wxa_sim::sentinels;
use wxa_testkit::TestApp;
use wxa_wire::{ErrorCode, operation as op};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_tells_its_steps_the_hosts_words_and_its_audit_row() {
    let app = TestApp::builder()
        .with_host(super::fleet::host("xen-1"))
        .with_host(super::fleet::other_host("xen-2"))
        .start()
        .await;
    let admin = app.admin().await;
    let vm = app.vm_id(sentinels::REFUSES_START);
    let id = admin.call::<op::VmStart>(vm, ()).await.expect("accepted").task;
    let row = app.ended_row("vm_start").await;

    let details = admin.call::<op::TaskGet>(id, ()).await.expect("the task");
    let Some(TaskOutcome::Failed { why }) = &details.task.outcome else {
        panic!("{details:?}")
    };
    assert!(why.contains("The host said:\n"), "{why}");
    assert!(!details.steps.is_empty(), "{details:?}");
    let audit = details.audit.expect("administrators see the row");
    assert_eq!((audit.id, audit.outcome.as_deref()), (row.id, Some("failed")));

    let viewer = app.viewer().await;
    let seen = viewer.call::<op::TaskGet>(id, ()).await.expect("the task");
    assert_eq!((seen.task.id, seen.audit), (id, None));
    let elsewhere = app.operator_on(app.host(1).1).await;
    let hidden = elsewhere
        .call::<op::TaskGet>(id, ())
        .await
        .expect_err("not theirs");
    assert_eq!(hidden.body.code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_no_task_of_any_other_id() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let nothing = admin
        .call::<op::TaskGet>(TaskId(uuid::Uuid::nil()), ())
        .await
        .expect_err("nothing");
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert_eq!(
        admin.get("/api/v1/tasks/nonsense").await.status,
        StatusCode::NOT_FOUND
    );
}
