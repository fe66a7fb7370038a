//! SysRq keys for a guest's kernel.
use super::pool::{added, lab};
use axum::http::StatusCode;
use wxa_core::AuditOutcome;
use wxa_model::{Object, PowerState, RefusalCode, SysrqKey, TaskOutcome, VmRole, console::GuestPhase};
use wxa_testkit::TestApp;
use wxa_wire::{ConsoleSearchQuery, SysrqParams, operation as op};

fn params(key: char) -> SysrqParams {
    SysrqParams {
        key: SysrqKey::new(key).expect("a key"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vm_sysrq_has_the_kernel_print_or_panic_and_the_log_says_which_key() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let mut live = admin.live().await;
    let task = admin
        .call::<op::VmSysrq>(vm, params('h'))
        .await
        .expect("accepted")
        .task;
    live.wait_until("the task is done", |live| {
        live.task(task)
            .is_some_and(|task| task.outcome == Some(TaskOutcome::Done))
    })
    .await;
    let row = app.ended_row("vm_sysrq").await;
    assert_eq!(
        (row.by.as_str(), row.on.as_str(), row.outcome),
        ("admin", "web-01 (SysRq h)", Some(AuditOutcome::Done))
    );
    let details = admin.call::<op::TaskGet>(task, ()).await.expect("the task");
    assert!(
        details
            .steps
            .iter()
            .any(|step| step.step == "Sending SysRq h to web-01"),
        "{:?}",
        details.steps
    );

    admin
        .call::<op::VmSysrq>(vm, params('c'))
        .await
        .expect("accepted");
    live.wait_until("it crashed, is gone, and is known to have panicked", |live| {
        let told = live.vm(vm).and_then(|vm| vm.understood);
        live.power(vm) == Some(PowerState::Halted)
            && told.is_some_and(|told| told.phase == GuestPhase::Panicked)
    })
    .await;
    let query = ConsoleSearchQuery {
        q: "sysrq: HELP".into(),
        ..ConsoleSearchQuery::default()
    };
    let found = admin
        .call::<op::ConsoleSearch>(vm, query)
        .await
        .expect("what it printed");
    assert!(!found.hits.is_empty(), "it is recorded: {found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_key_is_not_sent() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let path = format!("/api/v1/vms/{}/sysrq", app.vm_id("web-01"));
    for body in [
        r#"{"key":""}"#,
        r#"{"key":"hc"}"#,
        r#"{"key":"a"}"#,
        r#"{"key":"; xl destroy web-01"}"#,
        r#"{"key":7}"#,
        "{}",
    ] {
        let reply = admin.send("POST", &path, Some(body)).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{body}: {reply:?}"
        );
    }
    let halted = admin
        .call::<op::VmSysrq>(app.vm_id("build-01"), params('h'))
        .await
        .expect_err("it is halted");
    let refusal = halted.body.refusal.expect("a refusal");
    assert_eq!(
        (halted.status, refusal.sentence.as_str()),
        (StatusCode::CONFLICT, "It is not running.")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_says_in_a_sentence_why_it_sends_none() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (_, live) = added(&admin, &pool).await;
    let running = live.objects.values().find_map(|object| match object {
        Object::Vm(vm) if vm.role == VmRole::Guest && vm.power == PowerState::Running => Some(vm.id),
        _ => None,
    });
    let refused = admin
        .call::<op::VmSysrq>(running.expect("a running VM"), params('h'))
        .await
        .expect_err("XAPI cannot");
    let refusal = refused.body.refusal.expect("a refusal");
    assert_eq!(
        (refusal.code, refusal.sentence.as_str()),
        (
            RefusalCode::NotSupported,
            "A pool sends no SysRq keys: XAPI does not implement it."
        )
    );
}
