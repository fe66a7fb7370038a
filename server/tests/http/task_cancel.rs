//! Cancelling: our acts and what others do on a pool.
use super::pool::{added, xapi};
use axum::http::StatusCode;
use serde_json::{Value, json};
use wxa_model::{Cancel, Object, PoolTask, Role, Scope, Task, TaskOutcome, VmId};
use wxa_sim::{
    Pace, sentinels,
    xapi::{PoolConfig, SimPool},
};
use wxa_testkit::{Client, LiveClient, TestApp};
use wxa_wire::{ErrorCode, operation as op};

async fn slow() -> SimPool {
    let mut config = PoolConfig::new("lab", 7);
    config.pace = Pace::Lifelike;
    config.named_vms = [sentinels::SLOW_START, sentinels::NOT_CANCELLABLE]
        .map(str::to_owned)
        .into();
    SimPool::start(config).await.expect("a simulated pool")
}

fn vm(live: &LiveClient, name: &str) -> VmId {
    let found = live.objects.values().find_map(|object| match object {
        Object::Vm(vm) if vm.name == name => Some(vm.id),
        _ => None,
    });
    found.expect("the VM")
}

fn theirs(live: &LiveClient) -> Option<&PoolTask> {
    live.objects.values().find_map(|object| match object {
        Object::PoolTask(task) if task.vm.is_some() => Some(task),
        _ => None,
    })
}

/// Somebody else starts the VM.
async fn started_by_another(pool: &SimPool, live: &mut LiveClient, name: &str) -> PoolTask {
    let session = xapi(pool, "session.login_with_password", json!(["root", "xen"])).await;
    let found = xapi(pool, "VM.get_by_name_label", json!([session, name])).await;
    let vm = found.get(0).cloned().unwrap_or(Value::Null);
    xapi(pool, "Async.VM.start", json!([session, vm, false, false])).await;
    live.wait_until("its task", |live| theirs(live).is_some_and(PoolTask::is_running))
        .await;
    theirs(live).cloned().expect("a task")
}

async fn wait_cancelled(admin: &Client, live: &mut LiveClient, vm: VmId) -> Task {
    let id = admin.call::<op::VmStart>(vm, ()).await.expect("accepted").task;
    live.wait_until("it can be cancelled", |live| {
        live.task(id).is_some_and(|task| task.cancel == Cancel::Yes)
    })
    .await;
    admin.call::<op::TaskCancel>(id, ()).await.expect("asked");
    live.wait_until("its end", |live| {
        live.task(id).is_some_and(|task| !task.is_running())
    })
    .await;
    live.task(id).cloned().expect("the task")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_is_cancelled_and_says_by_whom() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = slow().await;
    let (_, mut live) = added(&admin, &pool).await;
    let id = vm(&live, sentinels::SLOW_START);
    let task = wait_cancelled(&admin, &mut live, id).await;
    let Some(TaskOutcome::Cancelled { why }) = &task.outcome else {
        panic!("{task:?}")
    };
    assert_eq!(*why, format!("Cancelled by {}.", task.by));
    assert_eq!(app.ended_row("task_cancel").await.on, sentinels::SLOW_START);
    let again = admin
        .call::<op::TaskCancel>(task.id, ())
        .await
        .expect_err("it is over");
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(again.body.message, "It has ended.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_do_is_seen_by_those_who_see_its_vm_and_cancelled_by_those_who_may_act_on_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = slow().await;
    let (_, mut live) = added(&admin, &pool).await;
    let task = started_by_another(&pool, &mut live, sentinels::SLOW_START).await;
    assert_eq!(task.vm, Some(vm(&live, sentinels::SLOW_START)));

    let viewer = app.viewer().await;
    let mut seen = viewer.live().await;
    seen.wait_until("the task", |live| theirs(live).is_some()).await;
    let refused = viewer
        .call::<op::TaskCancel>(task.id, ())
        .await
        .expect_err("a viewer looks");
    assert_eq!(refused.body.code, ErrorCode::Forbidden);
    let scope = Scope::Tag("elsewhere".into());
    let elsewhere = app.signed_in("stranger", Role::Operator, scope).await;
    let hidden = elsewhere
        .call::<op::TaskCancel>(task.id, ())
        .await
        .expect_err("not theirs");
    assert_eq!(hidden.body.code, ErrorCode::NotFound);

    admin.call::<op::TaskCancel>(task.id, ()).await.expect("asked");
    live.wait_until("its end", |live| {
        theirs(live).is_some_and(|task| matches!(task.outcome, Some(TaskOutcome::Cancelled { .. })))
    })
    .await;
    let row = app.ended_row("task_cancel").await;
    assert_eq!(row.on, format!("Async.VM.start on {}", sentinels::SLOW_START));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_pool_does_not_let_be_cancelled_is_refused_with_the_buttons_sentence() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = slow().await;
    let (_, mut live) = added(&admin, &pool).await;
    let task = started_by_another(&pool, &mut live, sentinels::NOT_CANCELLABLE).await;
    let refused = admin
        .call::<op::TaskCancel>(task.id, ())
        .await
        .expect_err("it cannot");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.body.message, "The pool does not let it be cancelled now.");
}
