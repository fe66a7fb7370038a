//! What pools recorded of themselves before this installation was there: read once for each member, and put only where
//! nothing of our own is.
use super::minutes::{HOUR_MS, MINUTE_MS, Rows};
use super::rings::{host_row, vm_row};
use crate::{
    Core,
    supervisor::{Restart, WorkerError},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use wxa_driver::{Archive, ErrorKind, History};
use wxa_model::{HostId, HostKind, Metric, SampleBatch};
use wxa_store::{MetricStore, SeriesKey, Stat};

/// Between two looks at whose history is not read yet.
const EVERY: Duration = Duration::from_secs(5);
/// How long a member may take for an archive.
const BOUND: Duration = Duration::from_secs(60);
/// How often a member is tried in one run.
const ATTEMPTS: u32 = 3;
/// Objects of an archive of hours in one transaction; of one of days fewer, because a day is many hours.
const SOME: usize = 64;
/// XAPI measures every 5 s: so many measurements are behind a mean of a minute.
const IN_A_MINUTE: u32 = 12;
const IN_AN_HOUR: u32 = 60 * IN_A_MINUTE;

/// What is known of an object in a batch.
type Known = Vec<(Metric, f32)>;
/// An object's values by slot.
type Series = Vec<(u64, Metric, Stat)>;

impl Core {
    /// Reads the history of every member of every pool that was not read yet, now and when members come.
    pub(crate) fn import_histories(&self) {
        let core = self.clone();
        self.live()
            .supervisor
            .spawn("history of pools", Restart::OnFailure, move |stop| {
                run(core.clone(), stop)
            });
    }

    /// Reads those that can be read now.
    pub(crate) async fn import_some(&self, tried: &mut HashMap<HostId, u32>) -> Result<(), WorkerError> {
        let Some(store) = self.inner.metrics.store() else {
            return Ok(());
        };
        let published = self.live().inventory.now();
        let members: Vec<(HostId, HostId)> = published
            .hosts()
            .filter(|host| host.link.is_up())
            .filter_map(|host| match host.kind {
                HostKind::Member { pool } => Some((host.id, pool)),
                HostKind::Plain | HostKind::Pool => None,
            })
            .collect();
        drop(published);
        for (member, pool) in members {
            let attempts = tried.entry(member).or_default();
            let note = format!("history:{member}");
            if *attempts >= ATTEMPTS || store.note(&note).await?.is_some() {
                continue;
            }
            *attempts += 1;
            let Some(driver) = self.live().hosts.driver(pool) else {
                continue;
            };
            let mut is_whole = true;
            for archive in Archive::ALL {
                match timeout(BOUND, driver.history(member, archive)).await {
                    Ok(Ok(history)) => self.take_in(store, member, archive, history).await?,
                    Ok(Err(error)) if matches!(error.kind, ErrorKind::NotSupported { .. }) => {}
                    Ok(Err(error)) => {
                        tracing::info!(%member, %error, "a member's own history cannot be read now");
                        is_whole = false;
                    }
                    Err(_) => is_whole = false,
                }
            }
            if is_whole {
                store.note_put(&note, &self.now().0.to_string()).await?;
            }
        }
        Ok(())
    }

    async fn take_in(
        &self,
        store: &MetricStore,
        member: HostId,
        archive: Archive,
        history: History,
    ) -> Result<(), wxa_store::Error> {
        let hour = self.now().0 / HOUR_MS;
        match archive {
            Archive::Minutes => self.take_in_minutes(store, member, &history).await,
            Archive::Hours | Archive::Days => {
                // The hours that minutes tell of are left to them.
                let first_told = hour.saturating_sub(2);
                let steps = by_step(member, archive, history);
                let hours = usize::try_from(archive.step_ms() / HOUR_MS).unwrap_or(1);
                for some in steps.chunks((SOME / hours).max(1)) {
                    let rows: Vec<(SeriesKey, Series)> = some
                        .iter()
                        .map(|(key, steps)| (key.clone(), hours_of(steps, hours, first_told)))
                        .collect();
                    store.fill_hours(&rows).await?;
                }
                Ok(())
            }
        }
    }

    async fn take_in_minutes(
        &self,
        store: &MetricStore,
        member: HostId,
        history: &History,
    ) -> Result<(), wxa_store::Error> {
        let span = Archive::Minutes.rows() + 2;
        let now = self.now().0 / MINUTE_MS;
        let keys: HashSet<SeriesKey> = history
            .batches
            .iter()
            .flat_map(|batch| rows(member, batch))
            .map(|(key, _)| key)
            .collect();
        let mut own: HashMap<SeriesKey, HashSet<u64>> = HashMap::new();
        for key in keys {
            let slots = store.minutes(&key, now.saturating_sub(span), now + 1).await?;
            let kept = slots.values().flat_map(BTreeMap::keys).copied();
            let open = self.live().samples.open_minutes(&key);
            let all = kept.chain(open.into_iter().map(|(at, ..)| at)).collect();
            own.insert(key, all);
        }
        let mut minutes: BTreeMap<u64, Rows> = BTreeMap::new();
        for batch in &history.batches {
            // The middle of its interval is in it, whatever the clocks differ by.
            let minute = batch.at.0.saturating_sub(MINUTE_MS / 2) / MINUTE_MS;
            for (key, row) in rows(member, batch) {
                if own.get(&key).is_some_and(|own| own.contains(&minute)) {
                    continue;
                }
                let stat = |value| Stat {
                    count: IN_A_MINUTE,
                    ..Stat::one(value)
                };
                let values = row
                    .into_iter()
                    .map(|(metric, value)| (metric, stat(value)))
                    .collect();
                minutes.entry(minute).or_default().push((key, values));
            }
        }
        for (minute, rows) in minutes {
            store.put_minute(minute, &rows).await?;
        }
        Ok(())
    }
}

async fn run(core: Core, stop: CancellationToken) -> Result<(), WorkerError> {
    let mut tried = HashMap::new();
    loop {
        tokio::select! {
            () = sleep(EVERY) => {}
            () = stop.cancelled() => return Ok(()),
        }
        tokio::select! {
            done = core.import_some(&mut tried) => done?,
            () = stop.cancelled() => return Ok(()),
        }
    }
}

/// What a batch knows, by object.
fn rows(host: HostId, batch: &SampleBatch) -> Vec<(SeriesKey, Known)> {
    let mut found = Vec::with_capacity(batch.vms.len() + 1);
    let mut row = Vec::new();
    host_row(&batch.host, &mut row);
    found.push((SeriesKey::Host(host), row.clone()));
    for (vm, sample) in &batch.vms {
        vm_row(sample, &mut row);
        found.push((SeriesKey::Vm(*vm), row.clone()));
    }
    found.retain(|(_, row)| !row.is_empty());
    found
}

/// What an object's steps say, by the first hour of each: a year of a large member is some megabytes.
type Steps = Vec<(u64, Metric, f32)>;

fn by_step(host: HostId, archive: Archive, history: History) -> Vec<(SeriesKey, Steps)> {
    let mut series: BTreeMap<SeriesKey, Steps> = BTreeMap::new();
    for batch in history.batches {
        // The middle of its first hour is in it, whatever the clocks differ by.
        let first = batch.at.0.saturating_sub(archive.step_ms() - HOUR_MS / 2) / HOUR_MS;
        for (key, row) in rows(host, &batch) {
            let there = series.entry(key).or_default();
            there.extend(row.iter().map(|(metric, value)| (first, *metric, *value)));
        }
    }
    series.into_iter().collect()
}

/// The hours of steps that are `hours` long, before `end`. Of a day only its mean is known: it stands for each of its hours.
fn hours_of(steps: &[(u64, Metric, f32)], hours: usize, end: u64) -> Series {
    let stat = |value| Stat {
        count: IN_AN_HOUR,
        ..Stat::one(value)
    };
    let mut series = Series::with_capacity(steps.len() * hours);
    for (first, metric, value) in steps {
        let each = (*first..).take(hours).take_while(|hour| *hour < end);
        series.extend(each.map(|hour| (hour, *metric, stat(*value))));
    }
    series
}
