//! Filtering, and putting in order by numbers: each VM gets one for the column, and those that are equal stay by name.
use super::{Arranged, Column, Group, GroupBy, Item, Sort};
use crate::{filter::Filter, format, live::rings::Rings};
use wxa_model::{VmId, VmSample};
use wxa_wire::Measure;

/// The VMs of `items`, which come by name, that pass the filter (all, where it was not understood), in order: in groups where
/// they are grouped, and in the order of the column within.
pub fn shown(
    items: &[Item<'_>],
    filter: Option<&Filter>,
    sort: Sort,
    by: GroupBy,
    rings: &Rings,
) -> Arranged {
    if by == GroupBy::Nothing {
        let ids = in_order(items, filter, sort, rings);
        return Arranged {
            ids,
            groups: Vec::new(),
        };
    }
    let passing = items
        .iter()
        .filter(|item| filter.is_none_or(|filter| item.passes(filter)));
    let mut keyed: Vec<(u64, u64, &Item<'_>)> = passing
        .map(|item| {
            let key = key(item, sort.column, rings);
            (by.rank(item).into(), if sort.down { !key } else { key }, item)
        })
        .collect();
    if sort.column == Column::Name && sort.down {
        keyed.reverse();
    }
    // Stable: what is equal stays by name.
    keyed.sort_by_key(|(group, key, _)| (*group, *key));
    let mut groups: Vec<Group> = Vec::new();
    let mut last = None;
    for (at, (rank, _, item)) in keyed.iter().enumerate() {
        if last.replace(*rank) != Some(*rank) {
            groups.push(Group {
                label: by.heading(item),
                count: 0,
                at,
            });
        }
        if let Some(group) = groups.last_mut() {
            group.count += 1;
        }
    }
    Arranged {
        ids: keyed.into_iter().map(|(_, _, item)| item.vm.id).collect(),
        groups,
    }
}

fn in_order(items: &[Item<'_>], filter: Option<&Filter>, sort: Sort, rings: &Rings) -> Vec<VmId> {
    let passing = items
        .iter()
        .filter(|item| filter.is_none_or(|filter| item.passes(filter)));
    if sort.column == Column::Name {
        let mut ids: Vec<VmId> = passing.map(|item| item.vm.id).collect();
        if sort.down {
            ids.reverse();
        }
        return ids;
    }
    let mut keyed: Vec<(u64, VmId)> = passing
        .map(|item| (key(item, sort.column, rings), item.vm.id))
        .collect();
    // Stable: what is equal stays by name.
    keyed.sort_by_key(|(key, _)| if sort.down { !*key } else { *key });
    keyed.into_iter().map(|(_, id)| id).collect()
}

fn key(item: &Item<'_>, column: Column, rings: &Rings) -> u64 {
    let sample = || rings.vm(item.vm.id).unwrap_or_default();
    let rank = |measure| rings.rank(measure, item.vm.id);
    match column {
        Column::Name => 0,
        Column::State => letters(item.state),
        Column::Host => item.place.host_rank.into(),
        Column::Pool => u64::from(item.place.pool_rank) << 32 | u64::from(item.place.host_rank),
        Column::Cpu => {
            let used = rank(Measure::Cpu).or_else(|| sample().cpu);
            number(format::cpu_share(used, item.vm.vcpus))
        }
        Column::Memory => item.vm.memory.0,
        Column::Disk => number(rank(Measure::Disk).or_else(|| disk(&sample()))),
        Column::Net => number(rank(Measure::Net).or_else(|| net(&sample()))),
        // Started earlier is up for longer.
        Column::Uptime => item.vm.started_at.map_or(0, |at| u64::MAX - at.0),
    }
}

fn disk(sample: &VmSample) -> Option<f32> {
    format::sum(sample.disk_read, sample.disk_write)
}

fn net(sample: &VmSample) -> Option<f32> {
    format::sum(sample.net_rx, sample.net_tx)
}

/// The first eight letters as a number: enough to tell states apart, in the order of the alphabet.
fn letters(word: &str) -> u64 {
    let letters = word.bytes().chain(std::iter::repeat(0)).take(8);
    letters.fold(0, |number, letter| number << 8 | u64::from(letter))
}

/// In the order of [`f32::total_cmp`]; what is not known comes before zero.
fn number(value: Option<f32>) -> u64 {
    let bits = value.unwrap_or(-1.0).to_bits();
    let sign = bits >> 31 == 1;
    u64::from(if sign { !bits } else { bits | 1 << 31 })
}
