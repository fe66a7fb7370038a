//! The latest measurements of a host and of all that is on it, as they came: about a quarter of an hour at a tick each
//! second, more than an hour at one in five; less where there is so much that memory would not do.
use super::columns::{Columns, Keep as Kept, Row, Shapes};
use std::collections::{BTreeMap, HashMap, VecDeque};
use wxa_model::{HostSample, Metric, Part, SampleBatch, UnixMillis, VmId, VmSample};

/// Ticks that are kept where there is room.
pub(super) const MOST_TICKS: usize = 900;
/// Ticks that are kept in any case where they are a second apart: the last minute.
pub(super) const LEAST_TICKS: usize = 64;
/// The same where they are further apart.
const FEWEST_TICKS: usize = 32;
/// Values of hosts and VMs that are kept in all: 7.2 MB, of 2,000 VMs in a pool a quarter of an hour.
const ROOM: usize = 3_600_000;
/// Values of parts that are kept in all: 2 MB.
const PARTS_ROOM: usize = 1_000_000;
/// Ticks of parts that are kept in any case.
const LEAST_PART_TICKS: usize = 12;
/// Values of an object's parts at a tick; one with more has no history of the others. A VM may have 64 CPUs and 16 disks.
const MOST_OF_PARTS: usize = 512;
/// The same of a host itself.
const MOST_OF_HOST: usize = 4_000;
/// The same of a host and all that is on it: beyond it nothing new is kept, whatever names a host invents.
const MOST_OF_ALL: usize = 32_000;
/// How far `recent` goes back.
const RECENT_MS: u64 = 60_000;
const RECENT: usize = 64;

/// How many values there are at a tick, and of parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Width {
    pub(super) whole: usize,
    pub(super) parts: usize,
}

/// The ticks to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Keep {
    whole: usize,
    parts: usize,
}

impl Keep {
    fn of(total: Width, least: usize) -> Self {
        Self {
            whole: (ROOM / total.whole.max(1)).clamp(least, MOST_TICKS),
            parts: (PARTS_ROOM / total.parts.max(1)).clamp(LEAST_PART_TICKS, MOST_TICKS),
        }
    }

    /// Whether it is worth the copying: a little more room is not.
    fn is_worth(self, now: Self) -> bool {
        let differs = |to: usize, from: usize| to < from || to > from + from / 4;
        differs(self.whole, now.whole) || differs(self.parts, now.parts)
    }
}

/// A host's rings.
#[derive(Debug)]
pub(super) struct Rings {
    keep: Keep,
    /// When the latest ticks were, oldest first.
    ticks: VecDeque<UnixMillis>,
    /// The number of the tick to come.
    next: u64,
    host: Columns<Metric>,
    vms: HashMap<VmId, Columns<Metric>>,
    /// By whose they are; the host's own are nobody's.
    parts: HashMap<Option<VmId>, Columns<OfPart>>,
    shapes: Shapes<Metric>,
    part_shapes: Shapes<OfPart>,
    width: Width,
}

/// A column of an object's parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OfPart {
    part: Part,
    metric: Metric,
}

impl PartialEq<(&Part, Metric)> for OfPart {
    fn eq(&self, (part, metric): &(&Part, Metric)) -> bool {
        self.metric == *metric && self.part == **part
    }
}

impl From<(&Part, Metric)> for OfPart {
    fn from((part, metric): (&Part, Metric)) -> Self {
        Self {
            part: part.clone(),
            metric,
        }
    }
}

/// A measurement as it came, with the time it stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) values: Vec<(Metric, f32)>,
}

impl Default for Rings {
    fn default() -> Self {
        Self {
            keep: Keep::of(Width::default(), LEAST_TICKS),
            ticks: VecDeque::new(),
            next: 0,
            host: Columns::default(),
            vms: HashMap::new(),
            parts: HashMap::new(),
            shapes: Shapes::default(),
            part_shapes: Shapes::default(),
            width: Width::default(),
        }
    }
}

impl Rings {
    /// Takes a batch; `others` is how wide the rings of all other hosts are.
    pub(super) fn push(&mut self, batch: &SampleBatch, others: Width) {
        let (tick, keep) = (self.next, self.keep);
        self.next += 1;
        self.ticks.push_back(batch.at);
        while self.ticks.len() > keep.whole.max(keep.parts) {
            self.ticks.pop_front();
        }
        let mut row = Vec::with_capacity(Metric::ALL.len());
        host_row(&batch.host, &mut row);
        let whole = Kept {
            rows: keep.whole,
            columns: Metric::ALL.len(),
        };
        self.host.push(tick, whole, &row, &mut self.shapes);
        for (vm, sample) in &batch.vms {
            vm_row(sample, &mut row);
            let columns = self.vms.entry(*vm).or_default();
            columns.push(tick, whole, &row, &mut self.shapes);
        }
        let is_full = self.width.parts >= MOST_OF_ALL;
        for (vm, row) in part_rows(batch) {
            let kept = Kept {
                rows: keep.parts,
                columns: match vm {
                    _ if is_full => 0,
                    Some(_) => MOST_OF_PARTS,
                    None => MOST_OF_HOST,
                },
            };
            let columns = self.parts.entry(vm).or_default();
            columns.push(tick, kept, &row, &mut self.part_shapes);
        }
        let there = |next: u64, keep: usize| self.next - next < keep as u64;
        self.vms.retain(|_, columns| there(columns.next(), keep.whole));
        self.parts.retain(|_, columns| there(columns.next(), keep.parts));
        self.width = Width {
            whole: self.host.width() + self.vms.values().map(Columns::width).sum::<usize>(),
            parts: self.parts.values().map(Columns::width).sum(),
        };
        self.fit(others);
    }

