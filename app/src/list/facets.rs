//! What a list can be narrowed by, counted in one pass.
use super::Item;
use crate::sorted;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ptr};
use wxa_model::{console::GuestPhase, order::natural};

/// A term to narrow by, with how many it would leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// As it is typed.
    pub term: String,
    /// How many VMs have it.
    pub count: usize,
    /// Whether it names something wrong.
    pub bad: bool,
}

pub(super) const STATES: [&str; 7] = [
    "running",
    "crashed",
    "unknown",
    "paused",
    "suspended",
    "stopping",
    "halted",
];

/// States, kernels that gave up, pools, hosts and tags to narrow by.
pub fn facets(items: &[Item<'_>]) -> Vec<Facet> {
    let mut states = [0usize; STATES.len()];
    let mut panicked = 0usize;
    let mut places = BTreeMap::new();
    let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items {
        let state = STATES.iter().position(|state| *state == item.state);
        if let Some(count) = state.and_then(|state| states.get_mut(state)) {
            *count += 1;
        }
        panicked += usize::from(item.phase() == Some(GuestPhase::Panicked));
        let (_, count) = places
            .entry(ptr::from_ref(item.place))
            .or_insert((item.place, 0usize));
        *count += 1;
        for tag in &item.vm.tags {
            *tags.entry(tag).or_default() += 1;
        }
    }
    let mut facets: Vec<Facet> = STATES
        .into_iter()
        .zip(states)
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| Facet {
            bad: state == "crashed",
            ..facet("state", state, count)
        })
        .collect();
    if panicked > 0 {
        facets.push(Facet {
            bad: true,
            ..facet("phase", GuestPhase::Panicked.key(), panicked)
        });
    }
    let places = || places.values();
    facets.extend(of_places(
        "pool",
        places().map(|(place, count)| (place.pool.as_str(), *count)),
    ));
    facets.extend(of_places(
        "host",
        places().map(|(place, count)| (place.host.as_str(), *count)),
    ));
    facets.extend(of_tags(tags));
    facets
}

fn facet(key: &str, value: &str, count: usize) -> Facet {
    Facet {
        term: crate::filter::term(key, value),
        count,
        bad: false,
    }
}

/// Pools or hosts, as people count, where there is more than one to choose from; at most eight.
fn of_places<'a>(key: &str, places: impl Iterator<Item = (&'a str, usize)>) -> Vec<Facet> {
    const MOST: usize = 8;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, count) in places {
        *counts.entry(name).or_default() += count;
    }
    // Without a pool is a choice beside one pool, but has no term.
    if counts.len() < 2 {
        return Vec::new();
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().filter(|(name, _)| !name.is_empty()).collect();
    sorted::sort_by(&mut names, |a, b| natural(a.0, b.0));
    let named = names.into_iter().take(MOST);
    named.map(|(name, count)| facet(key, name, count)).collect()
}

/// The tags that several VMs have, the most frequent first; at most six.
fn of_tags(counts: BTreeMap<&str, usize>) -> Vec<Facet> {
    let mut tags: Vec<(&str, usize)> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    sorted::sort_by(&mut tags, |a, b| b.1.cmp(&a.1));
    let some = tags.into_iter().take(6);
    some.map(|(tag, count)| facet("tag", tag, count)).collect()
}
