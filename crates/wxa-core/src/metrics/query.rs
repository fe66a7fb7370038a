//! Reading a range of measurements: which resolution, from where, for whom.
use super::{
    Samples,
    minutes::{HOUR_MS, MINUTE_MS},
    range::{Grid, Points, Total, from_slots, from_spans},
    rings::Span,
};
use crate::{Core, Ctx, Error, inventory::Published};
use std::collections::{BTreeMap, BTreeSet};
use wxa_model::{HostId, HostKind, Metric, Part, Permission, SiteId, Target, UnixMillis, VmId};
use wxa_store::{MetricStore, SeriesKey, Stat, metrics::Slots};

/// How far minutes go back.
pub(super) const MINUTES_KEPT_MS: u64 = 7 * 24 * HOUR_MS;
/// How far hours go back.
pub(super) const HOURS_KEPT_MS: u64 = 731 * 24 * HOUR_MS;
/// What is kept as it came is not drawn in longer steps: a point or two say nothing.
const PARTS_STEP_MS: u64 = 300_000;
const POINTS: u32 = 600;
const MOST_POINTS: u32 = 4000;
/// Parts of which a range is read.
const MOST_PARTS: usize = 128;

/// Whose measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsOf {
    /// A VM's, also of one that is gone.
    Vm(VmId),
    /// A plain host's or a member's; a pool's is the sum of its members.
    Host(HostId),
    /// The sum of the hosts in a site.
    Site(SiteId),
}

/// Whether the parts are wished for, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parts {
    /// The whole only.
    #[default]
    Without,
    /// CPUs, disks, interfaces and stores as well.
    With,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsAsk {
    /// Whose.
    pub of: MetricsOf,
    /// Which; all when empty.
    pub metrics: Vec<Metric>,
    /// Parts as well.
    pub parts: Parts,
    /// From; an hour before `to` when absent.
    pub from: Option<UnixMillis>,
    /// To; now when absent.
    pub to: Option<UnixMillis>,
    /// Points at most: 600 when absent, never more than 4000.
    pub points: Option<u32>,
}

/// What an answer was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsFrom {
    /// Measurements as they came.
    Raw,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

/// A range of measurements.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricsRange {
    /// The points.
    pub grid: Grid,
    /// What they were made from.
    pub from: MetricsFrom,
    /// The series that have any value.
    pub series: Vec<RangeSeries>,
    /// For sums: of how many hosts, and how many of them are known at each point.
    pub sum: Option<(u32, Vec<u32>)>,
}

/// One series.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeSeries {
    /// What.
    pub metric: Metric,
    /// Of which part; none for the whole.
    pub part: Option<Part>,
    /// A value or a gap for each point of the grid.
    pub points: Vec<Option<Stat>>,
}

/// Where the measurements of something are.
enum Subject {
    Vm(VmId, Option<HostId>),
    Host(HostId),
    /// Sums. Stores and networks of a pool's members are the pool's; those of a site's hosts have nothing in common.
    Hosts {
        hosts: Vec<HostId>,
        is_pool: bool,
    },
}

impl Core {
    /// A range of measurements. A sum is over the hosts that are there now, as far as each is known at a point.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see the object; [`Error::Forbidden`] when it sees a pool or a site only
    /// for the sake of something in it; when the database does not answer.
    pub async fn metrics_get(&self, ctx: &Ctx, ask: &MetricsAsk) -> Result<MetricsRange, Error> {
        let published = self.live().inventory.now();
        let subject = subject(&published, ctx, ask.of)?;
        drop(published);
        let (grid, resolution) = choose(&self.live().samples, &subject, ask, self.now());
        let range = self.read(&subject, ask, grid, resolution).await?;
        // A pool's own history reaches further back by hours than by minutes: half a range of it is better than nothing.
        let is_late = |range: &MetricsRange| range.begins() > grid.from.0 + (grid.to() - grid.from.0) / 2;
        if resolution == MetricsFrom::Minutes && grid.to() - grid.from.0 >= 6 * HOUR_MS && is_late(&range) {
            let most = ask.points.unwrap_or(POINTS).clamp(2, MOST_POINTS);
            let hours = Grid::new(grid.from.0, grid.to(), HOUR_MS, most);
            let hourly = self.read(&subject, ask, hours, MetricsFrom::Hours).await?;
            if !is_late(&hourly) {
                return Ok(hourly);
            }
        }
        Ok(range)
    }

