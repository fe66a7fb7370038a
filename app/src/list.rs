//! The VM list: which VMs, in which order, and what can be narrowed by. Pure.
//!
//! Made for ten thousand VMs within a frame: nothing is copied for a VM that is looked at, what belongs to a host is found
//! out once for all that is on it, and the guests come sorted by name, so that no other order compares names.
mod facets;
mod group;
mod order;
pub mod places;

pub use facets::{Facet, facets};
pub use group::{Arranged, Group, GroupBy, Row, row_count, row_of, rows};
pub use order::shown;
pub use places::{Place, Places};

use crate::{
    filter::{Filter, Subject},
    text::{T, t},
};
use wxa_model::{HostId, Vm, console::GuestPhase};
use wxa_wire::Measure;

/// A VM with what is known around it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The VM.
    pub vm: &'a Vm,
    /// The key of its shown state.
    pub state: &'static str,
    /// Where it is.
    pub place: &'a Place,
}

/// The guests of a list, in the order in which they come; on `only` these hosts, where there are any.
pub fn items<'a>(
    guests: impl Iterator<Item = &'a Vm>,
    places: &'a Places,
    only: Option<&[HostId]>,
) -> Vec<Item<'a>> {
    let there = |vm: &&Vm| only.is_none_or(|only| only.contains(&vm.host));
    guests.filter(there).map(|vm| Item::new(vm, places)).collect()
}

impl<'a> Item<'a> {
    fn new(vm: &'a Vm, places: &'a Places) -> Self {
        let place = places.of(vm.host);
        let state = if place.stale { "unknown" } else { vm.power.key() };
        Self { vm, state, place }
    }

    /// Whether it passes.
    pub fn passes(&self, filter: &Filter) -> bool {
        filter.matches(&self.subject())
    }

    /// Whether it passes as a service's member.
    pub fn passes_for_service(&self, filter: &Filter) -> bool {
        filter.matches(&self.subject().of_service())
    }

    /// How far its guest has come; none while its host is not heard.
    fn phase(&self) -> Option<GuestPhase> {
        let told = self.vm.understood.filter(|_| !self.place.stale);
        told.map(|told| told.phase)
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            name: &self.vm.name,
            state: self.state,
            phase: self.phase(),
            host: &self.place.host,
            pool: &self.place.pool,
            site: &self.place.site,
            guest: self.vm.guest_type.map_or("", wxa_model::GuestType::key),
            memory: self.vm.memory.0,
            vcpus: self.vm.vcpus,
            addresses: self.vm.addresses(),
            tags: &self.vm.tags,
            pool_tags: &self.vm.pool_tags,
            host_tags: &self.place.tags,
            id: self.vm.id,
        }
    }
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// Name, as people count.
    #[default]
    Name,
    /// State's word.
    State,
    /// Host's name.
    Host,
    /// Pool's name.
    Pool,
    /// CPU use.
    Cpu,
    /// Memory.
    Memory,
    /// Disk rates together.
    Disk,
    /// Network rates together.
    Net,
    /// How long it runs.
    Uptime,
}

/// What to sort by, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Largest first.
    pub down: bool,
}

impl Column {
    /// All, in the order in which they stand.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::State,
        Self::Host,
        Self::Pool,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Net,
        Self::Uptime,
    ];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Host => "host",
            Self::Pool => "pool",
            Self::Cpu => "cpu",
            Self::Memory => "mem",
            Self::Disk => "disk",
            Self::Net => "net",
            Self::Uptime => "uptime",
        }
    }

    /// In the head of the table.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => t(T::ColName),
            Self::State => t(T::ColState),
            Self::Host => t(T::ColHost),
            Self::Pool => t(T::ColPool),
            Self::Cpu => t(T::ColCpu),
            Self::Memory => t(T::ColMemory),
            Self::Disk => t(T::ColDisk),
            Self::Net => t(T::ColNet),
            Self::Uptime => t(T::ColUptime),
        }
    }

    /// Whether it holds numbers, which stand at the right and begin with the largest.
    pub fn is_number(self) -> bool {
        !matches!(self, Self::Name | Self::State | Self::Host | Self::Pool)
    }

    /// What its order changes with, where that is a measurement.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Self::Cpu => Some(Measure::Cpu),
            Self::Disk => Some(Measure::Disk),
            Self::Net => Some(Measure::Net),
            _ => None,
        }
    }
}

impl Sort {
    /// From the address: `cpu`, or `-cpu` for the largest first.
    pub fn parse(text: &str) -> Self {
        let (down, slug) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        match Column::ALL.into_iter().find(|column| column.slug() == slug) {
            Some(column) => Self { column, down },
            None => Self::default(),
        }
    }

    /// For the address; empty for the default.
    pub fn text(self) -> String {
        if self == Self::default() {
            return String::new();
        }
        format!("{}{}", if self.down { "-" } else { "" }, self.column.slug())
    }

    /// What a click on the head of `column` does.
    pub fn toggled(self, column: Column) -> Self {
        if self.column == column {
            Self {
                column,
                down: !self.down,
            }
        } else {
            Self {
                column,
                down: column.is_number(),
            }
        }
    }
}

/// Which rows of a long list exist: those in sight and some around them.
pub fn window(count: usize, row_px: f64, scrolled_px: f64, height_px: f64) -> (usize, usize) {
    const FEW: usize = 60;
    const AROUND: usize = 8;
    if count <= FEW || row_px <= 0.0 {
        return (0, count);
    }
    // Steps of four keep the rows from being looked at anew with every pixel.
    let first = ((scrolled_px / row_px) as usize).saturating_sub(AROUND) / 4 * 4;
    let first = first.min(count / 4 * 4);
    let end = ((scrolled_px + height_px) / row_px).ceil() as usize + AROUND;
    (first, end.next_multiple_of(4).min(count))
}

#[cfg(test)]
mod tests;
