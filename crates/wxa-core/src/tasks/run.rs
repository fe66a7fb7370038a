//! One act: perform it, tell how far it is, and say how it ended.
use super::{Record, Slot, Step, Tasks, running::Asked};
use crate::{hosts_worker::Hosts, inventory::Published};
use futures::FutureExt as _;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::{Driver, Error, ErrorKind, Progress, ProgressSink, UNKNOWN_CERTIFICATE};
use wxa_model::{Action, Cancel, HostId, Task, TaskOutcome, VmAct};

/// The longest an act may take of which the hypervisor tells nothing meanwhile; a guest that shuts down slowly is the slowest
/// of them.
const LIMIT: Duration = Duration::from_secs(600);
/// The longest an act may take that the hypervisor knows by a name, and that one of an earlier run is waited for: XAPI forgets
/// what has ended after 65 minutes.
const LONGEST: Duration = Duration::from_secs(4000);
/// The least time between two tries to ask about it.
const FOLLOW_AGAIN: Duration = Duration::from_secs(1);
/// The least time between two reports of progress.
const REPORT: Duration = Duration::from_millis(250);
/// Steps that are remembered of one act; a driver that tells more has them shown, not kept.
const STEPS: usize = 100;
const OVERTAKEN: &str = "It was powered off meanwhile.";

/// How a task is done.
pub(crate) enum How {
    /// By telling this driver.
    Perform {
        /// What.
        act: VmAct,
        /// The one that its host had when the act began.
        driver: Arc<dyn Driver>,
        /// Where the one is found that it has later.
        hosts: Hosts,
    },
    /// By waiting for what an earlier run has begun, as soon as its host is reached.
    Follow {
        /// What the hypervisor calls it.
        native: String,
        /// Where the driver is found.
        hosts: Hosts,
    },
}

/// What became of a task in this run of the server.
pub(super) enum Ended {
    /// It has ended, having gone through these steps.
    Over(Task, Vec<Step>),
    /// The server is stopped, and the hypervisor goes on with it.
    Left,
}

/// Does `task`. The lane is free when this returns.
pub(super) async fn run(
    tasks: &Tasks,
    mut task: Task,
    slot: Slot,
    how: How,
    record: &mut dyn Record,
    asked: Asked,
    stop: CancellationToken,
) -> Ended {
    let mut steps = Vec::new();
    let mut doing = Doing {
        tasks,
        task: &mut task,
        steps: &mut steps,
        slot: &slot,
        record,
        asked,
        is_named: false,
    };
    let Some(outcome) = doing.until_it_ends(&how, stop).await else {
        return Ended::Left;
    };
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
    task.cancel = Cancel::No;
    task.outcome = Some(outcome);
    Ended::Over(task, steps)
}

/// A task while it is done.
struct Doing<'a> {
    tasks: &'a Tasks,
    task: &'a mut Task,
    steps: &'a mut Vec<Step>,
    slot: &'a Slot,
    record: &'a mut dyn Record,
    asked: Asked,
    /// Whether it is kept what the hypervisor calls it.
    is_named: bool,
}

