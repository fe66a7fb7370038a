//! What pools recorded of themselves before this installation was there: read once for each member, and put only where
//! nothing of our own is.
use super::minutes::{HOUR_MS, MINUTE_MS, Rows};
use super::{
    only_own,
    rings::{host_row, vm_row},
};
use crate::{
    Core,
    inventory::Published,
    supervisor::{Restart, WorkerError},
    system::QueueStatus,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use wxa_driver::{Archive, ErrorKind, History};
use wxa_model::{HostId, HostKind, Metric, SampleBatch, VmId};
use wxa_store::{MetricStore, SeriesKey, Stat};

/// Between two looks at whose history is not read yet.
const EVERY: Duration = Duration::from_secs(5);
/// How long a member may take for an archive.
const BOUND: Duration = Duration::from_secs(60);
/// How often a member is tried in one run.
const ATTEMPTS: u32 = 3;
/// Hours of an object in one transaction.
const SOME: usize = 16_384;
/// Objects whose steps are gathered at a time: those of a year of a large member would be many megabytes.
const GATHERED: usize = 8;
/// The past can wait, and whoever looks on now cannot: after each piece of work comes a rest so many times as long.
const REST: u32 = 3;
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
    pub(crate) async fn import_some(&self, known: &Histories) -> Result<(), WorkerError> {
        let Some(store) = self.inner.metrics.store() else {
            return Ok(());
        };
        known.keep_to(&self.live().inventory.now());
        for (member, pool) in self.members_up() {
            let State::Waiting { attempts } = known.of(member) else {
                continue;
            };
            let note = note_of(member);
            if store.note(&note).await?.is_some() {
                known.put(member, State::Read);
                continue;
            }
            if attempts >= ATTEMPTS {
                known.put(member, State::GivenUp);
                continue;
            }
            let attempts = attempts + 1;
            known.put(member, State::Waiting { attempts });
            if self.import_one(store, member, pool).await? {
                store.note_put(&note, &self.now().0.to_string()).await?;
                known.put(member, State::Read);
            }
        }
        Ok(())
    }

    /// Reads all archives of a member, as far as it has them; false where one is missing that may be read later.
    async fn import_one(
        &self,
        store: &MetricStore,
        member: HostId,
        pool: HostId,
    ) -> Result<bool, WorkerError> {
        let Some(driver) = self.live().hosts.driver(pool) else {
            return Ok(false);
        };
        let mut is_whole = true;
        for archive in Archive::ALL {
            match timeout(BOUND, driver.history(member, archive)).await {
                Ok(Ok(mut history)) => {
                    let published = self.live().inventory.now();
                    for batch in &mut history.batches {
                        only_own(batch, pool, &published);
                    }
                    drop(published);
                    self.take_in(store, member, archive, history).await?;
                }
                Ok(Err(error)) if matches!(error.kind, ErrorKind::NotSupported { .. }) => {}
                Ok(Err(error)) => {
                    tracing::info!(%member, %error, "a member's own history cannot be read now");
                    is_whole = false;
                }
                Err(_) => is_whole = false,
            }
        }
        Ok(is_whole)
    }

    /// Members whose history is still to be read, of all that are connected, and those that were given up in this run.
    pub(crate) fn histories_left(&self) -> QueueStatus {
        let members = self.members_up();
        let known = &self.inner.metrics.histories;
        // Whether one that was not looked at yet was read in an earlier run is not known: it waits.
        let is_waiting = |(member, _): &&(HostId, HostId)| matches!(known.of(*member), State::Waiting { .. });
        QueueStatus {
            name: "histories of members to read",
            waiting: members.iter().filter(is_waiting).count(),
            room: members.len(),
            dropped: known.given_up(),
        }
    }

    /// Connected members with their pools.
    fn members_up(&self) -> Vec<(HostId, HostId)> {
        let published = self.live().inventory.now();
        let up = published.hosts().filter(|host| host.link.is_up());
        up.filter_map(|host| match host.kind {
            HostKind::Member { pool } => Some((host.id, pool)),
            HostKind::Plain | HostKind::Pool => None,
        })
        .collect()
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
                let hours = usize::try_from(archive.step_ms() / HOUR_MS).unwrap_or(1);
                for gathered in objects(member, &history).chunks(GATHERED) {
                    for (key, steps) in by_step(gathered, archive, &history) {
                        for some in steps.chunks((SOME / hours).max(1)) {
                            let begun = Instant::now();
                            let series = hours_of(some, hours, first_told);
                            store.fill_hours(&[(key.clone(), series)]).await?;
                            sleep(begun.elapsed() * REST).await;
                        }
                    }
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
        for batch in &history.batches {
            let begun = Instant::now();
            let mut new = Rows::new();
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
                new.push((key, values));
            }
            store.put_minute(minute, &new).await?;
            sleep(begun.elapsed() * REST).await;
        }
        Ok(())
    }
}

