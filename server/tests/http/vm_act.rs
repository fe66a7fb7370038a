//! Acting on VMs.
use axum::http::StatusCode;
use wxa_core::AuditOutcome;
use wxa_model::{PowerState, RefusalCode, TaskOutcome};
use wxa_sim::sentinels;
use wxa_testkit::TestApp;
use wxa_wire::{ErrorCode, TaskQuery, operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vm_start_becomes_a_task_then_a_running_vm_and_the_log_says_who() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("build-01");
    let mut live = admin.live().await;
    live.wait_until("it is halted", |live| live.power(vm) == Some(PowerState::Halted))
        .await;

    let task = admin.call::<op::VmStart>(vm, ()).await.expect("accepted").task;
    live.wait_until("the task is done", |live| {
        live.task(task)
            .is_some_and(|task| task.outcome == Some(TaskOutcome::Done))
    })
    .await;
    live.wait_until("it runs", |live| live.power(vm) == Some(PowerState::Running))
        .await;
    assert_eq!(live.snapshots, 1, "all of it came as deltas");
    assert_eq!(app.vm_id("build-01"), vm, "it is still the same VM");

    let listed = admin
        .call::<op::TaskList>(NoId, TaskQuery::default())
        .await
        .expect("tasks")
        .tasks;
    assert!(
        listed
            .iter()
            .any(|listed| listed.id == task && listed.by == "admin")
    );
    let row = app.ended_row("vm_start").await;
    assert_eq!(
        (row.by.as_str(), row.on.as_str(), row.on_id),
        ("admin", "build-01", vm.to_string())
    );
    assert_eq!(row.outcome, Some(AuditOutcome::Done));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vm_shutdown_halts_a_guest_and_vm_pause_pauses_another() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (web, db) = (app.vm_id("web-01"), app.vm_id("db-01"));
    let mut live = admin.live().await;
    admin.call::<op::VmShutdown>(web, ()).await.expect("accepted");
    admin.call::<op::VmPause>(db, ()).await.expect("accepted");
    live.wait_until("web-01 is halted", |live| {
        live.power(web) == Some(PowerState::Halted)
    })
    .await;
    live.wait_until("db-01 is paused", |live| {
        live.power(db) == Some(PowerState::Paused)
    })
    .await;
    admin.call::<op::VmUnpause>(db, ()).await.expect("accepted");
    live.wait_until("db-01 runs", |live| live.power(db) == Some(PowerState::Running))
        .await;
    admin.call::<op::VmPowerOff>(db, ()).await.expect("accepted");
    live.wait_until("db-01 is off", |live| live.power(db) == Some(PowerState::Halted))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_rules_refuse_is_a_conflict_with_their_sentence() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let refused = admin
        .call::<op::VmStart>(app.vm_id("web-01"), ())
        .await
        .expect_err("it runs");
    assert_eq!(
        (refused.status, refused.body.code),
        (StatusCode::CONFLICT, ErrorCode::Conflict)
    );
    let refusal = refused.body.refusal.expect("a refusal");
    assert_eq!(
        (refusal.code, refusal.sentence.as_str()),
        (RefusalCode::WrongState, "It is already running.")
    );

    let dom0 = admin
        .call::<op::VmPowerOff>(app.vm_id("Domain-0"), ())
        .await
        .expect_err("it runs the host");
    assert_eq!(
        dom0.body.refusal.map(|refusal| refusal.code),
        Some(RefusalCode::ControlDomain)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_host_refuses_is_a_failed_task_with_its_words() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id(sentinels::REFUSES_START);
    let mut live = admin.live().await;
    let task = admin.call::<op::VmStart>(vm, ()).await.expect("accepted").task;
    live.wait_until("the task failed", |live| {
        let outcome = live.task(task).and_then(|task| task.outcome.clone());
        matches!(outcome, Some(TaskOutcome::Failed { why }) if !why.is_empty())
    })
    .await;
    assert_eq!(live.power(vm), Some(PowerState::Halted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_act_can_show_its_command() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let commands = admin
        .call::<op::VmCommands>(app.vm_id("build-01"), ())
        .await
        .expect("commands");
    let start = commands
        .iter()
        .find(|view| view.action == wxa_model::Action::VmStart)
        .expect("one for start");
    assert!(start.command.starts_with("xl create "), "{}", start.command);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_administrator_types_on_the_host_is_seen_too() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let mut live = admin.live().await;
    live.wait_until("it runs", |live| live.power(vm) == Some(PowerState::Running))
        .await;
    app.host(0).0.run("xl pause web-01").await;
    live.wait_until("it is paused", |live| live.power(vm) == Some(PowerState::Paused))
        .await;
}