impl Doing<'_> {
    /// How it ended; none when the server is stopped and the hypervisor goes on.
    async fn until_it_ends(&mut self, how: &How, stop: CancellationToken) -> Option<TaskOutcome> {
        let (progress, mut reported) = watch::channel(Progress::default());
        let mut names = progress.subscribe();
        let (tasks, slot, host) = (self.tasks, self.slot, self.task.host);
        if let How::Follow { native, .. } = how {
            self.tasks.inner.running.name(self.task.id, native);
            self.is_named = true;
        }
        let doing = AssertUnwindSafe(async {
            match how {
                How::Perform { act, driver, hosts } => match driver.perform(*act, &progress).await {
                    Err(error) if error.kind == (ErrorKind::TimedOut { maybe_done: true }) => {
                        // What has a name on the hypervisor goes on there, and can be asked about.
                        let native = progress.borrow().native.clone();
                        match native {
                            Some(native) => follow(tasks, hosts, host, &native, &progress).await,
                            None => Err(error),
                        }
                    }
                    ended => ended,
                },
                How::Follow { native, hosts } => follow(tasks, hosts, host, native, &progress).await,
            }
        })
        .catch_unwind();
        let (limit, longest) = (sleep(LIMIT), sleep(LONGEST));
        let mut asked = self.asked.clone();
        let mut next_report = Instant::now();
        tokio::pin!(doing, limit, longest);
        loop {
            tokio::select! {
                result = &mut doing => {
                    return Some(if slot.was_overtaken().await { failed(OVERTAKEN) } else { self.outcome(result) });
                }
                () = slot.overtaken() => return Some(failed(OVERTAKEN)),
                () = &mut limit, if !self.is_named => return Some(unknown("It took longer than 10 minutes.")),
                () = &mut longest => return Some(unknown("Its host has not told its end for more than an hour.")),
                () = stop.cancelled() => {
                    return (!self.is_named).then(|| unknown("The server was stopped meanwhile."));
                }
                native = next_name(&mut names), if !self.is_named => {
                    self.is_named = true;
                    self.tasks.inner.running.name(self.task.id, &native);
                    self.record.named(self.task.id, &native).await;
                    // The host may have been given another driver meanwhile, which knows nothing of it.
                    if let How::Perform { hosts, .. } = how
                        && let Some(driver) = hosts.driver(host)
                    {
                        driver.recognise(&[native]);
                    }
                }
                () = next_change(&mut asked) => {
                    // Whoever could ask could cancel it: a refusal leaves it as it was.
                    let is_asked = asked.borrow_and_update().is_some();
                    self.task.cancel = if is_asked { Cancel::Asked } else { Cancel::Yes };
                    self.tasks.put(self.task.clone()).await;
                }
                () = next_progress(next_report, &mut reported) => {
                    next_report = Instant::now() + REPORT;
                    let progress = reported.borrow_and_update().clone();
                    self.take(progress);
                    self.tasks.put(self.task.clone()).await;
                }
            }
        }
    }

    fn take(&mut self, progress: Progress) {
        let Progress {
            step,
            percent,
            cancel,
            native: _,
        } = progress;
        if self.steps.len() < STEPS && !step.is_empty() && step != self.task.step {
            self.steps.push((self.tasks.inner.clock.now(), step.clone()));
        }
        (self.task.step, self.task.percent) = (step, percent.map(|percent| percent.min(100)));
        self.task.cancel = match cancel {
            Cancel::Yes if self.asked.borrow().is_some() => Cancel::Asked,
            other => other,
        };
    }

    fn outcome(&self, result: Result<Result<(), Error>, Box<dyn std::any::Any + Send>>) -> TaskOutcome {
        match (&result, &*self.asked.borrow()) {
            (Ok(Err(error)), Some(who)) if error.kind == ErrorKind::Cancelled => TaskOutcome::Cancelled {
                why: format!("Cancelled by {who}."),
            },
            _ => outcome(result),
        }
    }
}

/// Waits for what an earlier run has begun, or this one before its connection was lost; whenever its host is not reached, until it is.
async fn follow(
    tasks: &Tasks,
    hosts: &Hosts,
    host: HostId,
    native: &str,
    progress: &ProgressSink,
) -> Result<(), Error> {
    let gone = || {
        Error::new(
            ErrorKind::TimedOut { maybe_done: true },
            "It was left in the middle, and its host is not there any more.",
        )
    };
    let mut published = tasks.inner.inventory.watch();
    loop {
        let driver = hosts.driver(host).ok_or_else(gone)?;
        // Asked at once: a driver takes it for ours before it tells what others do.
        match driver.follow(native, progress).await {
            Err(error) if is_not_reached(&error.kind) => {
                tracing::debug!(%error, "a task cannot be asked about yet")
            }
            ended => return ended.map_err(not_known),
        }
        sleep(FOLLOW_AGAIN).await;
        let is_up =
            |published: &Arc<Published>| published.host(host).is_none_or(|(host, _)| host.link.is_up());
        published.wait_for(is_up).await.map_err(|_| gone())?;
    }
}

/// Whether nobody was asked, so that asking later makes sense.
fn is_not_reached(kind: &ErrorKind) -> bool {
    match kind {
        ErrorKind::Unreachable
        | ErrorKind::TimedOut { maybe_done: false }
        | ErrorKind::Busy
        | ErrorKind::Unauthenticated
        | ErrorKind::KeyChanged { .. }
        | ErrorKind::JumpKeyChanged { .. }
        | ErrorKind::Untrusted
        | ErrorKind::OtherPool { .. } => true,
        ErrorKind::Refused { code } => code == UNKNOWN_CERTIFICATE,
        _ => false,
    }
}

/// Of what was begun earlier only the task's own end tells how it ended: whatever else goes wrong leaves that open.
fn not_known(error: Error) -> Error {
    match error.kind {
        ErrorKind::Cancelled | ErrorKind::Refused { .. } => error,
        _ => Error {
            kind: ErrorKind::TimedOut { maybe_done: true },
            ..error
        },
    }
}

/// What the hypervisor calls the task, once that is known.
async fn next_name(names: &mut watch::Receiver<Progress>) -> String {
    let named = names.wait_for(|progress| progress.native.is_some()).await;
    match named.ok().and_then(|progress| progress.native.clone()) {
        Some(native) => native,
        None => std::future::pending().await,
    }
}

async fn next_change(asked: &mut Asked) {
    if asked.changed().await.is_err() {
        std::future::pending::<()>().await;
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
        ErrorKind::Cancelled => TaskOutcome::Cancelled { why: error.message },
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
