//! The one handle that the server holds: composes the parts, starts and stops them.
use crate::{
    Clock, Connect, StartError,
    audit::AuditWriter,
    auth::{password::Passwords, session_end::SessionChanges},
    data_dir::DataDir,
    hosts::keeper::{Keeper, KeeperParts},
    live::{Live, LiveConfig},
    seal::SealingKey,
    supervisor::{Restart, Supervisor},
    throttle::Throttle,
};
use std::{
    fmt,
    future::Future,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;
use wxa_model::UnixMillis;
use wxa_store::Store;

/// What an act is told that was under way when the server was killed.
pub(crate) const STOPPED_IN_THE_MIDDLE: &str = "the server was stopped in the middle";
/// How long stopping waits for what is under way.
const STOP_BOUND: Duration = Duration::from_secs(5);
/// How many tasks of earlier runs are listed.
const ENDED_TASKS: u32 = 50;

/// What core needs.
#[derive(Clone)]
pub struct CoreConfig {
    /// Folder of the database (`webxenadmin.db`) and the sealing key; made, for the owner only, when it is not there.
    pub data_dir: PathBuf,
    /// Makes drivers.
    pub connect: Arc<dyn Connect>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// Everything behind the HTTP layer. Clones are handles on the same thing.
#[derive(Clone)]
pub struct Core {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) connect: Arc<dyn Connect>,
    pub(crate) store: Store,
    pub(crate) supervisor: Supervisor,
    pub(crate) epoch: u64,
    pub(crate) sealing_key: Arc<SealingKey>,
    pub(crate) audit: AuditWriter,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) session_changes: SessionChanges,
    pub(crate) keeper: Keeper,
    /// Inventory, measurements, connected hosts, tasks, consoles.
    pub(crate) live: Live,
    /// Held by a running server, so that no second one works on the same folder; let go when it has stopped.
    data_dir: Mutex<Option<DataDir>>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("epoch", &self.inner.epoch)
            .finish_non_exhaustive()
    }
}

impl Core {
    /// Starts everything: takes the data folder for itself, ends the records that a killed run left open and
    /// connects to every stored host.
    ///
    /// # Errors
    /// [`StartError`], each saying what to do.
    pub async fn start(config: CoreConfig) -> Result<Self, StartError> {
        let data_dir = DataDir::open(&config.data_dir)?.lock()?;
        let core = Self::compose(config, data_dir, Purpose::Serve).await?;
        let store = &core.inner.store;
        let rows = store.audit_close_open(STOPPED_IN_THE_MIDDLE).await?;
        let tasks = store.task_close_open(core.now(), STOPPED_IN_THE_MIDDLE).await?;
        if rows + tasks > 0 {
            tracing::warn!(
                audit_rows = rows,
                tasks,
                "ended the records of a run that was killed"
            );
        }
        core.live()
            .tasks
            .restore(store.task_list(ENDED_TASKS).await?)
            .await;
        core.inner.keeper.settled().await;
        Ok(core)
    }

    /// For the command line: the records without any worker or connection, beside a running server or without one.
    ///
    /// # Errors
    /// [`StartError`], each saying what to do.
    pub async fn open(config: CoreConfig) -> Result<Self, StartError> {
        let data_dir = DataDir::open(&config.data_dir)?;
        Self::compose(config, data_dir, Purpose::Records).await
    }

    async fn compose(config: CoreConfig, data_dir: DataDir, purpose: Purpose) -> Result<Self, StartError> {
        let store = Store::open(&data_dir.database()).await?;
        let sealing_key = Arc::new(data_dir.sealing_key(&store).await?);
        let supervisor = Supervisor::new();
        let epoch = random_epoch();
        let live = Live::start(LiveConfig {
            epoch,
            clock: config.clock.clone(),
            supervisor: supervisor.clone(),
        });
        let keeper = match purpose {
            Purpose::Records => Keeper::idle(),
            Purpose::Serve => {
                let (store, connect, sealing_key, live) = (
                    store.clone(),
                    config.connect.clone(),
                    sealing_key.clone(),
                    live.clone(),
                );
                Keeper::start(
                    KeeperParts {
                        store,
                        connect,
                        sealing_key,
                        live,
                    },
                    &supervisor,
                )
            }
        };
        Ok(Self {
            inner: Arc::new(Inner {
                audit: AuditWriter::new(store.clone(), config.clock.clone()),
                clock: config.clock,
                connect: config.connect,
                store,
                supervisor,
                epoch,
                live,
                sealing_key,
                passwords: Passwords::new(),
                throttle: Throttle::default(),
                session_changes: SessionChanges::default(),
                keeper,
                data_dir: Mutex::new(Some(data_dir)),
            }),
        })
    }

    /// Stops: workers end, consoles are released, the database is closed.
    pub async fn stop(&self) {
        let late = self.inner.supervisor.stop(STOP_BOUND).await;
        if !late.is_empty() {
            tracing::warn!(workers = ?late, "cut off while stopping");
        }
        self.inner.store.close().await;
        self.inner
            .data_dir
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    /// Names this run: revisions of two epochs cannot be compared. Fits into the 53 bits of a JavaScript number.
    pub fn epoch(&self) -> u64 {
        self.inner.epoch
    }

    /// What lives while the server runs.
    pub(crate) fn live(&self) -> &Live {
        &self.inner.live
    }

    /// Now, by the clock everything here goes by.
    pub fn now(&self) -> UnixMillis {
        self.inner.clock.now()
    }

    /// Runs `act` to its end even when whoever waits for it goes away, as an HTTP client may at any moment.
    pub async fn to_the_end<T: Send + 'static>(
        &self,
        name: &'static str,
        act: impl Future<Output = Result<T, crate::Error>> + Send + 'static,
    ) -> Result<T, crate::Error> {
        let (tell, told) = oneshot::channel();
        // In a box: acts are large, and an unoptimised build copies them from frame to frame until the stack is full.
        let mut once = Some((Box::pin(act), tell));
        self.inner.supervisor.spawn(name, Restart::Forget, move |_| {
            let once = once.take();
            async move {
                if let Some((act, tell)) = once {
                    // Nobody listening is fine: the record of the act tells how it ended.
                    let _ = tell.send(act.await);
                }
                Ok(())
            }
        });
        told.await
            .unwrap_or_else(|_| Err(crate::Error::internal(format!("{name} ended without a result"))))
    }
}

/// What core was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Serving: hosts are connected.
    Serve,
    /// Reading and changing the records only.
    Records,
}

fn random_epoch() -> u64 {
    (rand::random::<u64>() >> 12) + 1
}

#[cfg(test)]
pub(crate) mod test_core;
#[cfg(test)]
mod tests;
