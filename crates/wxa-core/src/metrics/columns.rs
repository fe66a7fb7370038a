//! The values of one object at the latest ticks of its host: rows of 32-bit floats, NaN for what is not known.
use std::collections::VecDeque;
use wxa_model::Metric;

/// As wide as there are metrics seen so far; nothing is kept for others.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    metrics: Vec<Metric>,
    /// Rows one after the other, the oldest first; the newest is of the tick before `next`.
    values: VecDeque<f32>,
    next: u64,
}

impl Columns {
    /// Values in a row.
    pub(super) fn width(&self) -> usize {
        self.metrics.len()
    }

    /// Bytes that are set aside for values.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<f32>()
    }

    /// Rows that there are.
    pub(super) fn len(&self) -> usize {
        self.values.len() / self.width().max(1)
    }

    /// The tick after the newest row.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Adds the row of `tick`, and rows of nothing for ticks that were passed over; keeps at most `keep` rows.
    pub(super) fn push(&mut self, tick: u64, keep: usize, row: &[(Metric, f32)]) {
        let new: Vec<Metric> = row
            .iter()
            .map(|(metric, _)| *metric)
            .filter(|metric| !self.metrics.contains(metric))
            .collect();
        if !new.is_empty() {
            self.widen(&new, keep);
        }
        let width = self.width();
        if width == 0 {
            self.next = tick + 1;
            return;
        }
        let passed = usize::try_from(tick.saturating_sub(self.next)).unwrap_or(usize::MAX);
        if self.values.is_empty() || passed >= keep {
            self.values.clear();
        } else {
            for _ in 0..passed * width {
                self.make_room(keep);
                self.values.push_back(f32::NAN);
            }
        }
        for metric in self.metrics.clone() {
            self.make_room(keep);
            let value = row
                .iter()
                .find(|(known, _)| *known == metric)
                .map(|(_, value)| *value);
            self.values.push_back(value.unwrap_or(f32::NAN));
        }
        self.next = tick + 1;
    }

    /// Keeps at most `keep` rows from now on.
    pub(super) fn resize(&mut self, keep: usize) {
        let most = keep * self.width();
        let mut values = VecDeque::with_capacity(most);
        values.extend(self.values.iter().skip(self.values.len().saturating_sub(most)));
        self.values = values;
    }

    /// The rows with their ticks, oldest first.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, Row<'_>)> {
        let width = self.width().max(1);
        let count = self.len();
        let first = self.next.saturating_sub(count as u64);
        (0..count).map(move |index| {
            let row = Row {
                columns: self,
                begin: index * width,
            };
            (first + index as u64, row)
        })
    }

    /// The value that is pushed next takes the oldest one's place, once all rows are there.
    fn make_room(&mut self, keep: usize) {
        if self.values.len() >= keep * self.width() {
            self.values.pop_front();
        }
    }

    fn widen(&mut self, new: &[Metric], keep: usize) {
        let (old, added) = (self.width(), new.len());
        let mut values = VecDeque::with_capacity(keep * (old + added));
        if old > 0 {
            for (index, value) in self.values.iter().enumerate() {
                values.push_back(*value);
                if index % old == old - 1 {
                    values.extend(std::iter::repeat_n(f32::NAN, added));
                }
            }
        }
        self.metrics.extend(new);
        self.values = values;
    }
}

/// What is known of a tick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    columns: &'a Columns,
    begin: usize,
}

impl Row<'_> {
    /// What is known.
    pub(super) fn values(self) -> impl Iterator<Item = (Metric, f32)> {
        let Self { columns, begin } = self;
        columns
            .metrics
            .iter()
            .enumerate()
            .filter_map(move |(place, metric)| {
                let value = columns.values.get(begin + place).copied()?;
                (!value.is_nan()).then_some((*metric, value))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Metric::{Cpu, NetRx};

    fn told(columns: &Columns) -> Vec<(u64, Vec<(Metric, f32)>)> {
        columns
            .rows()
            .map(|(tick, row)| (tick, row.values().collect()))
            .collect()
    }

    #[test]
    fn ticks_without_a_row_are_gaps_and_only_the_latest_rows_are_kept() {
        let mut columns = Columns::default();
        for tick in [3, 4, 6] {
            columns.push(tick, 4, &[(Cpu, tick as f32)]);
        }
        assert_eq!(
            told(&columns),
            [
                (3, vec![(Cpu, 3.0)]),
                (4, vec![(Cpu, 4.0)]),
                (5, vec![]),
                (6, vec![(Cpu, 6.0)])
            ]
        );
        columns.push(7, 4, &[(Cpu, 7.0)]);
        assert_eq!(told(&columns).first(), Some(&(4, vec![(Cpu, 4.0)])));
        columns.resize(2);
        assert_eq!(told(&columns), [(6, vec![(Cpu, 6.0)]), (7, vec![(Cpu, 7.0)])]);
        columns.push(100, 2, &[(Cpu, 1.0)]);
        assert_eq!(told(&columns), [(100, vec![(Cpu, 1.0)])]);
    }

    #[test]
    fn a_metric_that_is_seen_later_is_unknown_before() {
        let mut columns = Columns::default();
        columns.push(0, 8, &[]);
        columns.push(1, 8, &[(Cpu, 1.0)]);
        columns.push(2, 8, &[(Cpu, 2.0), (NetRx, 5.0)]);
        columns.push(3, 8, &[(NetRx, 6.0)]);
        assert_eq!(
            told(&columns),
            [
                (1, vec![(Cpu, 1.0)]),
                (2, vec![(Cpu, 2.0), (NetRx, 5.0)]),
                (3, vec![(NetRx, 6.0)])
            ]
        );
    }
}
