//! The only caller of `tokio::spawn`: every worker has a name, a restart policy and a state that can be looked at.
use crate::backoff::Backoff;
use futures::FutureExt as _;
use std::{
    collections::BTreeMap,
    future::Future,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A run shorter than this counts as a failure in a row for the back-off.
const STEADY: Duration = Duration::from_secs(30);
/// Between a failed run and the next one.
const RESTART: Backoff = Backoff {
    first: Duration::from_millis(200),
    most: Duration::from_secs(30),
};

/// What happens when a worker fails or panics. A worker that returns `Ok` has done its work and is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// It stays down, and the process is not ready any more.
    Never,
    /// It stays down and only the log knows: for a short piece of work whose outcome is recorded elsewhere.
    Forget,
    /// It is started again, after 0.2 s, then after ever longer pauses of at most 30 s.
    OnFailure,
}

/// Why a worker failed.
pub type WorkerError = Box<dyn std::error::Error + Send + Sync>;

/// A worker as the status page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerStatus {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: WorkerState,
    /// How often it was started again.
    pub restarts: u64,
    /// Why it last failed; none when it never did.
    pub last_failure: Option<String>,
}

/// The state of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// At work.
    Running,
    /// Failed, and waiting to be started again.
    Restarting,
    /// Failed for good.
    Failed,
}

/// Starts, restarts and stops workers. Cloning gives another handle.
#[derive(Clone, Debug)]
pub struct Supervisor {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    stop: CancellationToken,
    tracker: TaskTracker,
    next: AtomicU64,
    workers: Mutex<BTreeMap<u64, Entry>>,
}

#[derive(Debug)]
struct Entry {
    status: WorkerStatus,
    abort: Option<AbortHandle>,
}

/// A worker, seen from whoever started it. Dropping the handle leaves the worker running.
#[derive(Clone, Debug)]
pub struct WorkerHandle {
    stop: CancellationToken,
    ended: CancellationToken,
}

impl WorkerHandle {
    /// Asks the worker to end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Resolves when it has ended for good, whatever the reason.
    pub async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Whether it has ended for good.
    pub fn has_ended(&self) -> bool {
        self.ended.is_cancelled()
    }
}

impl Default for Supervisor {
    fn default() -> Self {
        Self::new()
    }
}

impl Supervisor {
    /// A supervisor without workers.
    pub fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                stop: CancellationToken::new(),
                tracker: TaskTracker::new(),
                next: AtomicU64::new(0),
                workers: Mutex::default(),
            }),
        }
    }

    /// Starts a worker. `factory` makes one run of it; the token it gets is cancelled when the worker shall end.
    pub fn spawn<F, Fut>(&self, name: impl Into<String>, restart: Restart, factory: F) -> WorkerHandle
    where
        F: FnMut(CancellationToken) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), WorkerError>> + Send + 'static,
    {
        let name = name.into();
        let key = self.inner.next.fetch_add(1, Ordering::Relaxed);
        let handle = WorkerHandle {
            stop: self.inner.stop.child_token(),
            ended: CancellationToken::new(),
        };
        let status = WorkerStatus {
            name,
            state: WorkerState::Running,
            restarts: 0,
            last_failure: None,
        };
        self.workers().insert(key, Entry { status, abort: None });
        let run = supervise(self.clone(), key, restart, factory, handle.clone());
        let abort = self.inner.tracker.spawn(run).abort_handle();
        if let Some(entry) = self.workers().get_mut(&key) {
            entry.abort = Some(abort);
        }
        handle
    }

    /// All workers that run or failed for good, oldest first.
    pub fn status(&self) -> Vec<WorkerStatus> {
        self.workers()
            .values()
            .map(|entry| entry.status.clone())
            .collect()
    }

    /// Whether nothing has failed for good.
    pub fn is_healthy(&self) -> bool {
        self.workers()
            .values()
            .all(|entry| entry.status.state != WorkerState::Failed)
    }

    /// Asks every worker to end and waits up to `bound`; those still there are cut off, and named in the reply.
    pub async fn stop(&self, bound: Duration) -> Vec<String> {
        self.inner.stop.cancel();
        self.inner.tracker.close();
        if timeout(bound, self.inner.tracker.wait()).await.is_ok() {
            return Vec::new();
        }
        let late: Vec<(String, Option<AbortHandle>)> = self
            .workers()
            .values()
            .filter(|entry| entry.status.state != WorkerState::Failed)
            .map(|entry| (entry.status.name.clone(), entry.abort.clone()))
            .collect();
        for (name, abort) in &late {
            tracing::warn!(worker = %name, "worker did not stop in time");
            if let Some(abort) = abort {
                abort.abort();
            }
        }
        late.into_iter().map(|(name, _)| name).collect()
    }

    fn workers(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.inner.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, key: u64, change: impl FnOnce(&mut WorkerStatus)) {
        if let Some(entry) = self.workers().get_mut(&key) {
            change(&mut entry.status);
        }
    }

    fn name(&self, key: u64) -> String {
        self.workers()
            .get(&key)
            .map(|entry| entry.status.name.clone())
            .unwrap_or_default()
    }
}

/// Tells that the worker ended, even when it is cut off.
struct Farewell {
    supervisor: Supervisor,
    key: u64,
    ended: CancellationToken,
    keep: bool,
}

impl Drop for Farewell {
    fn drop(&mut self) {
        if !self.keep {
            self.supervisor.workers().remove(&self.key);
        }
        self.ended.cancel();
    }
}

async fn supervise<F, Fut>(
    supervisor: Supervisor,
    key: u64,
    restart: Restart,
    mut factory: F,
    handle: WorkerHandle,
) where
    F: FnMut(CancellationToken) -> Fut + Send + 'static,
    Fut: Future<Output = Result<(), WorkerError>> + Send + 'static,
{
    let mut farewell = Farewell {
        supervisor: supervisor.clone(),
        key,
        ended: handle.ended.clone(),
        keep: false,
    };
    let mut failures_in_a_row = 0;
    loop {
        let begun = Instant::now();
        let Err(why) = run_once(&mut factory, &handle.stop).await else {
            return;
        };
        let name = supervisor.name(key);
        tracing::error!(worker = %name, %why, "worker failed");
        if handle.stop.is_cancelled() || restart == Restart::Forget {
            return;
        }
        if restart == Restart::Never {
            farewell.keep = true;
            supervisor.note(key, |status| {
                status.state = WorkerState::Failed;
                status.last_failure = Some(why);
            });
            return;
        }
        failures_in_a_row = if begun.elapsed() < STEADY {
            failures_in_a_row + 1
        } else {
            1
        };
        supervisor.note(key, |status| {
            status.state = WorkerState::Restarting;
            status.last_failure = Some(why);
        });
        tokio::select! {
            () = sleep(RESTART.delay(failures_in_a_row, rand::random())) => {}
            () = handle.stop.cancelled() => return,
        }
        supervisor.note(key, |status| {
            status.state = WorkerState::Running;
            status.restarts += 1;
        });
    }
}

async fn run_once<F, Fut>(factory: &mut F, stop: &CancellationToken) -> Result<(), String>
where
    F: FnMut(CancellationToken) -> Fut,
    Fut: Future<Output = Result<(), WorkerError>>,
{
    let run = async { factory(stop.clone()).await };
    match AssertUnwindSafe(run).catch_unwind().await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => Err(format!("panicked: {}", panic_text(panic.as_ref()))),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("for a reason that is not text")
}

#[cfg(test)]
mod tests;