    /// Keeps as many ticks as memory allows.
    fn fit(&mut self, others: Width) {
        let total = Width {
            whole: self.width.whole + others.whole,
            parts: self.width.parts + others.parts,
        };
        let least = match self.pace() {
            Some(pace) if ROOM < LEAST_TICKS * total.whole => {
                usize::try_from(RECENT_MS / pace.max(1)).map_or(LEAST_TICKS, |minute| minute + 4)
            }
            _ => LEAST_TICKS,
        };
        let keep = Keep::of(total, least.clamp(FEWEST_TICKS, LEAST_TICKS));
        if !keep.is_worth(self.keep) {
            return;
        }
        self.keep = keep;
        self.host.resize(keep.whole);
        for columns in self.vms.values_mut() {
            columns.resize(keep.whole);
        }
        for columns in self.parts.values_mut() {
            columns.resize(keep.parts);
        }
        while self.ticks.len() > keep.whole.max(keep.parts) {
            self.ticks.pop_front();
        }
    }

    /// Bytes that are set aside for values.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let parts = self.parts.values().map(Columns::bytes).sum::<usize>();
        self.host.bytes() + parts + self.vms.values().map(Columns::bytes).sum::<usize>()
    }

    /// How wide they are.
    pub(super) fn width(&self) -> Width {
        self.width
    }

    /// The last minute of a VM, oldest first.
    pub(super) fn recent(&self, vm: VmId) -> Vec<(UnixMillis, VmSample)> {
        let (Some(columns), Some(newest)) = (self.vms.get(&vm), self.ticks.back()) else {
            return Vec::new();
        };
        // More rows than these are no minute.
        let passed = columns.len().saturating_sub(RECENT);
        let latest = columns.rows().skip(passed);
        latest
            .filter_map(|(tick, row)| {
                let at = self.at(tick)?;
                let mut sample = VmSample::default();
                row.values()
                    .for_each(|(metric, value)| sample.set(*metric, value));
                let is_recent = newest.since(at) <= RECENT_MS && at <= *newest;
                (is_recent && sample != VmSample::default()).then_some((at, sample))
            })
            .collect()
    }

    /// The oldest moment that the rings of hosts and VMs reach back to; none without two ticks.
    pub(super) fn oldest(&self) -> Option<UnixMillis> {
        let kept = self.ticks.len().min(self.keep.whole);
        let first = self.ticks.get(self.ticks.len() - kept)?;
        (kept > 1).then_some(*first)
    }

    /// Milliseconds from tick to tick, most often; none without two ticks.
    pub(super) fn pace(&self) -> Option<u64> {
        let mut gaps: Vec<u64> = self
            .ticks
            .iter()
            .zip(self.ticks.iter().skip(1))
            .map(|(a, b)| b.since(*a))
            .filter(|gap| *gap > 0)
            .collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied()
    }

    /// The host's own measurements.
    pub(super) fn of_host(&self) -> Vec<Span> {
        self.spans(&self.host)
    }

    /// A VM's measurements.
    pub(super) fn of_vm(&self, vm: VmId) -> Vec<Span> {
        self.vms
            .get(&vm)
            .map(|columns| self.spans(columns))
            .unwrap_or_default()
    }

    /// The parts of a VM, or of the host.
    pub(super) fn parts_of(&self, vm: Option<VmId>) -> Vec<(Part, Vec<Span>)> {
        let mut parts: BTreeMap<&Part, Vec<Span>> = BTreeMap::new();
        let pace = self.pace().unwrap_or(1000);
        let rows = self.parts.get(&vm).into_iter().flat_map(Columns::rows);
        for (tick, row) in rows {
            let Some((from, to)) = self.stands_for(tick, pace) else {
                continue;
            };
            for (column, value) in row.values() {
                let spans = parts.entry(&column.part).or_default();
                match spans.last_mut() {
                    Some(span) if span.to == to => span.values.push((column.metric, value)),
                    _ => spans.push(Span {
                        from,
                        to,
                        values: vec![(column.metric, value)],
                    }),
                }
            }
        }
        parts
            .into_iter()
            .map(|(part, spans)| (part.clone(), spans))
            .collect()
    }

    fn at(&self, tick: u64) -> Option<UnixMillis> {
        let first = self.next - self.ticks.len() as u64;
        let index = usize::try_from(tick.checked_sub(first)?).ok()?;
        self.ticks.get(index).copied()
    }

    /// A measurement stands for the time since the one before, where that is not long ago.
    fn stands_for(&self, tick: u64, pace: u64) -> Option<(u64, u64)> {
        let to = self.at(tick)?.0;
        let before = tick.checked_sub(1).and_then(|before| self.at(before));
        let gap = before.map_or(0, |before| to.saturating_sub(before.0));
        let length = if gap == 0 || gap > 3 * pace { pace } else { gap };
        Some((to.saturating_sub(length), to))
    }

    fn spans(&self, columns: &Columns<Metric>) -> Vec<Span> {
        let pace = self.pace().unwrap_or(1000);
        let span = |(tick, row): (u64, Row<'_, Metric>)| {
            let (from, to) = self.stands_for(tick, pace)?;
            let values: Vec<_> = row.values().map(|(metric, value)| (*metric, value)).collect();
            (!values.is_empty()).then_some(Span { from, to, values })
        };
        columns.rows().filter_map(span).collect()
    }
}

