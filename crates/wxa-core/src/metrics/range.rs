//! Points on a grid from what was measured: pure.
use super::rings::Span;
use std::collections::BTreeMap;
use wxa_model::{Metric, UnixMillis};
use wxa_store::{Stat, metrics::Slots};

/// Steps that people can read on an axis, in seconds.
const STEPS: [u64; 23] = [
    1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200,
    86_400, 172_800, 604_800,
];

/// Points at even distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Begin of the first point, a multiple of `step`.
    pub from: UnixMillis,
    /// Milliseconds from point to point.
    pub step: u64,
    /// How many points.
    pub count: u32,
}

impl Grid {
    /// The points from `from` to `to` with the shortest step of at least `least` ms that makes no more than `most` of them.
    pub fn new(from: u64, to: u64, least: u64, most: u32) -> Self {
        let most = u64::from(most.max(1));
        let count = |step: u64| to.max(from + 1).div_ceil(step) - from / step;
        let fits = |step: &u64| *step >= least && count(*step) <= most;
        let longest = 604_800_000;
        let step = STEPS.iter().map(|s| s * 1000).find(fits).unwrap_or_else(|| {
            let weeks = (1u64..)
                .find(|weeks| count(weeks * longest) <= most.max(2))
                .unwrap_or(1);
            weeks * longest
        });
        Self {
            from: UnixMillis(from / step * step),
            step,
            count: u32::try_from(count(step)).unwrap_or(u32::MAX),
        }
    }

    /// The end of the last point.
    pub fn to(&self) -> u64 {
        self.from.0 + u64::from(self.count) * self.step
    }

    fn place(&self, at: u64) -> Option<usize> {
        let place = usize::try_from(at.checked_sub(self.from.0)? / self.step).ok()?;
        (place < self.len()).then_some(place)
    }

    pub(super) fn len(&self) -> usize {
        self.count as usize
    }
}

/// A series by metric: a value or a gap for each point.
pub(super) type Points = BTreeMap<Metric, Vec<Option<Stat>>>;

/// What minutes or hours, `slot` ms each, say of each point. The grid's step is a multiple of `slot`.
pub(super) fn from_slots(grid: Grid, slot: u64, slots: &Slots) -> Points {
    let mut points = Points::new();
    for (metric, column) in slots {
        for (at, stat) in column {
            if let Some(place) = grid.place(at * slot) {
                put(&mut points, grid, *metric, place, *stat);
            }
        }
    }
    points
}

/// What measurements as they came say of each point. A measurement stands for its span: it counts in each point that it
/// covers for more than a tenth of a step or half of itself, by how long it covers it. So one that comes a little late leaves no hole.
pub(super) fn from_spans(grid: Grid, spans: &[Span]) -> Points {
    let mut sums: BTreeMap<Metric, Vec<Option<Weighed>>> = BTreeMap::new();
    for span in spans {
        let first = span.from.max(grid.from.0);
        let mut at = first - (first - grid.from.0) % grid.step;
        while at < span.to.min(grid.to()) {
            let shared = span.to.min(at + grid.step).saturating_sub(span.from.max(at));
            let counts = shared * 10 > grid.step || shared * 2 > span.to - span.from;
            if let Some(place) = grid.place(at).filter(|_| counts) {
                for (metric, value) in &span.values {
                    let column = sums.entry(*metric).or_insert_with(|| vec![None; grid.len()]);
                    if let Some(sum) = column.get_mut(place) {
                        *sum = Some(sum.map_or(Weighed::new(*value, shared), |sum| sum.and(*value, shared)));
                    }
                }
            }
            at += grid.step;
        }
    }
    let finished = |column: Vec<Option<Weighed>>| column.into_iter().map(|sum| Some(sum?.stat())).collect();
    sums.into_iter()
        .map(|(metric, column)| (metric, finished(column)))
        .collect()
}

#[derive(Clone, Copy, Debug)]
struct Weighed {
    min: f32,
    max: f32,
    sum: f64,
    weight: u64,
    count: u32,
}

impl Weighed {
    fn new(value: f32, weight: u64) -> Self {
        Self {
            min: value,
            max: value,
            sum: f64::from(value) * weight as f64,
            weight,
            count: 1,
        }
    }

    fn and(self, value: f32, weight: u64) -> Self {
        Self {
            min: self.min.min(value),
            max: self.max.max(value),
            sum: self.sum + f64::from(value) * weight as f64,
            weight: self.weight + weight,
            count: self.count + 1,
        }
    }

    fn stat(self) -> Stat {
        let avg = (self.sum / self.weight.max(1) as f64) as f32;
        Stat {
            min: self.min,
            avg: avg.clamp(self.min, self.max),
            max: self.max,
            count: self.count,
        }
    }
}

fn put(points: &mut Points, grid: Grid, metric: Metric, place: usize, stat: Stat) {
    let column = points.entry(metric).or_insert_with(|| vec![None; grid.len()]);
    if let Some(point) = column.get_mut(place) {
        *point = Some(point.map_or(stat, |known| known.and(stat)));
    }
}

/// The sum over several objects, as far as each is known at a point.
#[derive(Debug, Default)]
pub(super) struct Total {
    points: Points,
    known: Vec<u32>,
    members: u32,
}

impl Total {
    pub(super) fn new(grid: Grid) -> Self {
        Self {
            known: vec![0; grid.len()],
            ..Self::default()
        }
    }

