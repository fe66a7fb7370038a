//! A list in groups: what they go by, and where their headings stand among the rows. Pure.
use super::{Item, facets::STATES};
use crate::{
    state,
    text::{T, t},
};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use wxa_model::{PowerState, VmId};

/// What a list is grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// No groups.
    #[default]
    Nothing,
    /// The shown state.
    State,
    /// The machine they are on.
    Host,
    /// The pool they are in.
    Pool,
    /// The site they are at.
    Site,
}

/// A group of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its heading.
    pub label: String,
    /// How many VMs are in it.
    pub count: usize,
    /// Which of the list's VMs is its first.
    pub at: usize,
}

/// A list in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arranged {
    /// The VMs, group after group.
    pub ids: Vec<VmId>,
    /// Their groups; none where they are not grouped.
    pub groups: Vec<Group>,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The heading of a group, with how many are in it.
    Group(String, usize),
    /// A VM.
    Vm(VmId),
}

impl GroupBy {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Nothing, Self::State, Self::Host, Self::Pool, Self::Site];

    /// In the address; empty for no groups.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::State => "state",
            Self::Host => "host",
            Self::Pool => "pool",
            Self::Site => "site",
        }
    }

    /// From the address.
    pub fn parse(slug: &str) -> Self {
        let named = Self::ALL.into_iter().find(|by| by.slug() == slug);
        named.unwrap_or_default()
    }

    /// As it is offered.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nothing => t(T::GroupByNothing),
            Self::State => t(T::GroupByState),
            Self::Host => t(T::GroupByHost),
            Self::Pool => t(T::GroupByPool),
            Self::Site => t(T::GroupBySite),
        }
    }

    /// Where the group of an item stands among the groups: equal for those of one group.
    pub(super) fn rank(self, item: &Item<'_>) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::State => STATES
                .iter()
                .position(|state| *state == item.state)
                .and_then(|at| u32::try_from(at).ok())
                .unwrap_or(u32::MAX),
            Self::Host => item.place.host_rank,
            Self::Pool => item.place.pool_rank,
            Self::Site => item.place.site_rank,
        }
    }

    /// The heading of the group of an item.
    pub(super) fn heading(self, item: &Item<'_>) -> String {
        let or = |name: &str, none: T| if name.is_empty() { t(none) } else { name }.to_owned();
        match self {
            Self::Nothing => String::new(),
            Self::State => state_word(item.state).to_owned(),
            Self::Host => or(&item.place.host, T::GroupNoHost),
            Self::Pool => or(&item.place.pool, T::GroupNoPool),
            Self::Site => or(&item.place.site, T::GroupNoSite),
        }
    }
}

fn state_word(key: &str) -> &'static str {
    const POWERS: [PowerState; 6] = [
        PowerState::Running,
        PowerState::Paused,
        PowerState::Suspended,
        PowerState::Halted,
        PowerState::Crashed,
        PowerState::Stopping,
    ];
    let power = POWERS.into_iter().find(|power| power.key() == key);
    power.map_or(t(T::StateUnknown), |power| state::power(power).3)
}

/// How many rows there are of so many VMs.
pub fn row_count(vms: usize, groups: &[Group]) -> usize {
    vms + groups.len()
}

/// The row on which VM number `at` of the list stands.
pub fn row_of(at: usize, groups: &[Group]) -> usize {
    at + groups.partition_point(|group| group.at <= at)
}

/// The rows of `range`, as far as their VMs are known.
pub fn rows(range: Range<usize>, ids: &[VmId], groups: &[Group]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(range.len());
    // Heading number `n` stands on row `at + n`: those on rows before the range are passed at once.
    let mut passed = {
        let headings: Vec<usize> = groups.iter().enumerate().map(|(n, group)| group.at + n).collect();
        headings.partition_point(|row| *row < range.start)
    };
    for row in range {
        match groups.get(passed) {
            Some(group) if group.at + passed == row => {
                rows.push(Row::Group(group.label.clone(), group.count));
                passed += 1;
            }
            _ => rows.extend(ids.get(row - passed).map(|id| Row::Vm(*id))),
        }
    }
    rows
}
