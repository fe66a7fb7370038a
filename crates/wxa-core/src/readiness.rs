//! Whether the server can do its work.
use crate::{Core, supervisor::WorkerStatus};

/// What `/readyz` and the system page show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The database answered and no worker has failed for good.
    pub ready: bool,
    /// Whether the database answered.
    pub database: bool,
    /// All workers.
    pub workers: Vec<WorkerStatus>,
    /// Batches of measurements that slow sockets missed since the start.
    pub samples_dropped: u64,
}

impl Core {
    /// Whether the server can do its work. Needs no rights: the server decides what of it strangers see.
    pub async fn readiness(&self) -> Readiness {
        let database = self.inner.store.task_list(1).await.is_ok();
        let supervisor = &self.live().supervisor;
        Readiness {
            ready: database && supervisor.is_healthy(),
            database,
            workers: supervisor.status(),
            samples_dropped: self.live().samples.dropped(),
        }
    }
}
