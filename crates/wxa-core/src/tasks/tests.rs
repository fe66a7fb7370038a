//! Acts: one at a time per VM, told as they go, and honest about what is not known.
mod native;

use super::*;
use crate::test_driver::{Bench, HOST, soon, until, vm, vm_id};
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;
use wxa_driver::{DriverEvent, Error, ErrorKind, Progress};
use wxa_model::{PowerState, RefusalCode, TaskOutcome, UnixMillis, VmAct};

fn task(n: u128, action: Action, at: UnixMillis) -> Task {
    Task {
        id: TaskId(Uuid::from_u128(n)),
        action,
        vm: vm_id(1),
        vm_name: "vm-1".into(),
        host: HOST,
        on: None,
        by: "ada".into(),
        started_at: at,
        ended_at: None,
        step: String::new(),
        percent: None,
        outcome: None,
        cancel: wxa_model::Cancel::No,
    }
}

/// A record that tells the test.
pub(super) struct Told {
    ended: oneshot::Sender<Task>,
    pub(super) named: tokio::sync::watch::Sender<Option<String>>,
}

impl Told {
    pub(super) fn new(ended: oneshot::Sender<Task>) -> Self {
        let named = tokio::sync::watch::Sender::new(None);
        Self { ended, named }
    }
}

#[async_trait::async_trait]
impl Record for Told {
    async fn named(&mut self, _: TaskId, native: &str) {
        self.named.send_replace(Some(native.to_owned()));
    }

    async fn ended(self: Box<Self>, task: Task, _: Vec<Step>) {
        let _ = self.ended.send(task);
    }

    fn left(self: Box<Self>) {}
}

impl Bench {
    /// Begins an act on VM 1 as `vm_act` does; resolves with the ended task.
    async fn act(&self, n: u128, action: Action) -> Result<oneshot::Receiver<Task>, Refusal> {
        let published = self.live.inventory.now();
        let (shown, _) = published.vm(vm_id(1)).unwrap();
        let (host, _) = published.host(HOST).unwrap();
        let driver = self.live.hosts.driver(HOST).unwrap();
        let can = driver.capabilities();
        let rule = |pending| wxa_model::rules::vm_action(action, shown, host, pending, &can);
        let slot = self.live.tasks.reserve(vm_id(1), action, rule)?;
        let (tell, ended) = oneshot::channel();
        let record = Box::new(Told::new(tell));
        self.live
            .tasks
            .begin(
                task(n, action, self.now()),
                slot,
                How::Perform {
                    act: VmAct::new(action, vm_id(1)),
                    driver,
                    hosts: self.live.hosts.clone(),
                },
                record,
            )
            .await;
        Ok(ended)
    }

    async fn with_vm(power: PowerState) -> (Self, crate::test_driver::Watching) {
        let mut bench = Self::start().await;
        let watching = bench.script.listed(vec![vm(1, power)]).await;
        until(&bench.live.inventory, |now| {
            now.host(HOST).is_some_and(|(host, _)| host.link.is_up())
        })
        .await;
        (bench, watching)
    }
}

fn id(n: u128) -> TaskId {
    TaskId(Uuid::from_u128(n))
}

fn failed(why: &str) -> Option<TaskOutcome> {
    Some(TaskOutcome::Failed { why: why.into() })
}

