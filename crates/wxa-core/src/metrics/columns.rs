//! The values of one object at the latest ticks of its host: rows of packed values, as wide as there is anything to tell.
use super::packed::{self, UNKNOWN};
use std::{
    collections::{HashSet, VecDeque},
    hash::Hash,
    sync::Arc,
};

/// Rows that there is room for at first.
const FIRST_ROWS: usize = 8;
/// What is new where there is no room for it is looked at every so many ticks: others may have gone.
const FULL_EVERY: u64 = 64;

/// Nothing is kept for what was not seen.
#[derive(Clone, Debug)]
pub(super) struct Columns<K> {
    /// What the columns are: the same list as that of all objects with the same.
    keys: Arc<[K]>,
    /// Rows one after the other, the oldest first; the newest is of the tick before `next`.
    values: VecDeque<u16>,
    next: u64,
}

/// The lists of columns that there are: most objects have the same ones.
#[derive(Debug)]
pub(super) struct Shapes<K>(HashSet<Arc<[K]>>);

impl<K> Default for Shapes<K> {
    fn default() -> Self {
        Self(HashSet::new())
    }
}

impl<K: Eq + Hash> Shapes<K> {
    fn one(&mut self, keys: Vec<K>) -> Arc<[K]> {
        if let Some(known) = self.0.get(keys.as_slice()) {
            return known.clone();
        }
        // Those that nobody has any more go when others come.
        self.0.retain(|known| Arc::strong_count(known) > 1);
        let keys: Arc<[K]> = keys.into();
        self.0.insert(keys.clone());
        keys
    }
}

impl<K> Default for Columns<K> {
    fn default() -> Self {
        Self {
            keys: Arc::from([]),
            values: VecDeque::new(),
            next: 0,
        }
    }
}

impl<K: Clone + Eq + Hash> Columns<K> {
    /// Values in a row.
    pub(super) fn width(&self) -> usize {
        self.keys.len()
    }

    /// Bytes that are set aside for values.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<u16>()
    }

    /// Rows that there are.
    pub(super) fn len(&self) -> usize {
        self.values.len() / self.width().max(1)
    }

    /// The tick after the newest row.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Adds the row of `tick`, and rows of nothing for ticks that were passed over; keeps at most `keep` rows and `most` columns.
    pub(super) fn push<R>(&mut self, tick: u64, keep: Keep, row: &[(R, f32)], shapes: &mut Shapes<K>)
    where
        K: PartialEq<R> + From<R>,
        R: Copy,
    {
        let Keep { rows, columns } = keep;
        if self.width() < columns || tick.is_multiple_of(FULL_EVERY) {
            let is_new = |(key, _): &&(R, f32)| !self.keys.iter().any(|known| known == key);
            let new: Vec<K> = row.iter().filter(is_new).map(|(key, _)| K::from(*key)).collect();
            if !new.is_empty() {
                self.widen(new, columns, shapes);
            }
        }
        let width = self.width();
        if width == 0 {
            self.next = tick + 1;
            return;
        }
        let passed = usize::try_from(tick.saturating_sub(self.next)).unwrap_or(usize::MAX);
        if self.values.is_empty() || passed >= rows {
            self.values.clear();
        } else {
            for _ in 0..passed * width {
                self.put(UNKNOWN, rows);
            }
        }
        for (place, key) in self.keys.clone().iter().enumerate() {
            // Rows mostly come in the same order.
            let here = row.get(place).filter(|(known, _)| key == known);
            let found = here.or_else(|| row.iter().find(|(known, _)| key == known));
            self.put(found.map_or(UNKNOWN, |(_, value)| packed::pack(*value)), rows);
        }
        self.next = tick + 1;
    }

    /// Keeps at most `keep` rows from now on.
    pub(super) fn resize(&mut self, keep: usize) {
        let most = keep * self.width();
        let mut values = VecDeque::with_capacity(most.min(self.values.len()));
        values.extend(self.values.iter().skip(self.values.len().saturating_sub(most)));
        self.values = values;
    }

    /// The rows with their ticks, oldest first.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, Row<'_, K>)> {
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

    /// The value takes the oldest one's place, once all rows are there; until then the room for them grows by halves.
    fn put(&mut self, value: u16, keep: usize) {
        let (length, most) = (self.values.len(), keep * self.width());
        if length >= most {
            self.values.pop_front();
        } else if length == self.values.capacity() {
            let more = (length / 2).max(FIRST_ROWS * self.width());
            self.values.reserve_exact(more.min(most - length));
        }
        self.values.push_back(value);
    }

    /// Adds columns, and lets go of those in which nothing is known any more.
    fn widen(&mut self, new: Vec<K>, most: usize, shapes: &mut Shapes<K>) {
        let old = self.width();
        let known = |place: usize| {
            let column = self.values.iter().skip(place).step_by(old.max(1));
            column.into_iter().any(|value| *value != UNKNOWN)
        };
        let kept: Vec<usize> = (0..old).filter(|place| known(*place)).collect();
        let mut keys: Vec<K> = kept
            .iter()
            .filter_map(|place| self.keys.get(*place).cloned())
            .collect();
        keys.extend(new);
        keys.truncate(most.max(kept.len()));
        if kept.len() == old && keys.len() == old {
            return;
        }
        let added = keys.len() - kept.len();
        let mut values = VecDeque::with_capacity(self.len() * keys.len());
        for row in 0..self.len() {
            let old_value = |place: &usize| self.values.get(row * old + place).copied().unwrap_or(UNKNOWN);
            values.extend(kept.iter().map(old_value));
            values.extend(std::iter::repeat_n(UNKNOWN, added));
        }
        self.keys = shapes.one(keys);
        self.values = values;
    }
}

