//! The latest measurements of a host and of all that is on it, as they came: about a quarter of an hour at a tick each
//! second, more than an hour at one in five; less where there is so much that memory would not do.
use super::columns::{Columns, Row};
use std::collections::{HashMap, VecDeque};
use wxa_model::{HostSample, Metric, Part, SampleBatch, UnixMillis, VmId, VmSample};

/// Ticks that are kept where there is room.
pub(super) const MOST_TICKS: usize = 900;
/// Ticks that are kept in any case: the last minute.
pub(super) const LEAST_TICKS: usize = 64;
/// Values of hosts and VMs that are kept in all: 24 MB.
const ROOM: usize = 6_000_000;
/// Values of parts that are kept in all: 6 MB.
const PARTS_ROOM: usize = 1_500_000;
/// Ticks of parts that are kept in any case.
const LEAST_PART_TICKS: usize = 12;
/// Parts of a host that are kept; a host with more has no history of the others.
const MOST_PARTS: usize = 4_000;
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
    fn of(total: Width) -> Self {
        Self {
            whole: (ROOM / total.whole.max(1)).clamp(LEAST_TICKS, MOST_TICKS),
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
    host: Columns,
    vms: HashMap<VmId, Columns>,
    parts: HashMap<(Option<VmId>, Part), Columns>,
    width: Width,
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
            keep: Keep::of(Width::default()),
            ticks: VecDeque::new(),
            next: 0,
            host: Columns::default(),
            vms: HashMap::new(),
            parts: HashMap::new(),
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
        self.host.push(tick, keep.whole, &row);
        for (vm, sample) in &batch.vms {
            vm_row(sample, &mut row);
            self.vms.entry(*vm).or_default().push(tick, keep.whole, &row);
        }
        for part in &batch.parts {
            let key = (part.vm, part.part.clone());
            let known = self.parts.len() < MOST_PARTS || self.parts.contains_key(&key);
            if known {
                let values: Vec<_> = part
                    .values
                    .iter()
                    .copied()
                    .filter(|(_, value)| value.is_finite())
                    .collect();
                self.parts.entry(key).or_default().push(tick, keep.parts, &values);
            }
        }
        let there = |columns: &Columns, keep: usize| self.next - columns.next() < keep as u64;
        self.vms.retain(|_, columns| there(columns, keep.whole));
        self.parts.retain(|_, columns| there(columns, keep.parts));
        self.width = Width {
            whole: self.host.width() + self.vms.values().map(Columns::width).sum::<usize>(),
            parts: self.parts.values().map(Columns::width).sum(),
        };
        self.fit(others);
    }

    /// Keeps as many ticks as memory allows.
    fn fit(&mut self, others: Width) {
        let keep = Keep::of(Width {
            whole: self.width.whole + others.whole,
            parts: self.width.parts + others.parts,
        });
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
                row.values().for_each(|(metric, value)| sample.set(metric, value));
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
        let mine = self.parts.iter().filter(|((of, _), _)| *of == vm);
        let mut parts: Vec<_> = mine
            .map(|((_, part), columns)| (part.clone(), self.spans(columns)))
            .collect();
        parts.sort_by(|(a, _), (b, _)| a.cmp(b));
        parts
    }

    fn at(&self, tick: u64) -> Option<UnixMillis> {
        let first = self.next - self.ticks.len() as u64;
        let index = usize::try_from(tick.checked_sub(first)?).ok()?;
        self.ticks.get(index).copied()
    }

    /// A measurement stands for the time since the one before, where that is not long ago.
    fn spans(&self, columns: &Columns) -> Vec<Span> {
        let pace = self.pace().unwrap_or(1000);
        let span = |(tick, row): (u64, Row<'_>)| {
            let to = self.at(tick)?.0;
            let before = tick.checked_sub(1).and_then(|before| self.at(before));
            let gap = before.map_or(0, |before| to.saturating_sub(before.0));
            let length = if gap == 0 || gap > 3 * pace { pace } else { gap };
            let values: Vec<_> = row.values().collect();
            (!values.is_empty()).then(|| Span {
                from: to.saturating_sub(length),
                to,
                values,
            })
        };
        columns.rows().filter_map(span).collect()
    }
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
