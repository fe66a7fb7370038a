//! The worker that brings measurements and the ledger into the database, packs what is over and lets go of what is old.
use super::{
    Samples,
    import::Histories,
    ledger::Heard,
    minutes::{HOUR_MS, Minutes, Rows},
    query::{HOURS_KEPT_MS, MINUTES_KEPT_MS},
};
use crate::{
    Core,
    clock::Clock,
    inventory::Inventory,
    supervisor::{Restart, Supervisor, WorkerError},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    task::yield_now,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use wxa_model::{HostKind, UnixMillis, VmRole};
use wxa_store::{MetricStore, Store, metrics::Old};

/// Between two looks at what is to be written.
const EVERY: Duration = Duration::from_secs(5);
/// The ledger is written so often.
const LEDGER_EVERY: Duration = Duration::from_secs(300);
/// What VMs have of disks is looked at so often.
const PROVIDED_EVERY: Duration = Duration::from_secs(60);
/// Rows of the ledger in one transaction: it holds up the audit log for milliseconds.
const LEDGER_SOME: usize = 500;
/// Old things go so often.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);
/// How long the ledger's days are kept: three years.
const LEDGER_KEPT_DAYS: u32 = 1100;
/// So many hours with minutes, and days with hours, are kept whatever the clock says: what is asked for, and what is under way.
const HOURS_WITH_MINUTES: u32 = (MINUTES_KEPT_MS / HOUR_MS) as u32 + 1;
const DAYS_WITH_HOURS: u32 = (HOURS_KEPT_MS / DAY_MS) as u32 + 1;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The measurements over time, for whoever reads them.
#[derive(Debug)]
pub(crate) struct KeptMetrics {
    store: Option<MetricStore>,
    /// Held by who adds up the hosts of a pool or a site.
    pub(super) sums: Semaphore,
    /// Held by who writes or reads the ledger.
    pub(super) ledger: Arc<Semaphore>,
    /// Held while minutes are on their way into the file.
    pub(super) filing: Arc<Semaphore>,
    /// Whose own history was read.
    pub(super) histories: Histories,
}

impl KeptMetrics {
    /// Over `store`; none for those who only work on the records.
    pub(crate) fn new(store: Option<MetricStore>) -> Self {
        Self {
            store,
            sums: Semaphore::new(1),
            ledger: Arc::new(Semaphore::new(1)),
            filing: Arc::new(Semaphore::new(1)),
            histories: Histories::default(),
        }
    }

    pub(crate) fn store(&self) -> Option<&MetricStore> {
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
    inventory: Inventory,
    metrics: MetricStore,
    store: Store,
    clock: Arc<dyn Clock>,
    turn: Arc<Semaphore>,
    filing: Arc<Semaphore>,
}

impl Core {
    /// Goes on with the ledger of the run before, and keeps measurements for as long as the server runs.
    pub(crate) async fn keep_metrics(&self) -> Result<(), wxa_store::Error> {
        let Some(keeper) = self.metrics_keeper() else {
            return Ok(());
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

    fn metrics_keeper(&self) -> Option<Keeper> {
        let kept = &self.inner.metrics;
        Some(Keeper {
            samples: self.live().samples.clone(),
            inventory: self.live().inventory.clone(),
            metrics: kept.store()?.clone(),
            store: self.inner.store.clone(),
            clock: self.inner.clock.clone(),
            turn: kept.ledger.clone(),
            filing: kept.filing.clone(),
        })
    }

    /// Writes everything that waits, whole minutes or not.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[cfg(any(test, feature = "testing"))]
    pub async fn metrics_flush(&self) -> Result<(), crate::Error> {
        if let Some(keeper) = self.metrics_keeper() {
            keeper.look_around();
            keeper.write_all().await?;
            keeper.pack().await?;
        }
        Ok(())
    }
}

async fn run(keeper: Keeper, stop: CancellationToken) -> Result<(), WorkerError> {
    let (mut ledger, mut prune, mut provided) = (Instant::now(), Instant::now(), None::<Instant>);
    loop {
        tokio::select! {
            () = sleep(EVERY) => {}
            () = stop.cancelled() => {
                keeper.look_around();
                keeper.write_all().await?;
                return Ok(());
            }
        }
        if provided.is_none_or(|at| at.elapsed() >= PROVIDED_EVERY) {
            provided = Some(Instant::now());
            keeper.look_around();
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
            prune = Instant::now();
            keeper.prune(keeper.clock.now()).await?;
        }
    }
}

impl Keeper {
    /// Counts what is known of VMs whether they run or not: the space that they have, and that some have gone.
    fn look_around(&self) {
        let published = self.inventory.now();
        let is_pool = |id| {
            published
                .host(id)
                .is_some_and(|(host, _)| host.kind == HostKind::Pool)
        };
        let is_up = |id| published.host(id).is_some_and(|(host, _)| host.link.is_up());
        let guests = published
            .vms()
            .filter(|vm| vm.role == VmRole::Guest && is_up(vm.host));
        // Before the ledger is taken: measurements wait for that.
        let provided: Vec<_> = guests.filter_map(|vm| Some((vm.id, vm.provided()?))).collect();
        let now = self.clock.now();
        let all_up = published.hosts().next().is_some() && published.hosts().all(|host| host.link.is_up());
        let mut ledger = self.samples.ledger();
        ledger.provide(now, provided.into_iter());
        let heard = |vm| match published.vm(vm).map(|(vm, _)| vm.host) {
            None if all_up => Heard::Now,
            None => Heard::NotYet,
            // A pool is not measured itself: what is tied to none of its members is told with its list.
            Some(host) if is_pool(host) && is_up(host) => Heard::Now,
            Some(host) if is_pool(host) => Heard::NotYet,
            Some(host) => Heard::With(host),
        };
        ledger.settle(now, heard);
    }

    /// Writes the minutes that are over.
    async fn write_over(&self) -> Result<(), wxa_store::Error> {
        self.write_each(|minutes| minutes.over(self.clock.now().0)).await
    }

    /// Writes everything.
    async fn write_all(&self) -> Result<(), wxa_store::Error> {
        self.write_ledger().await?;
        self.write_each(Minutes::any).await
    }

    /// Writes the minutes that `next` takes out, until there are none.
    async fn write_each(
        &self,
        next: impl Fn(&mut Minutes) -> Option<(u64, Rows)>,
    ) -> Result<(), wxa_store::Error> {
        loop {
            // Nobody may give them other ids while they are neither here nor there.
            let Ok(_filing) = self.filing.acquire().await else {
                return Ok(());
            };
            let taken = next(&mut self.samples.minutes());
            let Some((minute, rows)) = taken else {
                return Ok(());
            };
            let written = self.metrics.put_minute(minute, &rows).await;
            if written.is_err() {
                self.samples.minutes().put_back(minute, rows);
            }
            written?;
        }
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
        let hours = Old {
            before: now.0.saturating_sub(MINUTES_KEPT_MS) / HOUR_MS,
            keep: HOURS_WITH_MINUTES,
        };
        let days = Old {
            before: now.0.saturating_sub(HOURS_KEPT_MS) / DAY_MS,
            keep: DAYS_WITH_HOURS,
        };
        while self.metrics.prune_some(hours, days).await? {
            yield_now().await;
        }
        let day = (now.0 / DAY_MS).saturating_sub(u64::from(LEDGER_KEPT_DAYS));
        let day = u32::try_from(day).unwrap_or_default();
        while self.store.usage_prune_some(day, LEDGER_KEPT_DAYS).await? {
            yield_now().await;
        }
        Ok(())
    }
}
