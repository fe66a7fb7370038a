//! Whether the server can do its work.
use crate::{Core, supervisor::WorkerStatus};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Trying to write costs a write: whoever asks more often gets the last answer.
const TRY_EVERY: Duration = Duration::from_secs(2);

/// What `/readyz` and the system page show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The database answers and can be written, and no worker has failed for good.
    pub ready: bool,
    /// Whether the database answers.
    pub database: bool,
    /// Whether records can be kept: when they cannot, acts are refused and everything else goes on.
    pub writable: bool,
    /// All workers.
    pub workers: Vec<WorkerStatus>,
    /// Batches of measurements that slow sockets missed since the start.
    pub samples_dropped: u64,
}

impl Core {
    /// Whether the server can do its work. Needs no rights: the server decides what of it strangers see.
    pub async fn readiness(&self) -> Readiness {
        let database = self.inner.store.task_list(1).await.is_ok();
        let writable = database && self.can_write().await;
        let supervisor = &self.live().supervisor;
        Readiness {
            ready: writable && supervisor.is_healthy(),
            database,
            writable,
            workers: supervisor.status(),
            samples_dropped: self.live().samples.dropped(),
        }
    }

    async fn can_write(&self) -> bool {
        let last = *self.inner.last_try.lock();
        if let Some((at, answer)) = last
            && at.elapsed() < TRY_EVERY
        {
            return answer;
        }
        let tried = self.inner.store.can_write().await;
        if let Err(error) = &tried {
            tracing::warn!(%error, "records cannot be kept");
        }
        *self.inner.last_try.lock() = Some((Instant::now(), tried.is_ok()));
        tried.is_ok()
    }
}

/// When writing was tried last, and whether it worked.
#[derive(Debug, Default)]
pub(crate) struct LastTry(Mutex<Option<(Instant, bool)>>);

impl LastTry {
    fn lock(&self) -> MutexGuard<'_, Option<(Instant, bool)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
