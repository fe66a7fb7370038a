//! The same key, the same reply.
use axum::{body::Body, http::StatusCode};
use wxa_core::AuditOutcome;
use wxa_model::{PowerState, VmId};
use wxa_testkit::{Client, Raw, TestApp};

async fn act(client: &Client, vm: VmId, act: &str, key: &str) -> Raw {
    let path = format!("/api/v1/vms/{vm}/{act}");
    let request = client
        .request("POST", &path)
        .header("idempotency-key", key)
        .body(Body::empty());
    client.exchange(request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_that_is_sent_twice_is_done_once() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("build-01");
    let (first, second) = tokio::join!(act(&admin, vm, "start", "k1"), act(&admin, vm, "start", "k1"));
    assert_eq!(
        (first.status, second.status),
        (StatusCode::ACCEPTED, StatusCode::ACCEPTED),
        "{first:?} {second:?}"
    );
    assert_eq!(first.body, second.body);
    let mut live = admin.live().await;
    live.wait_until("it runs", |live| live.power(vm) == Some(PowerState::Running))
        .await;
    live.wait_until("its task ended", |live| {
        live.objects
            .values()
            .all(|object| !matches!(object, wxa_model::Object::Task(task) if task.is_running()))
    })
    .await;
    assert_eq!(
        act(&admin, vm, "start", "k1").await.body,
        first.body,
        "even later"
    );
    assert_eq!(
        act(&admin, vm, "start", "k2").await.status,
        StatusCode::CONFLICT,
        "another key is another click"
    );
    let rows = app.audit().await;
    let outcomes: Vec<_> = rows
        .iter()
        .filter(|row| row.what == "vm_start")
        .map(|row| row.outcome)
        .collect();
    assert_eq!(outcomes, [Some(AuditOutcome::Refused), Some(AuditOutcome::Done)]);
}
