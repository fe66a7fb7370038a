//! The one handle that the server holds: composes the parts, starts and stops them.
use crate::{
    Clock, Connect, StartError,
    audit::{AuditChecks, AuditWriter, HeadNote, RefusalBudget, check},
    auth::{password::Passwords, session_end::SessionChanges},
    console::{
        settings::Recording,
        tapes::{Tapes, TapesParts},
    },
    data_dir::DataDir,
    details::KeptDetails,
    hosts::keeper::{Keeper, KeeperParts},
    live::{Live, LiveConfig},
    metrics::KeptMetrics,
    readiness::LastTry,
    seal::SealingKey,
    status::StatusHandle,
    status_pages::StatusPages,
    supervisor::{Restart, Supervisor},
    throttle::Throttle,
};
use std::{
    fmt,
    future::Future,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Semaphore, oneshot};
use wxa_model::UnixMillis;
use wxa_store::{ChainKey, ConsoleStore, MetricStore, Store};

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
    pub(crate) audit_checks: AuditChecks,
    pub(crate) refusals: RefusalBudget,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) session_changes: SessionChanges,
    pub(crate) keeper: Keeper,
    pub(crate) details: KeptDetails,
    pub(crate) metrics: KeptMetrics,
    pub(crate) status: StatusHandle,
    /// Held while something that people say is brought into the inventory.
    pub(crate) own_turn: Semaphore,
    pub(crate) last_try: LastTry,
    /// Inventory, measurements, connected hosts, tasks, consoles.
    pub(crate) live: Live,
    pub(crate) status_pages: StatusPages,
    pub(crate) started_at: UnixMillis,
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
        let rows = core.inner.audit.close_open(STOPPED_IN_THE_MIDDLE).await?;
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
        core.restore_own().await?;
        core.keep_metrics().await?;
        core.live().consoles.record();
        core.record_states().await?;
        core.import_histories();
        core.check_audit_every(check::EVERY);
        core.inner.keeper.settled().await;
        core.keep_status_pages().await?;
        core.resume_tasks(core.inner.store.task_open_named().await?).await;
        Ok(core)
    }

    /// For the command line: the records without any worker or connection, beside a running server or without one.
    ///
    /// # Errors
    /// [`StartError`], each saying what to do.
    pub async fn open(config: CoreConfig) -> Result<Self, StartError> {
        let data_dir = DataDir::open(&config.data_dir)?;
        let core = Self::compose(config, data_dir, Purpose::Records).await?;
        if let Some(data_dir) = &*core.data_dir() {
            data_dir.give_to_owner().map_err(|source| StartError::Folder {
                path: data_dir.path().to_owned(),
                source,
            })?;
        }
        Ok(core)
    }

    async fn compose(config: CoreConfig, data_dir: DataDir, purpose: Purpose) -> Result<Self, StartError> {
        let store = Store::open(&data_dir.database()).await?;
        let metrics = match purpose {
            Purpose::Records => None,
            Purpose::Serve => Some(open_metrics(&data_dir).await?),
        };
        let consoles = match purpose {
            Purpose::Records => None,
            Purpose::Serve => Some(open_consoles(&data_dir).await?),
        };
        let known = match &consoles {
            Some(consoles) => consoles.tapes().await?,
            None => Vec::new(),
        };
        let tapes = Tapes::new(TapesParts {
            store: consoles,
            known,
            recording: Recording::load(&store).await?,
            clock: config.clock.clone(),
        });
        let sealing_key = Arc::new(data_dir.sealing_key(&store).await?);
        let audit = audit_writer(&data_dir, &store, &sealing_key, config.clock.clone()).await?;
        let supervisor = Supervisor::new();
        let epoch = random_epoch();
        let live = Live::start(LiveConfig {
            epoch,
            clock: config.clock.clone(),
            supervisor: supervisor.clone(),
            tapes,
        });
        let keeper = match purpose {
            Purpose::Records => Keeper::idle(),
            Purpose::Serve => {
                let (store, connect, sealing_key, clock, live) = (
                    store.clone(),
                    config.connect.clone(),
                    sealing_key.clone(),
                    config.clock.clone(),
                    live.clone(),
                );
                Keeper::start(
                    KeeperParts {
                        store,
                        connect,
                        sealing_key,
                        clock,
                        live,
                    },
                    &supervisor,
                )
            }
        };
        let status = StatusHandle::new(store.clone(), config.clock.clone());
        Ok(Self {
            inner: Arc::new(Inner {
                audit,
                status,
                audit_checks: AuditChecks::default(),
                refusals: RefusalBudget::default(),
                started_at: config.clock.now(),
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
                details: KeptDetails::default(),
                metrics: KeptMetrics::new(metrics),
                own_turn: Semaphore::new(1),
                last_try: LastTry::default(),
                status_pages: StatusPages::default(),
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
        self.live().consoles.tapes().close().await;
        self.inner.metrics.close().await;
        self.inner.store.close().await;
        self.data_dir().take();
    }

    /// The data folder; none once stopped.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        self.data_dir()
            .as_ref()
            .map(|data_dir| data_dir.path().to_owned())
    }

    fn data_dir(&self) -> MutexGuard<'_, Option<DataDir>> {
        self.inner.data_dir.lock().unwrap_or_else(PoisonError::into_inner)
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

/// The measurements over time; damaged ones are put aside, and that is said.
async fn open_metrics(data_dir: &DataDir) -> Result<MetricStore, StartError> {
    let (metrics, aside) = MetricStore::open(&data_dir.metrics()).await?;
    if let Some(aside) = aside {
        tracing::error!(
            aside = %aside.display(),
            "the file of measurements cannot be used and was put aside: the past is not shown"
        );
    }
    Ok(metrics)
}

/// What consoles printed; what is damaged is put aside, and that is said.
async fn open_consoles(data_dir: &DataDir) -> Result<ConsoleStore, StartError> {
    let (consoles, aside) = ConsoleStore::open(&data_dir.consoles()).await?;
    if let Some(aside) = aside {
        tracing::error!(
            aside = %aside.display(),
            "the file of what consoles printed cannot be used and was put aside: their past is not shown"
        );
    }
    Ok(consoles)
}

/// What core was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Serving: hosts are connected.
    Serve,
    /// Reading and changing the records only.
    Records,
}

/// The writer of the audit log, with the journal begun and its noted end looked at before anything is added.
pub(crate) async fn audit_writer(
    data_dir: &DataDir,
    store: &Store,
    sealing_key: &SealingKey,
    clock: Arc<dyn Clock>,
) -> Result<AuditWriter, StartError> {
    let key = ChainKey::new(sealing_key.derive("audit journal v1"));
    let path = data_dir.audit_head();
    let head =
        HeadNote::open(path.clone(), key.clone()).map_err(|source| StartError::Folder { path, source })?;
    if let Some(noted) = head.head()
        && !store.audit_chain_holds(&noted).await?
    {
        head.freeze();
    }
    if let Some((rows, begun)) = store.audit_chain_start(&key).await? {
        if rows > 0 {
            tracing::info!(
                rows,
                "the audit log's journal begins; older rows were taken in as they are"
            );
        }
        head.note(begun);
    }
    Ok(AuditWriter {
        store: store.clone(),
        clock,
        key,
        head: Arc::new(head),
    })
}

fn random_epoch() -> u64 {
    (rand::random::<u64>() >> 12) + 1
}

#[cfg(test)]
pub(crate) mod test_core;
#[cfg(test)]
mod tests;
