//! Tasks.
use crate::{at, fresh};
use uuid::Uuid;
use wxa_model::{Action, HostId, Task, TaskId, TaskOutcome, VmId};

fn task(n: u128) -> Task {
    Task {
        id: TaskId(Uuid::from_u128(n)),
        action: Action::VmShutdown,
        vm: VmId(Uuid::from_u128(50)),
        vm_name: "web".into(),
        host: HostId(Uuid::from_u128(60)),
        by: "ada".into(),
        started_at: at(n as u64),
        ended_at: None,
        step: "Waiting for the guest".into(),
        percent: Some(40),
        outcome: None,
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