/// How much is kept of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keep {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// What is known of a tick.
#[derive(Debug)]
pub(super) struct Row<'a, K> {
    columns: &'a Columns<K>,
    begin: usize,
}

impl<'a, K> Row<'a, K> {
    /// What is known.
    pub(super) fn values(self) -> impl Iterator<Item = (&'a K, f32)> {
        let Self { columns, begin } = self;
        let keys = columns.keys.iter().enumerate();
        keys.filter_map(move |(place, key)| {
            let value = columns.values.get(begin + place).copied()?;
            (value != UNKNOWN).then(|| (key, packed::unpack(value)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::Metric::{self, Cpu, NetRx, NetTx};

    const ALL: usize = usize::MAX;

    fn told(columns: &Columns<Metric>) -> Vec<(u64, Vec<(Metric, f32)>)> {
        columns
            .rows()
            .map(|(tick, row)| {
                (
                    tick,
                    row.values().map(|(metric, value)| (*metric, value)).collect(),
                )
            })
            .collect()
    }

    fn push(columns: &mut Columns<Metric>, tick: u64, rows: usize, row: &[(Metric, f32)]) {
        columns.push(tick, Keep { rows, columns: ALL }, row, &mut Shapes::default());
    }

    #[test]
    fn ticks_without_a_row_are_gaps_and_only_the_latest_rows_are_kept() {
        let mut columns = Columns::default();
        for tick in [3, 4, 6] {
            push(&mut columns, tick, 4, &[(Cpu, tick as f32)]);
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
        push(&mut columns, 7, 4, &[(Cpu, 7.0)]);
        assert_eq!(told(&columns).first(), Some(&(4, vec![(Cpu, 4.0)])));
        columns.resize(2);
        assert_eq!(told(&columns), [(6, vec![(Cpu, 6.0)]), (7, vec![(Cpu, 7.0)])]);
        push(&mut columns, 100, 2, &[(Cpu, 1.0)]);
        assert_eq!(told(&columns), [(100, vec![(Cpu, 1.0)])]);
    }

    #[test]
    fn a_metric_that_is_seen_later_is_unknown_before_and_one_that_is_seen_no_more_goes() {
        let mut columns = Columns::default();
        push(&mut columns, 0, 8, &[]);
        push(&mut columns, 1, 8, &[(Cpu, 1.0)]);
        push(&mut columns, 2, 8, &[(Cpu, 2.0), (NetRx, 5.0)]);
        push(&mut columns, 3, 8, &[(NetRx, 6.0)]);
        assert_eq!(
            told(&columns),
            [
                (1, vec![(Cpu, 1.0)]),
                (2, vec![(Cpu, 2.0), (NetRx, 5.0)]),
                (3, vec![(NetRx, 6.0)])
            ]
        );
        for tick in 4..11 {
            push(&mut columns, tick, 8, &[(NetRx, 7.0)]);
        }
        push(&mut columns, 11, 8, &[(NetRx, 7.0), (NetTx, 8.0)]);
        assert_eq!(columns.width(), 2);
        assert_eq!(
            told(&columns).last(),
            Some(&(11, vec![(NetRx, 7.0), (NetTx, 8.0)]))
        );
    }

    #[test]
    fn objects_with_the_same_columns_share_their_list_and_none_has_more_than_it_may() {
        let mut shapes = Shapes::default();
        let keep = Keep { rows: 8, columns: 2 };
        let mut all: Vec<Columns<Metric>> = vec![Columns::default(); 3];
        for columns in &mut all {
            let row = [(Cpu, 1.0), (NetRx, 2.0), (NetTx, 3.0)];
            columns.push(0, keep, &row, &mut shapes);
        }
        assert!(all.iter().all(|columns| Arc::ptr_eq(&columns.keys, &all[0].keys)));
        assert_eq!(told(&all[0]), [(0, vec![(Cpu, 1.0), (NetRx, 2.0)])]);
    }

    #[test]
    fn what_there_is_no_room_for_costs_nothing_and_has_room_once_others_are_gone() {
        let mut shapes = Shapes::default();
        let keep = Keep { rows: 8, columns: 2 };
        let mut columns = Columns::default();
        let mut places = HashSet::new();
        for tick in 0..FULL_EVERY + 20 {
            let row = [(Cpu, 1.0), (NetRx, 2.0), (NetTx, 3.0)];
            columns.push(tick, keep, &row, &mut shapes);
            if tick >= 8 {
                // The second part begins where the buffer does.
                places.insert(columns.values.as_slices().1.as_ptr());
            }
        }
        assert_eq!(columns.len(), 8);
        assert_eq!(places.len(), 1, "the rows stay where they are");
        for tick in FULL_EVERY + 20..=2 * FULL_EVERY {
            columns.push(tick, keep, &[(Cpu, 1.0), (NetTx, 3.0)], &mut shapes);
        }
        let newest = (2 * FULL_EVERY, vec![(Cpu, 1.0), (NetTx, 3.0)]);
        assert_eq!(told(&columns).last(), Some(&newest));
    }
}
