//! Tasks.
use crate::{at, fresh};
use uuid::Uuid;
use wxa_model::{Action, AuditId, Cancel, HostId, Task, TaskId, TaskOutcome, VmId};
use wxa_store::{TaskFilter, TaskState};

fn task(n: u128) -> Task {
    Task {
        id: TaskId(Uuid::from_u128(n)),
        action: Action::VmShutdown,
        vm: VmId(Uuid::from_u128(50)),
        vm_name: "web".into(),
        host: HostId(Uuid::from_u128(60)),
        on: None,
        by: "ada".into(),
        started_at: at(n as u64),
        ended_at: None,
        step: "Waiting for the guest".into(),
        percent: Some(40),
        outcome: None,
        cancel: Cancel::No,
    }
}

#[tokio::test]
async fn every_outcome_is_kept() {
    let store = fresh().await;
    let outcomes = [
        None,
        Some(TaskOutcome::Done),
        Some(TaskOutcome::Failed {
            why: "no memory".into(),
        }),
        Some(TaskOutcome::Cancelled {
            why: "Cancelled by ada.".into(),
        }),
        Some(TaskOutcome::Unknown {
            why: "no answer".into(),
        }),
    ];
    let mut expected = Vec::new();
    for (n, outcome) in (1..).zip(outcomes) {
        store.task_put(&task(n)).await.unwrap();
        let ended = Task {
            ended_at: outcome.as_ref().map(|_| at(99)),
            percent: None,
            outcome,
            ..task(n)
        };
        store.task_put(&ended).await.unwrap();
        expected.insert(0, ended);
    }
    assert_eq!(store.task_list(10).await.unwrap(), expected);
    assert_eq!(store.task_list(2).await.unwrap(), expected[..2]);
}

#[tokio::test]
async fn what_a_killed_run_left_running_is_of_unknown_outcome() {
    let store = fresh().await;
    let done = Task {
        ended_at: Some(at(2)),
        outcome: Some(TaskOutcome::Done),
        ..task(1)
    };
    store.task_put(&done).await.unwrap();
    store.task_put(&task(2)).await.unwrap();
    assert_eq!(store.task_close_open(at(9), "stopped").await.unwrap(), 1);
    let tasks = store.task_list(10).await.unwrap();
    assert_eq!(
        tasks[0].outcome,
        Some(TaskOutcome::Unknown {
            why: "stopped".into()
        })
    );
    assert_eq!(tasks[0].ended_at, Some(at(9)));
    assert_eq!(tasks[1], done);
}

#[tokio::test]
async fn every_filter_picks_its_tasks_and_pages_follow_the_cursor() {
    let store = fresh().await;
    for n in 1..=4 {
        let odd = n % 2 == 1;
        let one = Task {
            by: if odd { "ada" } else { "ben" }.into(),
            vm_name: format!("web-{n}"),
            action: if odd { Action::VmStart } else { Action::VmPause },
            outcome: (n > 1).then(|| TaskOutcome::Failed { why: "no".into() }),
            host: HostId(Uuid::from_u128(n)),
            ..task(n)
        };
        store
            .task_begin(&one, AuditId(Uuid::from_u128(n + 10)))
            .await
            .unwrap();
    }
    let any = TaskFilter::default;
    for (filter, wanted) in [
        (any(), vec![4, 3, 2]),
        (
            TaskFilter {
                before: Some(2),
                ..any()
            },
            vec![1],
        ),
        (
            TaskFilter {
                state: Some(TaskState::Running),
                ..any()
            },
            vec![1],
        ),
        (
            TaskFilter {
                state: TaskState::from_name("failed"),
                ..any()
            },
            vec![4, 3, 2],
        ),
        (
            TaskFilter {
                by: Some("Ada".into()),
                ..any()
            },
            vec![3, 1],
        ),
        (
            TaskFilter {
                on: Some("WEB-2".into()),
                ..any()
            },
            vec![2],
        ),
        (
            TaskFilter {
                on: Some(task(1).vm.to_string()),
                ..any()
            },
            vec![4, 3, 2],
        ),
        (
            TaskFilter {
                host: Some(HostId(Uuid::from_u128(3))),
                ..any()
            },
            vec![3],
        ),
        (
            TaskFilter {
                action: Some(Action::VmPause),
                ..any()
            },
            vec![4, 2],
        ),
    ] {
        let page = store.task_page(&filter, 3).await.unwrap();
        let numbers: Vec<u64> = page.iter().map(|record| record.number).collect();
        assert_eq!(numbers, wanted, "{filter:?}");
    }
}

#[tokio::test]
async fn a_task_keeps_its_audit_row_and_its_steps() {
    let store = fresh().await;
    let (one, audit) = (task(1), AuditId(Uuid::from_u128(9)));
    store.task_begin(&one, audit).await.unwrap();
    let ended = Task {
        outcome: Some(TaskOutcome::Done),
        ..task(1)
    };
    store.task_put(&ended).await.unwrap();
    let steps = [(at(1), "Pausing".to_owned()), (at(2), "Paused".to_owned())];
    store.task_steps_put(one.id, &steps).await.unwrap();
    let record = store.task_get(one.id).await.unwrap().unwrap();
    assert_eq!((record.audit, record.task), (Some(audit), ended));
    assert_eq!(store.task_steps(one.id).await.unwrap(), steps);
    assert_eq!(store.task_get(TaskId(Uuid::from_u128(2))).await.unwrap(), None);
    assert_eq!(store.task_steps(TaskId(Uuid::from_u128(2))).await.unwrap(), []);
}

#[tokio::test]
async fn where_a_task_was_asked_to_begin_is_kept() {
    let store = fresh().await;
    let chosen = Task {
        on: Some(HostId(Uuid::from_u128(61))),
        ..task(1)
    };
    store.task_put(&chosen).await.unwrap();
    let record = store.task_get(chosen.id).await.unwrap().unwrap();
    assert_eq!(record.task, chosen);
}

#[tokio::test]
async fn a_task_that_its_hypervisor_knows_by_a_name_stays_open_with_its_audit_row() {
    let store = fresh().await;
    let key = wxa_store::ChainKey::new([7; 32]);
    for n in [1, 2] {
        let row = wxa_store::AuditBegin {
            id: AuditId(Uuid::from_u128(n + 10)),
            at: at(1),
            by: "ada".into(),
            user: None,
            from: String::new(),
            request_id: String::new(),
            what: "vm_shutdown".into(),
            on: "web".into(),
            on_id: String::new(),
        };
        store.audit_begin(&key, &row).await.unwrap();
        store.task_begin(&task(n), row.id).await.unwrap();
    }
    store.task_set_native(task(1).id, "OpaqueRef:x").await.unwrap();
    assert_eq!(store.audit_close_open(&key, "stopped").await.unwrap().0, 1);
    assert_eq!(store.task_close_open(at(9), "stopped").await.unwrap(), 1);
    let left = store.task_open_named().await.unwrap();
    let left: Vec<_> = left
        .iter()
        .map(|one| (one.task.id, one.native.as_deref()))
        .collect();
    assert_eq!(left, [(task(1).id, Some("OpaqueRef:x"))]);
}
