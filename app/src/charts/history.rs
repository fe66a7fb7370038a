//! What was read of one object: its columns by metric, on one grid of steps; live measurements are added at the end.
use super::column::{Column, Point};
use std::collections::BTreeMap;
use wxa_model::{Metric, Part};
use wxa_wire::{MetricSeries, MetricsView};

/// Columns of one object.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Begin of the first step, in milliseconds since 1970.
    pub from: u64,
    /// Length of a step in milliseconds; never 0.
    pub step: u64,
    /// How many steps.
    pub count: usize,
    columns: BTreeMap<Metric, Column>,
    /// How many measurements are in the last step, as far as they came live.
    in_last: u32,
}

impl From<MetricsView> for History {
    fn from(view: MetricsView) -> Self {
        let mut history = Self {
            from: view.from.0,
            step: view.step.max(1),
            count: view.count as usize,
            ..Self::default()
        };
        let whole = view.series.into_iter().filter(|series| series.part.is_none());
        whole.for_each(|series| history.add(series));
        history
    }
}

impl History {
    /// Those of the parts, each with its own columns, all on one grid.
    pub fn of_parts(view: MetricsView) -> BTreeMap<Part, Self> {
        let grid = Self {
            from: view.from.0,
            step: view.step.max(1),
            count: view.count as usize,
            ..Self::default()
        };
        let mut parts = BTreeMap::new();
        for mut series in view.series {
            if let Some(part) = series.part.take() {
                parts.entry(part).or_insert_with(|| grid.clone()).add(series);
            }
        }
        parts
    }

    fn add(&mut self, series: MetricSeries) {
        let column = Column::new(series.min, series.avg, series.max);
        self.columns.insert(series.metric, column);
    }

    /// The mean of a metric over all that is known; none where nothing is.
    pub fn mean(&self, metric: Metric) -> Option<f32> {
        let column = self.columns.get(&metric)?;
        column.over(0, self.count).map(|point| point.avg)
    }

    /// Of a window of which nothing is known yet.
    pub fn empty(from: u64, to: u64, step: u64) -> Self {
        let step = step.max(1);
        let from = from / step * step;
        Self {
            from,
            step,
            count: (to.saturating_sub(from) / step) as usize,
            ..Self::default()
        }
    }

    /// The column of a metric.
    #[cfg(test)]
    pub fn column(&self, metric: Metric) -> Option<&Column> {
        self.columns.get(&metric)
    }

    /// Whether least and largest differ from the mean anywhere.
    pub fn has_band(&self) -> bool {
        self.columns.values().any(Column::has_band)
    }

    /// Takes in what was measured at `at`, and lets go of what ended before `begin`. What comes late is left to the next
    /// reading.
    pub fn push(&mut self, at: u64, values: &BTreeMap<Metric, f32>, begin: u64) {
        let place = at / self.step * self.step;
        if place < self.from {
            return;
        }
        let i = ((place - self.from) / self.step) as usize;
        // A page that slept has more to add than it will ever show.
        if i + 1 < self.count || i > self.count + 100_000 {
            return;
        }
        if i >= self.count {
            let more = i + 1 - self.count;
            self.count += more;
            self.in_last = 0;
            for column in self.columns.values_mut() {
                column.grow(more);
            }
        }
        let before = self.in_last;
        for (metric, value) in values {
            let count = self.count;
            let column = self
                .columns
                .entry(*metric)
                .or_insert_with(|| Column::unknown(count));
            let point = match column.at(i) {
                Some(old) => Point {
                    min: old.min.min(*value),
                    avg: old.avg + (value - old.avg) / (before + 1).max(2) as f32,
                    max: old.max.max(*value),
                },
                None => Point {
                    min: *value,
                    avg: *value,
                    max: *value,
                },
            };
            column.put(i, point);
        }
        self.in_last = before + 1;
        let gone = (begin.saturating_sub(self.from) / self.step) as usize;
        let gone = gone.min(self.count.saturating_sub(1));
        for column in self.columns.values_mut() {
            column.drop_first(gone);
        }
        self.from += gone as u64 * self.step;
        self.count -= gone;
    }

