//! Checks from outside: what this server asks to see whether a service answers, how often, and how many at a time.
mod ask;
mod chunks;
mod dial;
mod guard;
mod http;
mod login;
mod schedule;
mod tls;
mod valid;

pub use valid::valid;

use crate::{
    Core,
    supervisor::{Restart, WorkerError},
};
use ask::Asker;
use async_trait::async_trait;
use futures::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use schedule::{End, Schedule};
use std::{future::pending, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use wxa_model::{
    CheckId, UserId, VmId,
    status::{Check, Standing},
};

/// Checks under way at a time. One that nobody answers takes 20 s, so that all of one author's end within 70 s of each other
/// when nothing answers: sooner than [`late_ms`].
const AT_ONCE: usize = 64;
/// What fails is asked once more after that time: one lost packet is no outage.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Up, degraded or down; unknown where it could not be asked.
    pub standing: Standing,
    /// Why, in a sentence for an administrator.
    pub why: String,
    /// Whether anything came back.
    pub word: Word,
}

/// Whether anything came back over the network: when nothing does from anywhere, it may be this server that is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Something did.
    Heard,
    /// Something did, but perhaps from this machine itself.
    Near,
    /// Nothing.
    Silence,
}

/// A check, and whose it is: everybody has turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub check: Check,
    pub by: UserId,
    /// The VMs of its service, where it asks about them.
    pub vms: Vec<VmId>,
}

impl Answer {
    fn up(why: impl Into<String>) -> Self {
        Self::new(Standing::Up, why)
    }

    fn down(why: impl Into<String>) -> Self {
        Self::new(Standing::Down, why)
    }

    fn unknown(why: impl Into<String>) -> Self {
        Self::new(Standing::Unknown, why)
    }

    /// Down, as far as one can tell who hears nothing.
    fn silent(why: impl Into<String>) -> Self {
        Self {
            word: Word::Silence,
            ..Self::down(why)
        }
    }

    pub(super) fn new(standing: Standing, why: impl Into<String>) -> Self {
        let why = why.into();
        let word = match standing {
            Standing::Unknown => Word::Silence,
            Standing::Up | Standing::Degraded | Standing::Down => Word::Heard,
        };
        Self { standing, why, word }
    }
}

/// The end of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CheckEnd {
    pub check: CheckId,
    pub answer: Answer,
}

/// Does what a check says, within a time of its own.
#[async_trait]
pub(super) trait Ask: Send + Sync {
    async fn ask(&self, asked: &Asked) -> Answer;
}

/// After how many milliseconds without an end nothing is known of a check any more.
pub(super) fn late_ms(check: &Check) -> u64 {
    u64::from(check.every_s) * 3000 + 60_000
}

impl Core {
    /// Asks as often as checks say, for as long as the server runs.
    pub(super) fn ask_from_outside(
        &self,
        checks: watch::Receiver<Arc<[Asked]>>,
        ends: mpsc::Sender<CheckEnd>,
    ) {
        let asker: Arc<dyn Ask> = Arc::new(Asker::new(
            self.inner.clock.clone(),
            self.live().inventory.clone(),
        ));
        self.live()
            .supervisor
            .spawn("checks", Restart::OnFailure, move |stop| {
                run(asker.clone(), checks.clone(), ends.clone(), stop)
            });
    }
}

async fn run(
    asker: Arc<dyn Ask>,
    mut checks: watch::Receiver<Arc<[Asked]>>,
    ends: mpsc::Sender<CheckEnd>,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    let mut schedule = Schedule::default();
    let mut asking: FuturesUnordered<BoxFuture<'static, (Check, Answer)>> = FuturesUnordered::new();
    checks.mark_changed();
    loop {
        while asking.len() < AT_ONCE
            && let Some(asked) = schedule.take_due(Instant::now())
        {
            asking.push(Box::pin(ask(asker.clone(), asked)));
        }
        let due = schedule.due().filter(|_| asking.len() < AT_ONCE);
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            changed = checks.changed() => match changed {
                Ok(()) => schedule.replace(&checks.borrow_and_update(), Instant::now()),
                Err(_) => return Ok(()),
            },
            Some((check, answer)) = asking.next() => {
                if schedule.end(&check, answer.standing, Instant::now()) == End::Counts {
                    let _ = ends.send(CheckEnd { check: check.id, answer }).await;
                }
            }
            () = at(due) => {}
        }
    }
}

async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

async fn ask(asker: Arc<dyn Ask>, asked: Asked) -> (Check, Answer) {
    let mut answer = asker.ask(&asked).await;
    let check = asked.check;
    if check.may_go_inside && answer.word == Word::Heard {
        answer.word = Word::Near;
    }
    (check, answer)
}

#[cfg(test)]
mod tests;
