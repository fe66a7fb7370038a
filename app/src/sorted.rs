//! Putting in order with little code: the standard library's sort, and its maps made of many entries at once, are compiled for each
//! type and order, some 5 kB each time, and browsers download all of them (decision 0040).
//!
//! For lists of hosts, tasks or facets, and for all VMs when they come. What sorts ten thousand of them at each key (`list::order`) has a
//! sort of its own.
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// Sorts; what is equal stays as it stands.
pub fn sort_by<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = order(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken.get_mut(at)?.take()));
}

fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// A map of these.
pub fn map<K: Ord, V>(entries: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}

/// A set of these.
pub fn set<K: Ord>(entries: impl Iterator<Item = K>) -> BTreeSet<K> {
    let mut set = BTreeSet::new();
    for key in entries {
        set.insert(key);
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_stays_as_it_stands() {
        let mut items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        sort_by(&mut items, |a, b| a.0.cmp(&b.0));
        assert_eq!(items, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }
}
