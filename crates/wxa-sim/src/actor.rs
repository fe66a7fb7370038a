//! The one task that owns a host's world, and the handle through which everybody else asks it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::config::SimHostConfig;
use crate::world::{PAST, World};
use crate::xapi::member::MemberFace;

type Job = Box<dyn FnOnce(&mut World) + Send>;

/// How many questions may wait.
const QUEUE: usize = 1024;

/// The host has ended.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the simulated host has ended")]
pub(crate) struct HostGone;

/// Asks the world.
#[derive(Debug, Clone)]
pub(crate) struct WorldHandle {
    jobs: mpsc::Sender<Job>,
    changes: watch::Receiver<u64>,
    file_changes: watch::Receiver<u64>,
    holders: Arc<AtomicU64>,
    /// The pool that the host is a member of.
    pool: Option<MemberFace>,
}

impl WorldHandle {
    /// Starts the world's task among `tasks`; it ends with the last handle, or with them.
    pub(crate) fn start(config: SimHostConfig, pool: Option<MemberFace>, tasks: &mut JoinSet<()>) -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let world = World::new(config, wall.as_secs_f64() - PAST.as_secs_f64());
        let (jobs, queue) = mpsc::channel(QUEUE);
        let handle = Self {
            jobs,
            changes: world.changes.subscribe(),
            file_changes: world.file_changes.subscribe(),
            holders: Arc::new(AtomicU64::new(1)),
            pool,
        };
        tasks.spawn(run(world, queue));
        handle
    }

    /// Runs a question in the world, everything due having happened before.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut World) -> T + Send + 'static,
    ) -> Result<T, HostGone> {
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |world| {
            let _ = answer.send(question(world));
        });
        self.jobs.send(job).await.map_err(|_| HostGone)?;
        wait.await.map_err(|_| HostGone)
    }

    /// Leaves an order without waiting for it, for places that cannot wait.
    pub(crate) fn tell(&self, order: impl FnOnce(&mut World) + Send + 'static) {
        let _ = self.jobs.try_send(Box::new(order));
    }

    /// Asks again at every change until there is an answer.
    pub(crate) async fn wait_for<T: Send + 'static>(
        &self,
        question: impl Fn(&mut World) -> Option<T> + Clone + Send + 'static,
    ) -> Result<T, HostGone> {
        let mut changes = self.changes.clone();
        loop {
            changes.mark_unchanged();
            if let Some(answer) = self.ask(question.clone()).await? {
                return Ok(answer);
            }
            changes.changed().await.map_err(|_| HostGone)?;
        }
    }

    /// Hears of everything written to files.
    pub(crate) fn file_changes(&self) -> watch::Receiver<u64> {
        self.file_changes.clone()
    }

    /// The pool that the host is a member of; none for a host of plain Xen.
    pub(crate) fn pool(&self) -> Option<&MemberFace> {
        self.pool.as_ref()
    }

    /// A number for somebody who takes a console's lock.
    pub(crate) fn new_holder(&self) -> u64 {
        self.holders.fetch_add(1, Ordering::Relaxed)
    }
}

async fn run(mut world: World, mut jobs: mpsc::Receiver<Job>) {
    let start = Instant::now();
    let now = || PAST + start.elapsed();
    loop {
        world.advance(now());
        let wake = world.next_wake().map(|at| start + at.saturating_sub(PAST));
        tokio::select! {
            job = jobs.recv() => match job {
                Some(job) => {
                    world.advance(now());
                    job(&mut world);
                }
                None => return,
            },
            () = async { match wake { Some(at) => tokio::time::sleep_until(at).await, None => std::future::pending().await } } => {}
        }
    }
}
