//! Two people act on one VM at once.
use axum::http::StatusCode;
use wxa_core::AuditOutcome;
use wxa_model::{PowerState, RefusalCode, TaskOutcome};
use wxa_testkit::TestApp;
use wxa_wire::{operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_acts_at_once_is_done_the_other_refused_and_both_see_the_truth() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("build-01"));
    let otto = app.operator_on(app.host(0).1).await;
    let (mut hers, mut his) = (anna.live().await, otto.live().await);

    let (her_start, his_start) =
        tokio::join!(anna.call::<op::VmStart>(vm, ()), otto.call::<op::VmStart>(vm, ()));
    let (task, refused) = match (her_start, his_start) {
        (Ok(accepted), Err(refused)) | (Err(refused), Ok(accepted)) => (accepted.task, refused),
        other => panic!("one is done and one refused: {other:?}"),
    };
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let refusal = refused.body.refusal.expect("a refusal with its sentence");
    assert!(
        matches!(refusal.code, RefusalCode::Busy | RefusalCode::WrongState),
        "{refusal:?}"
    );
    assert!(!refusal.sentence.is_empty());

    for live in [&mut hers, &mut his] {
        live.wait_until("the one task is done", |live| {
            live.task(task)
                .is_some_and(|task| task.outcome == Some(TaskOutcome::Done))
        })
        .await;
        live.wait_until("it runs", |live| live.power(vm) == Some(PowerState::Running))
            .await;
    }
    let page = anna.call::<op::TaskList>(NoId, wxa_wire::TaskQuery::default());
    let tasks = page.await.expect("tasks").tasks;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    app.ended_row("vm_start").await;
    let rows = app.audit().await;
    let done = rows
        .iter()
        .filter(|row| row.what == "vm_start" && row.outcome == Some(AuditOutcome::Done));
    assert_eq!(done.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contrary_acts_at_once_end_in_a_state_that_both_are_shown() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let otto = app.operator_on(app.host(0).1).await;
    let (mut hers, mut his) = (anna.live().await, otto.live().await);
    // Powering off overtakes: it must not wait for anybody.
    let (pause, off) = tokio::join!(
        anna.call::<op::VmPause>(vm, ()),
        otto.call::<op::VmPowerOff>(vm, ())
    );
    assert!(pause.is_ok() || off.is_ok(), "{pause:?} {off:?}");
    if off.is_err() {
        hers.wait_until("it is paused", |live| live.power(vm) == Some(PowerState::Paused))
            .await;
        otto.call::<op::VmPowerOff>(vm, ()).await.expect("accepted now");
    }
    for live in [&mut hers, &mut his] {
        live.wait_until("it is off", |live| live.power(vm) == Some(PowerState::Halted))
            .await;
    }
}
