//! What is on a host, in our words: running domains and definitions become VMs that keep their ids.
mod identity;
mod merge;
mod runs;
mod to_vm;

pub(crate) use identity::Identities;
pub(crate) use merge::{Sources, merge};
pub use runs::Runs;

use crate::parse::{name::in_table, state::DomainState};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use wxa_model::{Arrival, PowerState, Vm, VmId};

/// A VM together with what only this driver needs to know of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sighting {
    /// As everybody sees it.
    pub(crate) vm: Vm,
    /// Its name on the host, byte for byte.
    pub(crate) name: String,
    /// Xen's number of its present run, also while the domain is still being put together.
    pub(crate) domid: Option<u32>,
}

/// All VMs of a host at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    vms: BTreeMap<VmId, Sighting>,
    /// By their names in tables; none where two look the same there.
    running: HashMap<String, Option<VmId>>,
    /// Names in tables of all domains that were listed, shown or not.
    listed: HashSet<String>,
    /// Runs that came from other hosts.
    arrivals: BTreeSet<Arrival>,
}

impl World {
    /// The VM of that id.
    pub(crate) fn get(&self, id: VmId) -> Option<&Sighting> {
        self.vms.get(&id)
    }

    /// All VMs.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Sighting> {
        self.vms.values()
    }

    /// The VM whose present run has that name in tables.
    pub(crate) fn running(&self, name: &str) -> Option<&Sighting> {
        self.vms.get(&(*self.running.get(name)?)?)
    }

    /// The runs that came from other hosts, in the order of their UUIDs.
    pub(crate) fn arrivals(&self) -> impl Iterator<Item = Arrival> {
        self.arrivals.iter().copied()
    }

    /// Names of all present runs, as tables show them.
    pub(crate) fn running_names(&self) -> impl Iterator<Item = &str> {
        self.running.keys().map(String::as_str)
    }

    /// Whether a domain of that name was listed, shown or not.
    pub(crate) fn was_listed(&self, name: &str) -> bool {
        self.listed.contains(name)
    }

    /// Takes over a newer state of a running VM, if it can be told without looking closer.
    pub(crate) fn apply(&mut self, name: &str, state: DomainState) -> Applied {
        let id = self.running.get(name).copied().flatten();
        let Some(sighting) = id.and_then(|id| self.vms.get_mut(&id)) else {
            return if self.was_listed(name) {
                Applied::Same
            } else {
                Applied::LookCloser
            };
        };
        let old = sighting.vm.power;
        use PowerState::{Halted, Paused, Running, Stopping, Suspended};
        match (old, state.power()) {
            (old, new) if old == new => Applied::Same,
            (Running | Paused, new @ (Running | Paused)) => {
                sighting.vm.power = new;
                Applied::Changed
            }
            // Still being put together: that looks like paused.
            (Halted, Paused) => Applied::Same,
            // xentop does not tell a suspended domain from one that has shut down.
            (Suspended, Stopping) => Applied::Same,
            _ => Applied::LookCloser,
        }
    }

    fn insert(&mut self, sighting: Sighting) {
        if sighting.domid.is_some() {
            self.running
                .entry(in_table(&sighting.name).to_owned())
                .and_modify(|id| *id = None)
                .or_insert(Some(sighting.vm.id));
        }
        self.vms.insert(sighting.vm.id, sighting);
    }
}

/// What came of a newer state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// Nothing new.
    Same,
    /// The VM is different now.
    Changed,
    /// The whole list must be looked at.
    LookCloser,
}

#[cfg(test)]
mod tests;
