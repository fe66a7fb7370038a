//! A server that was stopped in the middle and started again on the same folder.
use crate::{
    AuditFilter, AuditOutcome, AuditTarget, Credential, Ctx, NewHost,
    core::test_core::{KEY, TestCore},
    test_driver::until,
};
use uuid::Uuid;
use wxa_model::{Action, Cancel, HostId, Task, TaskId, TaskOutcome, Transport, Trust, VmId};

const NATIVE: &str = "OpaqueRef:task-1";

/// With a host, and a task on it that was left running under that name.
async fn left_running() -> (TestCore, TaskId, HostId) {
    let core = TestCore::start().await;
    let host = NewHost {
        name: String::new(),
        site: String::new(),
        transport: Transport::Ssh,
        address: "xen.example".into(),
        port: 22,
        user: "root".into(),
        credential: Credential::Password("right".into()),
        fingerprint: KEY.into(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    };
    let (host, _) = core.host_add(&Ctx::command_line(), host).await.unwrap();
    let row = core
        .audit_begin(&Ctx::command_line(), "vm_suspend", AuditTarget::installation())
        .await
        .unwrap();
    let task = Task {
        id: TaskId(Uuid::from_u128(1)),
        action: Action::VmSuspend,
        vm: VmId(Uuid::from_u128(2)),
        vm_name: "web".into(),
        host,
        on: None,
        by: "ada".into(),
        started_at: core.now(),
        ended_at: None,
        step: String::new(),
        percent: None,
        outcome: None,
        cancel: Cancel::No,
    };
    let store = &core.inner.store;
    store.task_begin(&task, row.id()).await.unwrap();
    store.task_set_native(task.id, NATIVE).await.unwrap();
    row.leave();
    (core, task.id, host)
}

async fn row(core: &TestCore) -> (Option<AuditOutcome>, String) {
    let filter = AuditFilter {
        what: Some("vm_suspend".into()),
        ..AuditFilter::default()
    };
    let row = core
        .audit_list(&Ctx::command_line(), filter)
        .await
        .unwrap()
        .remove(0);
    (row.outcome, row.detail)
}

#[tokio::test]
async fn what_the_hypervisor_has_done_meanwhile_ends_as_done_with_its_audit_row() {
    let (core, id, _) = left_running().await;
    core.hosts.finished.lock().unwrap().push(NATIVE.into());
    let core = core.restarted().await;
    let done = |task: &Task| task.outcome == Some(TaskOutcome::Done);
    until(&core.live().inventory, |now| now.task(id).is_some_and(done)).await;
    core.stop().await;
    let store = core.reopened_after_stop().await;
    assert!(done(&store.task_get(id).await.unwrap().unwrap().task));
    store.close().await;
    let core = core.restarted().await;
    assert_eq!(row(&core).await, (Some(AuditOutcome::Done), String::new()));
    core.stop().await;
}

#[tokio::test]
async fn while_the_host_is_not_reached_it_stays_running() {
    let (core, id, _) = left_running().await;
    *core.hosts.unreachable.lock().unwrap() = true;
    let core = core.restarted().await;
    let now = core.live().inventory.now();
    assert!(now.task(id).is_some_and(Task::is_running), "{now:?}");
    assert_eq!(row(&core).await.0, None, "its row stays open");
    core.stop().await;
}

#[tokio::test]
async fn what_nobody_knows_any_more_is_of_unknown_outcome() {
    let (core, id, _) = left_running().await;
    let core = core.restarted().await;
    until(&core.live().inventory, |now| {
        now.task(id)
            .is_some_and(|task| matches!(task.outcome, Some(TaskOutcome::Unknown { .. })))
    })
    .await;
    core.stop().await;
}

#[tokio::test]
async fn a_host_that_was_removed_meanwhile_leaves_the_outcome_unknown() {
    let (core, id, host) = left_running().await;
    core.host_remove(&Ctx::command_line(), host).await.unwrap();
    let core = core.restarted().await;
    until(&core.live().inventory, |now| {
        now.task(id)
            .is_some_and(|task| matches!(task.outcome, Some(TaskOutcome::Unknown { .. })))
    })
    .await;
    core.stop().await;
}