    async fn read(
        &self,
        subject: &Subject,
        ask: &MetricsAsk,
        grid: Grid,
        resolution: MetricsFrom,
    ) -> Result<MetricsRange, Error> {
        let samples = &self.live().samples;
        let reader = Reader {
            samples,
            store: self.inner.metrics.store(),
            grid,
            resolution,
        };
        let mut series = Vec::new();
        let mut sum = None;
        match subject {
            Subject::Vm(vm, through) => {
                let whole = reader.whole(&SeriesKey::Vm(*vm), *through).await?;
                collect(&mut series, ask, None, whole);
                // They are kept as they came only, and that is drawn in longer ranges too.
                if ask.parts == Parts::With && grid.step <= PARTS_STEP_MS {
                    for (part, spans) in samples.vm_parts(*through, *vm).into_iter().take(MOST_PARTS) {
                        collect(&mut series, ask, Some(part), from_spans(grid, &spans));
                    }
                }
            }
            Subject::Host(host) => {
                let whole = reader.whole(&SeriesKey::Host(*host), None).await?;
                collect(&mut series, ask, None, whole);
                if ask.parts == Parts::With {
                    for (part, points) in reader.host_parts(*host).await? {
                        collect(&mut series, ask, Some(part), points);
                    }
                }
            }
            Subject::Hosts { hosts, is_pool } => {
                // One after the other, and one such question at a time: it may be a year of many hosts.
                let turn = self.inner.metrics.sums.acquire().await.map_err(Error::internal)?;
                let mut total = Total::new(grid);
                let mut parts: BTreeMap<Part, Total> = BTreeMap::new();
                for host in hosts {
                    total.add(reader.whole(&SeriesKey::Host(*host), None).await?);
                    if ask.parts == Parts::With && *is_pool {
                        for (part, points) in reader.shared_parts(*host).await? {
                            if parts.len() < MOST_PARTS || parts.contains_key(&part) {
                                parts.entry(part).or_insert_with(|| Total::new(grid)).add(points);
                            }
                        }
                    }
                    tokio::task::yield_now().await;
                }
                drop(turn);
                let (points, members, known) = total.finish();
                collect(&mut series, ask, None, points);
                for (part, total) in parts {
                    collect(&mut series, ask, Some(part), total.finish().0);
                }
                sum = Some((members, known));
            }
        }
        Ok(MetricsRange {
            grid,
            from: resolution,
            series,
            sum,
        })
    }
}

impl MetricsRange {
    /// Where the first point lies at which anything is known; the end where nothing is.
    fn begins(&self) -> u64 {
        let first = |series: &RangeSeries| series.points.iter().position(Option::is_some);
        let place = self.series.iter().filter_map(first).min();
        place.map_or(self.grid.to(), |place| {
            self.grid.from.0 + place as u64 * self.grid.step
        })
    }
}

fn subject(published: &Published, ctx: &Ctx, of: MetricsOf) -> Result<Subject, Error> {
    let whole = |target: &Target<'_>, is_seen: bool| match (ctx.may(Permission::View, target), is_seen) {
        (true, _) => Ok(()),
        (false, true) => Err(Error::Forbidden),
        (false, false) => Err(Error::NotFound),
    };
    match of {
        MetricsOf::Vm(vm) => match published.vm(vm) {
            Some((_, place)) if ctx.may(Permission::View, &place.target()) => {
                Ok(Subject::Vm(vm, place.reached_through()))
            }
            Some(_) => Err(Error::NotFound),
            // Gone: where it was is not known any more.
            None if ctx.may(Permission::View, &Target::INSTALLATION) => Ok(Subject::Vm(vm, None)),
            None => Err(Error::NotFound),
        },
        MetricsOf::Host(id) => {
            let (host, place) = published.host(id).ok_or(Error::NotFound)?;
            whole(
                &place.target(),
                published.sees(&ctx.grants, wxa_model::Key::Host(id)),
            )?;
            Ok(match host.kind {
                HostKind::Pool => Subject::Hosts {
                    hosts: hosts(published, |host| host.kind.pool() == Some(id)),
                    is_pool: true,
                },
                HostKind::Plain | HostKind::Member { .. } => Subject::Host(id),
            })
        }
        MetricsOf::Site(id) => {
            published.site(id).ok_or(Error::NotFound)?;
            let target = Target {
                site: Some(id),
                ..Target::INSTALLATION
            };
            whole(&target, published.sees(&ctx.grants, wxa_model::Key::Site(id)))?;
            Ok(Subject::Hosts {
                hosts: hosts(published, |host| host.site == id && host.kind != HostKind::Pool),
                is_pool: false,
            })
        }
    }
}

fn hosts(published: &Published, which: impl Fn(&wxa_model::Host) -> bool) -> Vec<HostId> {
    published
        .hosts()
        .filter(|host| which(host))
        .map(|host| host.id)
        .collect()
}

