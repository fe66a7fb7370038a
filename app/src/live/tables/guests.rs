//! The guests in the order of their names, kept so: a list of ten thousand is filtered without being sorted. And how many
//! there are where.
use crate::sorted;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{HostId, PowerState, Vm, VmRole, order::natural};

/// How many guests are somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// All.
    pub all: usize,
    /// Those that run.
    pub running: usize,
    /// Those that crashed.
    pub crashed: usize,
}

impl Count {
    /// What one guest adds.
    pub fn of(vm: &Vm) -> Self {
        Self {
            all: 1,
            running: usize::from(vm.power == PowerState::Running),
            crashed: usize::from(vm.power == PowerState::Crashed),
        }
    }

    /// Adds what is elsewhere.
    pub fn add(&mut self, other: Self) {
        self.all += other.all;
        self.running += other.running;
        self.crashed += other.crashed;
    }
}

/// All guests.
#[derive(Debug, Default)]
pub struct Guests {
    by_name: Vec<Arc<Vm>>,
    counts: BTreeMap<HostId, Count>,
}

fn order(a: &Vm, b: &Vm) -> std::cmp::Ordering {
    natural(&a.name, &b.name).then_with(|| a.id.cmp(&b.id))
}

fn guest(vm: Option<&Arc<Vm>>) -> Option<&Arc<Vm>> {
    vm.filter(|vm| vm.role == VmRole::Guest)
}

impl Guests {
    /// Of all VMs.
    pub fn of<'a>(vms: impl Iterator<Item = &'a Arc<Vm>>) -> Self {
        let mut guests = Self {
            by_name: vms.filter(|vm| vm.role == VmRole::Guest).cloned().collect(),
            counts: BTreeMap::new(),
        };
        sorted::sort_by(&mut guests.by_name, |a, b| order(a, b));
        for vm in &guests.by_name {
            guests.counts.entry(vm.host).or_default().add(Count::of(vm));
        }
        guests
    }

    /// By name, as people count.
    pub fn by_name(&self) -> &[Arc<Vm>] {
        &self.by_name
    }

    /// The same, one by one.
    pub fn iter(&self) -> impl Iterator<Item = &Vm> {
        self.by_name.iter().map(AsRef::as_ref)
    }

    /// By the host on which they are.
    pub fn counts(&self) -> &BTreeMap<HostId, Count> {
        &self.counts
    }

    /// Says how many there are where, while not all of them are known.
    pub fn are_counted(&mut self, counts: BTreeMap<HostId, Count>) {
        self.counts = counts;
    }

    /// A VM came, changed or went.
    pub(super) fn change(&mut self, before: Option<&Arc<Vm>>, after: Option<&Arc<Vm>>) {
        let (before, after) = (guest(before), guest(after));
        if let Some(before) = before
            && let Some(count) = self.counts.get_mut(&before.host)
        {
            let was = Count::of(before);
            count.all = count.all.saturating_sub(was.all);
            count.running = count.running.saturating_sub(was.running);
            count.crashed = count.crashed.saturating_sub(was.crashed);
        }
        if let Some(after) = after {
            self.counts.entry(after.host).or_default().add(Count::of(after));
        }
        let place = |by_name: &[Arc<Vm>], vm: &Vm| by_name.binary_search_by(|other| order(other, vm));
        match (before, after) {
            (Some(before), Some(after)) if before.name == after.name => {
                if let Ok(at) = place(&self.by_name, before)
                    && let Some(slot) = self.by_name.get_mut(at)
                {
                    slot.clone_from(after);
                }
            }
            (before, after) => {
                if let Some(at) = before.and_then(|before| place(&self.by_name, before).ok()) {
                    self.by_name.remove(at);
                }
                if let Some(after) = after {
                    let at = place(&self.by_name, after).unwrap_or_else(|at| at);
                    self.by_name.insert(at, after.clone());
                }
            }
        }
    }
}