/// Whose history is read, by members that there are.
#[derive(Debug, Default)]
pub(crate) struct Histories(Mutex<HashMap<HostId, State>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not read, as far as this run knows, and tried so often.
    Waiting { attempts: u32 },
    /// Read, in this run or in an earlier one.
    Read,
    /// Not tried again before the next start.
    GivenUp,
}

impl Histories {
    fn of(&self, member: HostId) -> State {
        let known = self.lock().get(&member).copied();
        known.unwrap_or(State::Waiting { attempts: 0 })
    }

    fn put(&self, member: HostId, state: State) {
        self.lock().insert(member, state);
    }

    /// Forgets members that nobody has any more.
    fn keep_to(&self, published: &Published) {
        self.lock().retain(|member, _| published.host(*member).is_some());
    }

    fn given_up(&self) -> u64 {
        let known = self.lock();
        known.values().filter(|state| **state == State::GivenUp).count() as u64
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<HostId, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is noted when a member's history was read.
fn note_of(member: HostId) -> String {
    format!("history:{member}")
}

async fn run(core: Core, stop: CancellationToken) -> Result<(), WorkerError> {
    loop {
        tokio::select! {
            () = sleep(EVERY) => {}
            () = stop.cancelled() => return Ok(()),
        }
        tokio::select! {
            done = core.import_some(&core.inner.metrics.histories) => done?,
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

/// Everything that a history tells of.
fn objects(host: HostId, history: &History) -> Vec<SeriesKey> {
    let vms = history.batches.iter().flat_map(|batch| &batch.vms);
    let vms: BTreeSet<VmId> = vms.map(|(vm, _)| *vm).collect();
    let all = std::iter::once(SeriesKey::Host(host));
    all.chain(vms.into_iter().map(SeriesKey::Vm)).collect()
}

/// What an object's steps say, by the first hour of each.
type Steps = Vec<(u64, Metric, f32)>;

/// The steps of these objects.
fn by_step(objects: &[SeriesKey], archive: Archive, history: &History) -> Vec<(SeriesKey, Steps)> {
    let mut series: BTreeMap<&SeriesKey, Steps> = objects.iter().map(|key| (key, Steps::new())).collect();
    let mut row = Vec::new();
    for batch in &history.batches {
        // The middle of its first hour is in it, whatever the clocks differ by.
        let first = batch.at.0.saturating_sub(archive.step_ms() - HOUR_MS / 2) / HOUR_MS;
        let steps = |row: &[(Metric, f32)]| -> Steps {
            row.iter()
                .map(|(metric, value)| (first, *metric, *value))
                .collect()
        };
        for (vm, sample) in &batch.vms {
            if let Some(there) = series.get_mut(&SeriesKey::Vm(*vm)) {
                vm_row(sample, &mut row);
                there.extend(steps(&row));
            }
        }
        if let Some((_, there)) = series
            .iter_mut()
            .find(|(key, _)| matches!(key, SeriesKey::Host(_)))
        {
            host_row(&batch.host, &mut row);
            there.extend(steps(&row));
        }
    }
    let told = series.into_iter().filter(|(_, steps)| !steps.is_empty());
    told.map(|(key, steps)| (key.clone(), steps)).collect()
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