/// The shortest step that is stored for the range and keeps to the points.
fn choose(samples: &Samples, subject: &Subject, ask: &MetricsAsk, now: UnixMillis) -> (Grid, MetricsFrom) {
    let most = ask.points.unwrap_or(POINTS).clamp(2, MOST_POINTS);
    // Nobody asks for what lies before the first hour that could be kept.
    let earliest = now.0.saturating_sub(HOURS_KEPT_MS + 24 * HOUR_MS);
    let to = ask.to.unwrap_or(now).0.clamp(earliest, now.0 + 24 * HOUR_MS);
    let from = ask
        .from
        .map_or(to.saturating_sub(HOUR_MS), |from| from.0)
        .clamp(earliest, to);
    let (oldest, pace) = samples.reach(subject_hosts(subject).as_deref());
    if let (Some(oldest), Some(pace)) = (oldest, pace) {
        // In whole seconds, and no less than what it comes at.
        let least = pace.div_ceil(1000).max(1) * 1000;
        let least = if pace % 1000 <= 200 && pace > 1000 {
            pace / 1000 * 1000
        } else {
            least
        };
        let grid = Grid::new(from, to, least, most);
        let slack = (to - from) / 50;
        if grid.step < MINUTE_MS && oldest.0 <= from + slack {
            return (grid, MetricsFrom::Raw);
        }
    }
    let has_minutes = from + MINUTES_KEPT_MS >= now.0;
    let grid = Grid::new(from, to, if has_minutes { MINUTE_MS } else { HOUR_MS }, most);
    let is_long = grid.step >= HOUR_MS;
    (
        grid,
        if is_long {
            MetricsFrom::Hours
        } else {
            MetricsFrom::Minutes
        },
    )
}

/// The hosts in whose rings a subject's measurements are; none for whatever host reaches it.
fn subject_hosts(subject: &Subject) -> Option<Vec<HostId>> {
    match subject {
        Subject::Vm(_, through) => through.map(|host| vec![host]),
        Subject::Host(host) => Some(vec![*host]),
        Subject::Hosts { hosts, .. } => Some(hosts.clone()),
    }
}

struct Reader<'a> {
    samples: &'a Samples,
    store: Option<&'a MetricStore>,
    grid: Grid,
    resolution: MetricsFrom,
}

impl Reader<'_> {
    async fn whole(&self, key: &SeriesKey, through: Option<HostId>) -> Result<Points, Error> {
        match self.resolution {
            MetricsFrom::Raw => Ok(from_spans(self.grid, &self.spans(key, through))),
            MetricsFrom::Minutes => self.slots(key, MINUTE_MS).await,
            MetricsFrom::Hours => self.slots(key, HOUR_MS).await,
        }
    }

    fn spans(&self, key: &SeriesKey, through: Option<HostId>) -> Vec<Span> {
        match key {
            SeriesKey::Vm(vm) => self.samples.vm_spans(through, *vm),
            SeriesKey::Host(host) => self.samples.host_spans(*host),
            SeriesKey::Part(host, part) => {
                let parts = self.samples.host_parts(*host).into_iter();
                parts
                    .filter(|(known, _)| known == part)
                    .flat_map(|(_, spans)| spans)
                    .collect()
            }
        }
    }

    async fn slots(&self, key: &SeriesKey, slot: u64) -> Result<Points, Error> {
        let (from, to) = (self.grid.from.0 / slot, self.grid.to().div_ceil(slot));
        let mut slots: Slots = match self.store {
            Some(store) if slot == MINUTE_MS => store.minutes(key, from, to).await?,
            Some(store) => store.hours(key, from, to).await?,
            None => Slots::new(),
        };
        for (minute, metric, stat) in self.samples.open_minutes(key) {
            let at = minute * MINUTE_MS / slot;
            if (from..to).contains(&at) {
                let column = slots.entry(metric).or_default();
                column
                    .entry(at)
                    .and_modify(|known| *known = known.and(stat))
                    .or_insert(stat);
            }
        }
        Ok(from_slots(self.grid, slot, &slots))
    }

    /// What a pool's members share: stores, and networks by the interface that is in them.
    async fn shared_parts(&self, member: HostId) -> Result<Vec<(Part, Points)>, Error> {
        let mut parts = self.host_parts(member).await?;
        parts.retain(|(part, _)| matches!(part, Part::Storage(_) | Part::Nic(_)));
        Ok(parts)
    }

    /// All parts from the rings; over time, those stores and interfaces that are measured now.
    async fn host_parts(&self, host: HostId) -> Result<Vec<(Part, Points)>, Error> {
        let mut found = Vec::new();
        let mut parts = self.samples.host_parts(host);
        parts.truncate(MOST_PARTS);
        for (part, spans) in parts {
            let points = match (self.resolution, &part) {
                (MetricsFrom::Raw, _) => from_spans(self.grid, &spans),
                (_, Part::Cpu(_) | Part::Disk(_)) if self.grid.step <= PARTS_STEP_MS => {
                    from_spans(self.grid, &spans)
                }
                (_, Part::Cpu(_) | Part::Disk(_)) => continue,
                (_, Part::Nic(_) | Part::Storage(_)) => {
                    self.whole(&SeriesKey::Part(host, part.clone()), None).await?
                }
            };
            found.push((part, points));
        }
        Ok(found)
    }
}

/// Adds the series that are asked for and have any value.
fn collect(series: &mut Vec<RangeSeries>, ask: &MetricsAsk, part: Option<Part>, points: Points) {
    let wished: BTreeSet<Metric> = ask.metrics.iter().copied().collect();
    for (metric, points) in points {
        let is_wished = wished.is_empty() || wished.contains(&metric);
        if is_wished && points.iter().any(Option::is_some) {
            series.push(RangeSeries {
                metric,
                part: part.clone(),
                points,
            });
        }
    }
}