#[tokio::test(start_paused = true)]
async fn an_act_is_listed_told_and_ended() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Halted).await;
    let ended = bench.act(1, Action::VmStart).await.unwrap();
    let call = soon(bench.script.performs.recv()).await.unwrap();
    assert_eq!((call.action, call.vm), (Action::VmStart, vm_id(1)));
    let step = Progress {
        step: "building the domain".into(),
        percent: Some(40),
        ..Progress::default()
    };
    call.progress.send(step).await.unwrap();
    let now = until(&bench.live.inventory, |now| {
        now.task(id(1)).is_some_and(|task| task.percent.is_some())
    })
    .await;
    assert_eq!(now.task(id(1)).unwrap().step, "building the domain");

    bench.clock.advance(Duration::from_secs(2));
    call.end.send(Ok(())).unwrap();
    let task = soon(ended).await.unwrap();
    assert_eq!(
        (&task.outcome, task.ended_at),
        (&Some(TaskOutcome::Done), Some(bench.now()))
    );
    bench.live.inventory.settled().await;
    let now = bench.live.inventory.now();
    assert_eq!(now.task(id(1)), Some(&task));
    assert_eq!(
        now.vm(vm_id(1)).unwrap().0.power,
        PowerState::Halted,
        "a VM's state is the host's word"
    );
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_at_most_four_times_a_second() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Halted).await;
    let ended = bench.act(1, Action::VmStart).await.unwrap();
    let call = soon(bench.script.performs.recv()).await.unwrap();
    let before = bench.live.inventory.now().revision;
    for percent in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        call.progress
            .send(Progress {
                step: String::new(),
                percent: Some(percent),
                ..Progress::default()
            })
            .await
            .unwrap();
    }
    call.end.send(Ok(())).unwrap();
    soon(ended).await.unwrap();
    bench.live.inventory.settled().await;
    let revisions = bench.live.inventory.now().revision - before;
    assert!((5..=11).contains(&revisions), "{revisions} revisions in 2 s");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_second_act_on_the_same_vm_is_refused_while_the_first_runs() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Halted).await;
    let ended = bench.act(1, Action::VmStart).await.unwrap();
    let refusal = bench.act(2, Action::VmStart).await.unwrap_err();
    assert_eq!(refusal.code, RefusalCode::Busy);
    let call = soon(bench.script.performs.recv()).await.unwrap();
    call.end
        .send(Err(Error::new(
            ErrorKind::Refused { code: "1".into() },
            "no memory",
        )))
        .unwrap();
    assert_eq!(soon(ended).await.unwrap().outcome, failed("no memory"));
    bench.act(3, Action::VmStart).await.unwrap();
    soon(bench.script.performs.recv()).await.unwrap();
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_power_off_overtakes_a_shutdown_that_waits_for_the_guest() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Running).await;
    let shutdown = bench.act(1, Action::VmShutdown).await.unwrap();
    let _waits = soon(bench.script.performs.recv()).await.unwrap();
    let power_off = bench.act(2, Action::VmPowerOff).await.unwrap();
    assert_eq!(
        bench.act(3, Action::VmPowerOff).await.unwrap_err().code,
        RefusalCode::Busy
    );
    let call = soon(bench.script.performs.recv()).await.unwrap();
    call.end.send(Ok(())).unwrap();
    assert_eq!(soon(power_off).await.unwrap().outcome, Some(TaskOutcome::Done));
    assert_eq!(
        soon(shutdown).await.unwrap().outcome,
        failed("It was powered off meanwhile.")
    );
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_that_sees_the_guest_go_first_asks_the_power_off() {
    for (power_off_result, expected) in [
        (Ok(()), failed("It was powered off meanwhile.")),
        (
            Err(Error::new(ErrorKind::NotFound, "no such domain")),
            Some(TaskOutcome::Done),
        ),
    ] {
        let (mut bench, _watching) = Bench::with_vm(PowerState::Running).await;
        let shutdown = bench.act(1, Action::VmShutdown).await.unwrap();
        let waits = soon(bench.script.performs.recv()).await.unwrap();
        let power_off = bench.act(2, Action::VmPowerOff).await.unwrap();
        let call = soon(bench.script.performs.recv()).await.unwrap();
        waits.end.send(Ok(())).unwrap();
        let mut shutdown = Box::pin(shutdown);
        assert!(
            tokio::time::timeout(Duration::from_secs(1), &mut shutdown)
                .await
                .is_err(),
            "it must ask first"
        );
        call.end.send(power_off_result).unwrap();
        soon(power_off).await.unwrap();
        assert_eq!(soon(shutdown).await.unwrap().outcome, expected);
        bench.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_act_that_takes_too_long_is_unknown_until_the_host_shows_it() {
    let (mut bench, watching) = Bench::with_vm(PowerState::Halted).await;
    let ended = bench.act(1, Action::VmStart).await.unwrap();
    let _call = soon(bench.script.performs.recv()).await.unwrap();
    let task = tokio::time::timeout(Duration::from_secs(601), ended)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(task.outcome, Some(TaskOutcome::Unknown { .. })));
    watching
        .say(DriverEvent::Changed(vm(1, PowerState::Running)))
        .await;
    let shown = |now: &crate::inventory::Published| now.task(id(1)).is_some_and(|task| !task.step.is_empty());
    let now = until(&bench.live.inventory, shown).await;
    assert_eq!(now.task(id(1)).unwrap().step, "The host shows it running.");
    assert!(matches!(
        now.task(id(1)).unwrap().outcome,
        Some(TaskOutcome::Unknown { .. })
    ));
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_panics_leaves_an_unknown_outcome_and_a_free_lane() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Halted).await;
    let ended = bench.act(1, Action::VmStart).await.unwrap();
    drop(soon(bench.script.performs.recv()).await.unwrap());
    assert!(matches!(
        soon(ended).await.unwrap().outcome,
        Some(TaskOutcome::Unknown { .. })
    ));
    bench.act(2, Action::VmStart).await.unwrap();
    soon(bench.script.performs.recv()).await.unwrap();
    assert!(bench.live.supervisor.is_healthy());
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_records_that_it_does_not_know() {
    let (mut bench, _watching) = Bench::with_vm(PowerState::Halted).await;
    let ended = bench.act(1, Action::VmStart).await.unwrap();
    let _call = soon(bench.script.performs.recv()).await.unwrap();
    bench.stop().await;
    let why = "The server was stopped meanwhile.".into();
    assert_eq!(
        soon(ended).await.unwrap().outcome,
        Some(TaskOutcome::Unknown { why })
    );
}

#[tokio::test(start_paused = true)]
async fn only_the_last_fifty_ended_tasks_stay_listed() {
    let bench = Bench::start().await;
    let ended = |n: u64| Task {
        ended_at: Some(UnixMillis(n)),
        outcome: Some(TaskOutcome::Done),
        ..task(u128::from(n), Action::VmStart, UnixMillis(n))
    };
    bench
        .live
        .tasks
        .restore((1..=60).rev().map(ended).collect())
        .await;
    bench.live.inventory.settled().await;
    let now = bench.live.inventory.now();
    assert_eq!(now.tasks().count(), ENDED);
    assert!(now.task(id(10)).is_none() && now.task(id(11)).is_some());
    bench.stop().await;
}
