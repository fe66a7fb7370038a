//! Reading tasks, page by page.
use axum::http::StatusCode;
use wxa_model::Action;
use wxa_testkit::{Client, TestApp};
use wxa_wire::{TaskQuery, operation as op, operation::NoId};

async fn acted(app: &TestApp, admin: &Client) {
    let vm = app.vm_id("web-01");
    for _ in 0..3 {
        admin.call::<op::VmPause>(vm, ()).await.expect("accepted");
        app.ended_row("vm_pause").await;
        app.powered("web-01", wxa_model::PowerState::Paused).await;
        admin.call::<op::VmUnpause>(vm, ()).await.expect("accepted");
        app.ended_row("vm_unpause").await;
        app.powered("web-01", wxa_model::PowerState::Running).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_of_earlier_runs_are_found_by_filter_and_cursor() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    acted(&app, &admin).await;
    let mut query = TaskQuery {
        action: Some(Action::VmPause),
        on: Some("web-01".into()),
        by: Some("admin".into()),
        state: Some("done".into()),
        limit: Some(2),
        ..TaskQuery::default()
    };
    let first = admin
        .call::<op::TaskList>(NoId, query.clone())
        .await
        .expect("tasks");
    assert_eq!(first.tasks.len(), 2);
    query.before = first.next;
    let rest = admin
        .call::<op::TaskList>(NoId, query.clone())
        .await
        .expect("tasks");
    assert_eq!((rest.tasks.len(), rest.next), (1, None));
    assert!(first.tasks.iter().all(|task| task.id != rest.tasks[0].id));
    query.state = Some("failed".into());
    query.before = None;
    let none = admin.call::<op::TaskList>(NoId, query).await.expect("tasks");
    assert!(none.tasks.is_empty());

    let wrong = admin.get("/api/v1/tasks?state=great").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sees_another_host_only_sees_none_of_these_tasks() {
    let app = TestApp::builder()
        .with_host(super::fleet::host("xen-1"))
        .with_host(super::fleet::other_host("xen-2"))
        .start()
        .await;
    acted(&app, &app.admin().await).await;
    let operator = app.operator_on(app.host(1).1).await;
    let page = operator
        .call::<op::TaskList>(NoId, TaskQuery::default())
        .await
        .expect("tasks");
    assert!(page.tasks.is_empty(), "{page:?}");
}