    /// Its column of `metric`, `shift` milliseconds later, on the grid of another history.
    pub fn onto(&self, metric: Metric, shift: u64, grid: &Self) -> Option<Column> {
        let column = self.columns.get(&metric)?;
        let from = self.from + shift;
        if (from, self.step, self.count) == (grid.from, grid.step, grid.count) {
            return Some(column.clone());
        }
        let mut moved = Column::unknown(grid.count);
        for i in 0..grid.count {
            let begin = grid.from + i as u64 * grid.step;
            let end = begin + grid.step;
            if end <= from {
                continue;
            }
            let first = (begin.saturating_sub(from) / self.step) as usize;
            // At least the step that the moment is in, where steps here are longer.
            let last = ((end - from).div_ceil(self.step) as usize).max(first + 1);
            if let Some(point) = column.over(first, last) {
                moved.put(i, point);
            }
        }
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::UnixMillis;

    fn history(from: u64, step: u64, avg: &[Option<f32>]) -> History {
        History::from(MetricsView {
            from: UnixMillis(from),
            step,
            count: avg.len() as u32,
            series: vec![MetricSeries {
                metric: Metric::Cpu,
                part: None,
                min: vec![],
                avg: avg.to_vec(),
                max: vec![],
            }],
            ..MetricsView::default()
        })
    }

    fn means(column: &Column) -> Vec<Option<f32>> {
        (0..column.avg.len())
            .map(|i| column.at(i).map(|point| point.avg))
            .collect()
    }

    fn cpu(value: f32) -> BTreeMap<Metric, f32> {
        BTreeMap::from([(Metric::Cpu, value)])
    }

    #[test]
    fn live_measurements_go_on_where_the_reading_ended_and_gaps_stay() {
        let mut history = history(100, 10, &[Some(1.0), Some(2.0)]);
        history.push(125, &cpu(4.0), 0);
        history.push(127, &cpu(6.0), 0);
        history.push(151, &cpu(8.0), 0);
        history.push(105, &cpu(99.0), 0);
        let column = history.column(Metric::Cpu).cloned().unwrap_or_default();
        assert_eq!(
            means(&column),
            [Some(1.0), Some(2.0), Some(5.0), None, None, Some(8.0)]
        );
        assert_eq!(column.at(2).map(|point| (point.min, point.max)), Some((4.0, 6.0)));
        history.push(152, &cpu(8.0), 121);
        assert_eq!((history.from, history.count), (120, 4));
    }

    #[test]
    fn what_was_not_measured_before_begins_where_it_begins() {
        let mut history = History::empty(1004, 1034, 10);
        assert_eq!((history.from, history.count), (1000, 3));
        history.push(1031, &cpu(1.0), 0);
        let column = history.column(Metric::Cpu).cloned().unwrap_or_default();
        assert_eq!(means(&column), [None, None, None, Some(1.0)]);
    }

    #[test]
    fn other_steps_are_brought_onto_the_same_grid() {
        let grid = history(100, 10, &[None; 4]);
        let fine = history(100, 5, &[Some(1.0), Some(3.0), None, Some(5.0)]);
        let moved = fine.onto(Metric::Cpu, 0, &grid).unwrap_or_default();
        assert_eq!(means(&moved), [Some(2.0), Some(5.0), None, None]);
        assert_eq!(moved.at(0).map(|point| (point.min, point.max)), Some((1.0, 3.0)));
        let coarse = history(100, 20, &[Some(7.0), Some(9.0)]);
        let moved = coarse.onto(Metric::Cpu, 0, &grid).unwrap_or_default();
        assert_eq!(means(&moved), [Some(7.0), Some(7.0), Some(9.0), Some(9.0)]);
    }

    #[test]
    fn yesterday_lies_under_today() {
        let today = history(1000, 10, &[None; 2]);
        let yesterday = history(900, 10, &[Some(1.0), Some(2.0)]);
        let moved = yesterday.onto(Metric::Cpu, 100, &today).unwrap_or_default();
        assert_eq!(means(&moved), [Some(1.0), Some(2.0)]);
        assert!(yesterday.onto(Metric::Load, 100, &today).is_none());
    }
}
