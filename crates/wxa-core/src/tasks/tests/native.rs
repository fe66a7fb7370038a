//! Acts that the hypervisor knows by a name: they outlive us, and can be cancelled.
use super::*;
use wxa_model::Cancel;

const NATIVE: &str = "OpaqueRef:task-1";

fn named(cancel: Cancel) -> Progress {
    Progress {
        step: "Suspending vm-1".into(),
        percent: Some(20),
        native: Some(NATIVE.into()),
        cancel,
    }
}

impl Bench {
    /// Goes on with a task of an earlier run.
    async fn follow(&self, n: u128, action: Action) -> oneshot::Receiver<Task> {
        let slot = self.live.tasks.reserve(vm_id(1), action, |_| Ok(())).unwrap();
        let (tell, ended) = oneshot::channel();
        let how = How::Follow {
            native: NATIVE.into(),
            hosts: self.live.hosts.clone(),
        };
        let record = Box::new(Told::new(tell));
        self.live
            .tasks
            .begin(task(n, action, self.now()), slot, how, record)
            .await;
        ended
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_hypervisor_calls_an_act_is_kept_and_the_act_is_left_to_it_when_the_server_stops() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Running).await;
    let (tell, ended) = oneshot::channel();
    let record = Told::new(tell);
    let mut kept = record.named.subscribe();
    let slot = bench
        .live
        .tasks
        .reserve(vm_id(1), Action::VmSuspend, |_| Ok(()))
        .unwrap();
    let how = How::Perform {
        act: VmAct::new(Action::VmSuspend, vm_id(1)),
        driver: bench.live.hosts.driver(HOST).unwrap(),
        hosts: bench.live.hosts.clone(),
    };
    let tasks = bench.live.tasks.clone();
    tasks
        .begin(
            task(1, Action::VmSuspend, bench.now()),
            slot,
            how,
            Box::new(record),
        )
        .await;
    let call = soon(bench.script.performs.recv()).await.unwrap();
    call.progress.send(named(Cancel::Yes)).await.unwrap();
    soon(kept.wait_for(|native| native.as_deref() == Some(NATIVE)))
        .await
        .unwrap();
    let shown = until(&bench.live.inventory, |now| {
        now.task(id(1)).is_some_and(|task| task.percent == Some(20))
    })
    .await;
    assert_eq!(shown.task(id(1)).unwrap().cancel, Cancel::Yes);
    bench.stop().await;
    assert!(soon(ended).await.is_err(), "nobody says that it has ended");
}

#[tokio::test(start_paused = true)]
async fn a_task_of_an_earlier_run_is_followed_once_its_host_is_reached_and_holds_its_lane() {
    let mut bench = Bench::start().await;
    let ended = bench.follow(1, Action::VmSuspend).await;
    let watching = bench.script.listed(vec![vm(1, PowerState::Running)]).await;
    let call = soon(bench.script.follows.recv()).await.unwrap();
    assert_eq!(call.native, NATIVE);
    call.progress.send(named(Cancel::Yes)).await.unwrap();
    until(&bench.live.inventory, |now| {
        now.task(id(1)).is_some_and(|task| task.percent == Some(20))
    })
    .await;
    let refusal = bench.act(2, Action::VmReboot).await.unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Busy);
    call.end.send(Ok(())).unwrap();
    let task = soon(ended).await.unwrap();
    assert_eq!(task.outcome, Some(TaskOutcome::Done));
    bench.act(3, Action::VmReboot).await.unwrap();
    drop(watching);
}