    /// Adds an object. Smallest and largest become bounds: not everybody is smallest at the same moment.
    pub(super) fn add(&mut self, points: Points) {
        self.members += 1;
        for (place, known) in self.known.iter_mut().enumerate() {
            let is_known = points
                .values()
                .any(|column| column.get(place).is_some_and(Option::is_some));
            *known += u32::from(is_known);
        }
        for (metric, column) in points {
            // Times are no sums.
            if metric == Metric::DiskLatency {
                continue;
            }
            let sums = self
                .points
                .entry(metric)
                .or_insert_with(|| vec![None; column.len()]);
            for (sum, new) in sums.iter_mut().zip(column) {
                *sum = match (*sum, new) {
                    (Some(sum), Some(new)) => Some(Stat {
                        min: sum.min + new.min,
                        avg: sum.avg + new.avg,
                        max: sum.max + new.max,
                        count: sum.count.saturating_add(new.count),
                    }),
                    (sum, new) => sum.or(new),
                };
            }
        }
    }

    /// The sums, of how many objects, and how many of them are known at each point.
    pub(super) fn finish(self) -> (Points, u32, Vec<u32>) {
        (self.points, self.members, self.known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_step_is_the_shortest_that_keeps_to_the_points() {
        let grid = |from, to, least, most| {
            let grid = Grid::new(from, to, least, most);
            (grid.from.0, grid.step, grid.count)
        };
        assert_eq!(grid(10_500, 70_000, 1000, 600), (10_000, 1000, 60));
        assert_eq!(grid(0, 3_600_000, 1000, 600), (0, 10_000, 360));
        assert_eq!(grid(0, 3_600_000, 60_000, 600), (0, 60_000, 60));
        assert_eq!(grid(0, 365 * 86_400_000, 3_600_000, 600), (0, 86_400_000, 365));
        assert_eq!(grid(5, 5, 1000, 600), (0, 1000, 1));
        assert_eq!(grid(0, 70 * 604_800_000, 1000, 10), (0, 7 * 604_800_000, 10));
        assert!(grid(604_799_999, 604_800_001, 604_800_000, 1).2 <= 2);
    }

    #[test]
    fn measurements_that_come_a_little_early_or_late_leave_no_hole() {
        let grid = Grid::new(0, 30_000, 5000, 600);
        let ends = [0u64, 4_900, 10_050, 15_020, 19_990, 25_010, 30_000];
        let span = |pair: &[u64]| Span {
            from: *pair.first().unwrap(),
            to: *pair.last().unwrap(),
            values: vec![(Metric::Cpu, 1.0)],
        };
        let spans: Vec<_> = ends.windows(2).map(span).collect();
        let points = from_spans(grid, &spans);
        assert!(
            points[&Metric::Cpu]
                .iter()
                .all(|point| point.is_some_and(|stat| stat.avg == 1.0))
        );
        // What is missing is missing.
        let points = from_spans(grid, &spans[..2]);
        let known: Vec<_> = points[&Metric::Cpu].iter().map(Option::is_some).collect();
        assert_eq!(known, [true, true, false, false, false, false]);
    }

    #[test]
    fn a_sum_is_over_those_that_are_known_and_says_how_many_they_are() {
        let grid = Grid::new(0, 3000, 1000, 600);
        let mut total = Total::new(grid);
        total.add(Points::from([(
            Metric::Cpu,
            vec![Some(Stat::one(1.0)), None, Some(Stat::one(3.0))],
        )]));
        total.add(Points::from([(
            Metric::Cpu,
            vec![Some(Stat::one(2.0)), None, None],
        )]));
        let (points, members, known) = total.finish();
        let sums: Vec<_> = points[&Metric::Cpu]
            .iter()
            .map(|point| point.map(|stat| stat.avg))
            .collect();
        assert_eq!(
            (sums, members, known),
            (vec![Some(3.0), None, Some(3.0)], 2, vec![2, 0, 1])
        );
    }

    proptest! {
        #[test]
        fn resampling_keeps_extremes_and_the_weighed_mean(
            slots in proptest::collection::btree_map(0u64..1000, (0.0f32..100.0, 1u32..60), 1..200),
            most in 1u32..50,
        ) {
            let column: BTreeMap<u64, Stat> = slots
                .iter()
                .map(|(at, (value, count))| (*at, Stat { count: *count, ..Stat::one(*value) }))
                .collect();
            let grid = Grid::new(0, 1000 * 60_000, 60_000, most);
            let points = from_slots(grid, 60_000, &BTreeMap::from([(Metric::Cpu, column.clone())]));
            let points: Vec<Stat> = points[&Metric::Cpu].iter().flatten().copied().collect();
            let all = |f: fn(f32, f32) -> f32, of: fn(&Stat) -> f32| points.iter().map(of).reduce(f);
            prop_assert_eq!(all(f32::min, |s| s.min), column.values().map(|s| s.min).reduce(f32::min));
            prop_assert_eq!(all(f32::max, |s| s.max), column.values().map(|s| s.max).reduce(f32::max));
            let count: u32 = column.values().map(|s| s.count).sum();
            prop_assert_eq!(points.iter().map(|s| s.count).sum::<u32>(), count);
            let sum = |stats: &[Stat]| stats.iter().map(|s| f64::from(s.avg) * f64::from(s.count)).sum::<f64>();
            let (before, after) = (sum(&column.values().copied().collect::<Vec<_>>()), sum(&points));
            prop_assert!((before - after).abs() <= before * 1e-5 + 1e-6, "{before} {after}");
        }

        #[test]
        fn no_range_makes_too_many_points(from in 0u64..1 << 42, length in 0u64..1 << 42, least in 1u64..4_000_000, most in 2u32..4000) {
            let grid = Grid::new(from, from + length, least, most);
            prop_assert!(grid.count <= most);
            prop_assert!(grid.from.0 <= from && grid.to() >= from + length);
            prop_assert!(grid.from.0.is_multiple_of(grid.step));
        }
    }
}
