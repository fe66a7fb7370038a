//! The worker that brings measurements and the ledger into the database, packs what is over and lets go of what is old.
use super::{
    Samples,
    minutes::HOUR_MS,
    query::{HOURS_KEPT_MS, MINUTES_KEPT_MS},
};
use crate::{
    Core,
    clock::Clock,
    supervisor::{Restart, Supervisor, WorkerError},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    task::yield_now,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use wxa_model::UnixMillis;
use wxa_store::{MetricStore, Store};

/// Between two looks at what is to be written.
const EVERY: Duration = Duration::from_secs(5);
/// The ledger is written so often.
const LEDGER_EVERY: Duration = Duration::from_secs(300);
/// Rows of the ledger in one transaction: it holds up the audit log for milliseconds.
const LEDGER_SOME: usize = 500;
/// Old things go so often.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);
/// The clock may differ so much from the time that passed between two prunings; else it was set, and nothing is deleted by it.
const STEADY_MS: u64 = 300_000;
/// How long the ledger's days are kept: three years.
const LEDGER_KEPT_DAYS: u64 = 1100;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The measurements over time, for whoever reads them.
#[derive(Debug)]
pub(crate) struct KeptMetrics {
    store: Option<MetricStore>,
    /// Held by who adds up the hosts of a pool or a site.
    pub(super) sums: Semaphore,
    /// Held by who writes or reads the ledger.
    pub(super) ledger: Arc<Semaphore>,
}

impl KeptMetrics {
    /// Over `store`; none for those who only work on the records.
    pub(crate) fn new(store: Option<MetricStore>) -> Self {
        Self {
            store,
            sums: Semaphore::new(1),
            ledger: Arc::new(Semaphore::new(1)),
        }
    }

    pub(super) fn store(&self) -> Option<&MetricStore> {
        self.store.as_ref()
    }

    pub(crate) async fn close(&self) {
        if let Some(store) = &self.store {
            store.close().await;
        }
    }
}

/// What the worker works with.
#[derive(Clone)]
struct Keeper {
    samples: Samples,
    metrics: MetricStore,
    store: Store,
    clock: Arc<dyn Clock>,
    turn: Arc<Semaphore>,
}

impl Core {
    /// Goes on with the ledger of the run before, and keeps measurements for as long as the server runs.
    pub(crate) async fn keep_metrics(&self) -> Result<(), wxa_store::Error> {
        let Some(metrics) = self.inner.metrics.store().cloned() else {
            return Ok(());
        };
        let keeper = Keeper {
            samples: self.live().samples.clone(),
            metrics,
            store: self.inner.store.clone(),
            clock: self.inner.clock.clone(),
            turn: self.inner.metrics.ledger.clone(),
        };
        if let Some(day) = keeper.store.usage_newest_day().await? {
            for day in [day.saturating_sub(1), day] {
                let records = keeper.store.usage_of_day(day).await?;
                keeper.samples.ledger().restore(&records);
            }
        }
        let supervisor: &Supervisor = &self.live().supervisor;
        supervisor.spawn("measurements", Restart::OnFailure, move |stop| {
            run(keeper.clone(), stop)
        });
        Ok(())
    }

    /// Writes everything that waits, whole minutes or not.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[cfg(any(test, feature = "testing"))]
    pub async fn metrics_flush(&self) -> Result<(), crate::Error> {
        if let Some(metrics) = self.inner.metrics.store() {
            let keeper = Keeper {
                samples: self.live().samples.clone(),
                metrics: metrics.clone(),
                store: self.inner.store.clone(),
                clock: self.inner.clock.clone(),
                turn: self.inner.metrics.ledger.clone(),
            };
            keeper.write_all().await?;
            keeper.pack().await?;
        }
        Ok(())
    }
}

async fn run(keeper: Keeper, stop: CancellationToken) -> Result<(), WorkerError> {
    let (mut ledger, mut prune) = (Instant::now(), Instant::now());
    let mut wall = keeper.clock.now();
    loop {
        tokio::select! {
            () = sleep(EVERY) => {}
            () = stop.cancelled() => {
                keeper.write_all().await?;
                return Ok(());
            }
        }
        // What was used is in another file: trouble with this one is no reason to lose it.
        if ledger.elapsed() >= LEDGER_EVERY {
            ledger = Instant::now();
            keeper.write_ledger().await?;
        }
        keeper.write_over().await?;
        tokio::select! {
            packed = keeper.pack() => packed?,
            () = stop.cancelled() => continue,
        }
        if prune.elapsed() >= PRUNE_EVERY {
            let now = keeper.clock.now();
            let passed = u64::try_from(prune.elapsed().as_millis()).unwrap_or(u64::MAX);
            let is_steady = now.since(wall).abs_diff(passed) <= STEADY_MS;
            (prune, wall) = (Instant::now(), now);
            if is_steady {
                keeper.prune(now).await?;
            }
        }
    }
}

impl Keeper {
    /// Writes the minutes that are over.
    async fn write_over(&self) -> Result<(), wxa_store::Error> {
        loop {
            let over = self.samples.minutes().over(self.clock.now().0);
            let Some((minute, rows)) = over else { return Ok(()) };
            self.write(minute, rows).await?;
        }
    }

    /// Writes everything.
    async fn write_all(&self) -> Result<(), wxa_store::Error> {
        self.write_ledger().await?;
        loop {
            let any = self.samples.minutes().any();
            let Some((minute, rows)) = any else { return Ok(()) };
            self.write(minute, rows).await?;
        }
    }

    async fn write(&self, minute: u64, rows: super::minutes::Rows) -> Result<(), wxa_store::Error> {
        let written = self.metrics.put_minute(minute, &rows).await;
        if written.is_err() {
            self.samples.minutes().put_back(minute, rows);
        }
        written
    }

    async fn write_ledger(&self) -> Result<(), wxa_store::Error> {
        // Nobody may look while what was used is neither here nor there.
        let Ok(turn) = self.turn.acquire().await else {
            return Ok(());
        };
        let records = self.samples.ledger().take_out(self.clock.now());
        let mut rest = records.as_slice();
        while !rest.is_empty() {
            let (some, after) = rest.split_at(rest.len().min(LEDGER_SOME));
            if let Err(error) = self.store.usage_add(some).await {
                self.samples.ledger().put_back(rest);
                return Err(error);
            }
            rest = after;
        }
        drop(turn);
        Ok(())
    }

    /// Packs the hours that are over, and a minute more for those who are late.
    async fn pack(&self) -> Result<(), wxa_store::Error> {
        let hour = self.clock.now().0.saturating_sub(60_000) / HOUR_MS;
        while self.metrics.pack_some(hour).await? {
            yield_now().await;
        }
        Ok(())
    }

    async fn prune(&self, now: UnixMillis) -> Result<(), wxa_store::Error> {
        let hour = now.0.saturating_sub(MINUTES_KEPT_MS) / HOUR_MS;
        let day = now.0.saturating_sub(HOURS_KEPT_MS) / DAY_MS;
        while self.metrics.prune_some(hour, day).await? {
            yield_now().await;
        }
        let day = u32::try_from((now.0 / DAY_MS).saturating_sub(LEDGER_KEPT_DAYS)).unwrap_or_default();
        while self.store.usage_prune_some(day).await? {
            yield_now().await;
        }
        Ok(())
    }
}
