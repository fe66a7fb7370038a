//! A pool's world behind a lock, and the way calls wait for what takes time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::xapi::codec::Request;
use crate::xapi::events::{LastChance, Wait};
use crate::xapi::failure::Failure;
use crate::xapi::rpc::{self, Begun};
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::{PAST, World};

/// How long the server gathers events before it answers, so that many changes make one answer.
const GATHERS: Duration = Duration::from_millis(50);
/// What a wrong password costs, in seconds.
const WRONG_PASSWORD: f64 = 5.0;

/// A handle on a pool's world.
#[derive(Clone)]
pub(in crate::xapi) struct PoolHandle(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    started: Instant,
    /// The database's generation, with a count of what changes without one, such as an ended session.
    changes: watch::Sender<u64>,
    /// Raised when something was planned.
    plans: watch::Sender<Option<Duration>>,
}

impl fmt::Debug for PoolHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolHandle").finish_non_exhaustive()
    }
}

impl PoolHandle {
    pub(super) fn new(world: World) -> Self {
        Self(Arc::new(Inner {
            plans: watch::channel(world.next_wake()).0,
            world: Mutex::new(world),
            started: Instant::now(),
            changes: watch::channel(0).0,
        }))
    }

    fn now(&self) -> Duration {
        PAST + self.0.started.elapsed()
    }

    /// Asks the world, everything due having happened before.
    pub(in crate::xapi) fn with<T>(&self, question: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.0.world.lock().unwrap_or_else(PoisonError::into_inner);
        let before = world.db.generation();
        world.advance(self.now());
        let answer = question(&mut world);
        let (changed, wake) = (world.db.generation() != before, world.next_wake());
        drop(world);
        if changed {
            self.0.changes.send_modify(|count| *count += 1);
        }
        self.0
            .plans
            .send_if_modified(|known| std::mem::replace(known, wake) != wake);
        answer
    }

    /// Asks again at every change until there is an answer.
    pub(in crate::xapi) async fn until<T>(&self, question: impl Fn(&mut World) -> Option<T>) -> T {
        let mut changes = self.0.changes.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(answer) = self.with(&question) {
                return answer;
            }
            // The sender is ours: it cannot be gone.
            let _ = changes.changed().await;
        }
    }

    /// When a host stops answering.
    pub(in crate::xapi) async fn gone(&self, host: Ref) {
        self.until(|world| world.offline.contains(&host).then_some(()))
            .await;
    }

    /// Sleeps until a time of the world; for ever when there is none.
    pub(in crate::xapi) async fn sleep_until(&self, at: Option<Duration>) {
        match at {
            Some(at) => sleep_until(self.0.started + at.saturating_sub(PAST)).await,
            None => std::future::pending().await,
        }
    }

    /// Does a call to its end.
    pub(in crate::xapi) async fn call(&self, host: Ref, request: &Request) -> Result<Value, Failure> {
        match self.with(|world| rpc::begin(world, host, request)) {
            Begun::Answer(answer) => answer,
            Begun::Delayed(failure) => {
                tokio::time::sleep(self.with(|world| world.paced(WRONG_PASSWORD))).await;
                Err(failure)
            }
            Begun::Task(task) => self.until(|world| outcome(world, task)).await,
            Begun::Events(wait) => self.events(&wait).await,
        }
    }

    async fn events(&self, wait: &Wait) -> Result<Value, Failure> {
        let deadline = Instant::now() + wait.patience;
        let mut changes = self.0.changes.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(answer) = self.with(|world| wait.answer(world, LastChance::No))? {
                return Ok(answer);
            }
            let changed = timeout_at(deadline, changes.changed()).await;
            if changed.is_err() {
                let last = self.with(|world| wait.answer(world, LastChance::Yes))?;
                return Ok(last.unwrap_or(Value::Void));
            }
            if !wait.only_tasks {
                tokio::time::sleep(GATHERS).await;
            }
        }
    }

    /// Lets happen what is due, for ever.
    pub(super) async fn live(self) {
        let mut plans = self.0.plans.subscribe();
        loop {
            let wake = *plans.borrow_and_update();
            tokio::select! {
                () = self.sleep_until(wake) => self.with(|_| {}),
                _ = plans.changed() => {}
            }
        }
    }
}

/// How a task ended; none while it runs.
fn outcome(world: &mut World, task: Ref) -> Option<Result<Value, Failure>> {
    if let Some(outcome) = world.outcomes.remove(&task) {
        return Some(outcome);
    }
    // The toolstack has restarted meanwhile.
    (!world.db.has("task", task)).then(|| Err(Failure::bare("HOST_STILL_BOOTING")))
}