#[tokio::test(start_paused = true)]
async fn an_act_whose_connection_is_lost_is_asked_about_by_its_name() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Running).await;
    let ended = bench.act(1, Action::VmReboot).await.unwrap();
    let call = soon(bench.script.performs.recv()).await.unwrap();
    call.progress.send(named(Cancel::Yes)).await.unwrap();
    until(&bench.live.inventory, |now| {
        now.task(id(1)).is_some_and(|task| task.percent == Some(20))
    })
    .await;
    let lost = Error::new(
        ErrorKind::TimedOut { maybe_done: true },
        "The connection was lost.",
    );
    call.end.send(Err(lost)).unwrap();
    let call = soon(bench.script.follows.recv()).await.unwrap();
    assert_eq!(call.native, NATIVE);
    call.end.send(Ok(())).unwrap();
    assert_eq!(soon(ended).await.unwrap().outcome, Some(TaskOutcome::Done));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_nobody_knows_any_more_is_of_unknown_outcome_and_the_vm_tells() {
    let mut bench = Bench::start().await;
    let ended = bench.follow(1, Action::VmSuspend).await;
    let watching = bench.script.listed(vec![vm(1, PowerState::Running)]).await;
    let call = soon(bench.script.follows.recv()).await.unwrap();
    let gone = Error::new(
        ErrorKind::TimedOut { maybe_done: true },
        "The pool has forgotten the task.",
    );
    call.end.send(Err(gone)).unwrap();
    let task = soon(ended).await.unwrap();
    assert!(
        matches!(task.outcome, Some(TaskOutcome::Unknown { .. })),
        "{task:?}"
    );
    watching
        .say(DriverEvent::Changed(vm(1, PowerState::Suspended)))
        .await;
    until(&bench.live.inventory, |now| {
        now.task(id(1))
            .is_some_and(|task| task.step == "The host shows it suspended.")
    })
    .await;
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_could_not_be_asked_about_a_task_is_asked_again() {
    let mut bench = Bench::start().await;
    let ended = bench.follow(1, Action::VmSuspend).await;
    let watching = bench.script.listed(vec![vm(1, PowerState::Running)]).await;
    let unconfirmed = ErrorKind::Refused {
        code: wxa_driver::UNKNOWN_CERTIFICATE.into(),
    };
    let another = ErrorKind::OtherPool {
        kept: Uuid::from_u128(1),
        seen: Uuid::from_u128(2),
    };
    for kind in [ErrorKind::Untrusted, another, unconfirmed, ErrorKind::Unreachable] {
        let call = soon(bench.script.follows.recv()).await.unwrap();
        call.end.send(Err(Error::new(kind, "Nobody was asked."))).unwrap();
    }
    let call = soon(bench.script.follows.recv()).await.unwrap();
    call.end.send(Ok(())).unwrap();
    assert_eq!(soon(ended).await.unwrap().outcome, Some(TaskOutcome::Done));
    drop(watching);
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn only_its_own_failure_makes_a_task_of_an_earlier_run_a_failed_one() {
    let mut bench = Bench::start().await;
    let watching = bench.script.listed(vec![vm(1, PowerState::Running)]).await;
    let refused = ErrorKind::Refused {
        code: "NO_HOSTS_AVAILABLE".into(),
    };
    let kinds = [
        (refused, true),
        (ErrorKind::PermissionDenied, false),
        (ErrorKind::NotFound, false),
        (ErrorKind::NotSupported { action: None }, false),
        (ErrorKind::Internal, false),
    ];
    for (n, (kind, is_its_own)) in (1..).zip(kinds) {
        let ended = bench.follow(n, Action::VmSuspend).await;
        let call = soon(bench.script.follows.recv()).await.unwrap();
        call.end.send(Err(Error::new(kind, "No."))).unwrap();
        let why = "No.".into();
        let expected = match is_its_own {
            true => TaskOutcome::Failed { why },
            false => TaskOutcome::Unknown { why },
        };
        assert_eq!(soon(ended).await.unwrap().outcome, Some(expected));
    }
    drop(watching);
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_act_says_who_cancelled_it() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Running).await;
    let ended = bench.act(1, Action::VmReboot).await.unwrap();
    let call = soon(bench.script.performs.recv()).await.unwrap();
    call.progress.send(named(Cancel::Yes)).await.unwrap();
    until(&bench.live.inventory, |now| {
        now.task(id(1)).is_some_and(|task| task.cancel == Cancel::Yes)
    })
    .await;
    bench.live.tasks.inner.running.ask(id(1), Some("ben".into()));
    until(&bench.live.inventory, |now| {
        now.task(id(1)).is_some_and(|task| task.cancel == Cancel::Asked)
    })
    .await;
    // It is not offered again when the host says once more what it said before.
    call.progress
        .send(Progress {
            percent: Some(30),
            ..named(Cancel::Yes)
        })
        .await
        .unwrap();
    until(&bench.live.inventory, |now| {
        now.task(id(1))
            .is_some_and(|task| task.percent == Some(30) && task.cancel == Cancel::Asked)
    })
    .await;
    let error = Error::new(ErrorKind::Cancelled, "It was cancelled on the pool.");
    call.end.send(Err(error)).unwrap();
    let why = "Cancelled by ben.".into();
    assert_eq!(
        soon(ended).await.unwrap().outcome,
        Some(TaskOutcome::Cancelled { why })
    );
    bench.stop().await;
}
