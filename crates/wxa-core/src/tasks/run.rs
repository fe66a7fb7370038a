//! One act: perform it, tell how far it is, and say how it ended.
use super::{Slot, Step, Tasks};
use futures::FutureExt as _;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::{Driver, Error, ErrorKind, Progress};
use wxa_model::{Action, Task, TaskOutcome};

/// The longest an act may take; a guest that shuts down slowly is the slowest of them.
const LIMIT: Duration = Duration::from_secs(600);
/// The least time between two reports of progress.
const REPORT: Duration = Duration::from_millis(250);
/// Steps that are remembered of one act; a driver that tells more has them shown, not kept.
const STEPS: usize = 100;
const OVERTAKEN: &str = "It was powered off meanwhile.";

/// Performs `task` and returns it ended, with the steps it went through. The lane is free when this returns.
pub(super) async fn run(
    tasks: &Tasks,
    mut task: Task,
    slot: Slot,
    driver: Arc<dyn Driver>,
    stop: CancellationToken,
) -> (Task, Vec<Step>) {
    let mut steps = Vec::new();
    let outcome = perform(tasks, &mut task, &mut steps, &slot, driver.as_ref(), stop).await;
    tracing::info!(task = %task.id, action = task.action.name(), vm = %task.vm, ?outcome, "task ended");
    if task.action == Action::VmPowerOff && outcome == TaskOutcome::Done {
        slot.powered_off();
    }
    drop(slot);
    task.ended_at = Some(tasks.inner.clock.now());
    if outcome == TaskOutcome::Done {
        task.percent = None;
    }
    task.step.clear();
    task.outcome = Some(outcome);
    (task, steps)
}

async fn perform(
    tasks: &Tasks,
    task: &mut Task,
    steps: &mut Vec<Step>,
    slot: &Slot,
    driver: &dyn Driver,
    stop: CancellationToken,
) -> TaskOutcome {
    let (progress, mut reported) = watch::channel(Progress::default());
    let performing = AssertUnwindSafe(driver.perform(task.act(), &progress)).catch_unwind();
    let limit = sleep(LIMIT);
    let mut next_report = Instant::now();
    tokio::pin!(performing, limit);
    loop {
        tokio::select! {
            result = &mut performing => {
                return if slot.was_overtaken().await { failed(OVERTAKEN) } else { outcome(result) };
            }
            () = slot.overtaken() => return failed(OVERTAKEN),
            () = &mut limit => return unknown("It took longer than 10 minutes."),
            () = stop.cancelled() => return unknown("The server was stopped meanwhile."),
            () = next_progress(next_report, &mut reported) => {
                next_report = Instant::now() + REPORT;
                let Progress { step, percent } = reported.borrow_and_update().clone();
                if steps.len() < STEPS && !step.is_empty() && step != task.step {
                    steps.push((tasks.inner.clock.now(), step.clone()));
                }
                (task.step, task.percent) = (step, percent.map(|percent| percent.min(100)));
                tasks.put(task.clone()).await;
            }
        }
    }
}

async fn next_progress(not_before: Instant, reported: &mut watch::Receiver<Progress>) {
    sleep_until(not_before).await;
    if reported.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn outcome(result: Result<Result<(), Error>, Box<dyn std::any::Any + Send>>) -> TaskOutcome {
    let Ok(result) = result else {
        return unknown("A fault of the server's own ended it.");
    };
    let Err(error) = result else {
        return TaskOutcome::Done;
    };
    match error.kind {
        // These may have come after the host was told.
        ErrorKind::TimedOut { maybe_done: true } | ErrorKind::Malformed | ErrorKind::Internal => {
            tracing::warn!(%error, source = ?error.source, "the outcome of an act is not known");
            unknown(error.message)
        }
        ErrorKind::TimedOut { maybe_done: false }
        | ErrorKind::NotFound
        | ErrorKind::Busy
        | ErrorKind::Refused { .. }
        | ErrorKind::Unauthenticated
        | ErrorKind::PermissionDenied
        | ErrorKind::KeyChanged { .. }
        | ErrorKind::JumpKeyChanged { .. }
        | ErrorKind::Untrusted
        | ErrorKind::OtherPool { .. }
        | ErrorKind::Unreachable
        | ErrorKind::NotSupported { .. } => failed(error.message),
    }
}

fn failed(why: impl Into<String>) -> TaskOutcome {
    TaskOutcome::Failed { why: why.into() }
}

fn unknown(why: impl Into<String>) -> TaskOutcome {
    TaskOutcome::Unknown { why: why.into() }
}