/// What is known of an object's parts.
type PartRow<'a> = Vec<((&'a Part, Metric), f32)>;

/// The values of parts, by whose they are.
fn part_rows(batch: &SampleBatch) -> HashMap<Option<VmId>, PartRow<'_>> {
    let mut rows: HashMap<_, Vec<_>> = HashMap::new();
    for part in &batch.parts {
        let known = part.values.iter().filter(|(_, value)| value.is_finite());
        let row = rows.entry(part.vm).or_default();
        row.extend(known.map(|(metric, value)| ((&part.part, *metric), *value)));
    }
    rows
}

pub(super) fn vm_row(sample: &VmSample, row: &mut Vec<(Metric, f32)>) {
    row.clear();
    let known = |metric| sample.get(metric).filter(|value: &f32| value.is_finite());
    row.extend(
        Metric::ALL
            .into_iter()
            .filter_map(|metric| Some((metric, known(metric)?))),
    );
}

pub(super) fn host_row(sample: &HostSample, row: &mut Vec<(Metric, f32)>) {
    row.clear();
    let known = |metric| sample.get(metric).filter(|value: &f32| value.is_finite());
    row.extend(
        Metric::ALL
            .into_iter()
            .filter_map(|metric| Some((metric, known(metric)?))),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn vm(n: u128) -> VmId {
        VmId(Uuid::from_u128(n))
    }

    fn batch(at: u64, vms: u128) -> SampleBatch {
        let sample = VmSample {
            cpu: Some(0.5),
            disk_read: Some(f32::NAN),
            ..VmSample::default()
        };
        SampleBatch {
            at: UnixMillis(at),
            vms: (0..vms).map(|n| (vm(n), sample)).collect(),
            ..SampleBatch::default()
        }
    }

    #[test]
    fn memory_is_bounded_however_many_vms_there_are() {
        let mut rings = Rings::default();
        let others = Width {
            whole: 90_000,
            parts: 0,
        };
        for second in 0..100 {
            rings.push(&batch(second * 1000, 10), others);
        }
        assert_eq!(rings.width().whole, 10, "what is not a number is not known");
        let kept = rings.of_vm(vm(3)).len();
        assert!((64..=67).contains(&kept), "{kept}");
        for second in 100..1200 {
            rings.push(&batch(second * 1000, 10), Width::default());
        }
        assert_eq!(rings.of_vm(vm(3)).len(), MOST_TICKS);
        assert_eq!(rings.oldest(), Some(UnixMillis(300_000)));
    }

    #[test]
    fn names_of_parts_that_are_invented_without_end_take_no_more_than_their_share() {
        let mut rings = Rings::default();
        for tick in 0..20u64 {
            let part = |n: u64| wxa_model::PartSample {
                vm: Some(vm(1)),
                part: Part::Nic(format!("eth{n}")),
                values: vec![(Metric::NetRx, 1.0)],
            };
            let names = tick * 100..(tick + 1) * 100;
            let batch = SampleBatch {
                at: UnixMillis(tick * 1000),
                parts: names.map(part).collect(),
                ..SampleBatch::default()
            };
            rings.push(&batch, Width::default());
        }
        assert_eq!(rings.width().parts, MOST_OF_PARTS);
        assert_eq!(rings.parts_of(Some(vm(1))).len(), MOST_OF_PARTS);
    }

    #[test]
    fn a_measurement_stands_for_the_time_since_the_one_before_but_not_for_a_gap() {
        let mut rings = Rings::default();
        for at in [5_000, 10_100, 15_000, 60_000] {
            rings.push(&batch(at, 1), Width::default());
        }
        let spans: Vec<_> = rings
            .of_vm(vm(0))
            .iter()
            .map(|span| (span.from, span.to))
            .collect();
        assert_eq!(
            spans.get(1..),
            Some(&[(5_000, 10_100), (10_100, 15_000), (54_900, 60_000)][..])
        );
    }
}
