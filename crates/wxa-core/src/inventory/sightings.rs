//! One VM may be sighted through several connections of a site (a shared definition, a migration): which sighting counts.
use std::sync::Arc;
use wxa_model::{HostId, PowerState, Vm, VmRole, console::Understood};
use wxa_store::OwnRecord;

/// What is said of one VM through each connection, in the order of the connections. A pool is one connection: a VM that moves
/// within it stays one sighting. Nearly every VM has one, and nearly every sighting is published as it is: both are one in memory.
#[derive(Default)]
pub(super) struct Sightings(Vec<(HostId, Arc<Vm>)>);

impl Sightings {
    /// This is said through a connection now. What was said already stays the one that is published.
    pub fn put(&mut self, through: HostId, vm: Vm) {
        match self.0.binary_search_by_key(&through, |(through, _)| *through) {
            Ok(place) => {
                if let Some((_, known)) = self.0.get_mut(place).filter(|(_, known)| **known != vm) {
                    *known = Arc::new(vm);
                }
            }
            Err(place) => {
                self.0.reserve_exact(1);
                self.0.insert(place, (through, Arc::new(vm)));
            }
        }
    }

    /// Nothing is said through a connection any more. Tells whether something was.
    pub fn remove(&mut self, through: HostId) -> bool {
        let before = self.0.len();
        self.0.retain(|(known, _)| *known != through);
        self.0.len() < before
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (HostId, &Arc<Vm>)> {
        self.0.iter().map(|(through, vm)| (*through, vm))
    }
}

/// The sighting to show: where it is more than a definition, then where it was shown before, then the first one.
pub(super) fn choose(sightings: &Sightings, shown_through: Option<HostId>) -> Option<(HostId, &Arc<Vm>)> {
    sightings.iter().min_by_key(|(through, vm)| {
        (
            vm.power == PowerState::Halted,
            Some(*through) != shown_through,
            *through,
        )
    })
}

/// What is published of a sighting: what is said of it, on the host where it is, what people say about it, and what its console told
/// as far as that still holds.
pub(super) fn with_our_own(
    seen: &Arc<Vm>,
    host: HostId,
    own: Option<&OwnRecord>,
    understood: Option<&Understood>,
) -> Arc<Vm> {
    let understood = understood
        .copied()
        // A host's own console is its administrators': what it prints is told to nobody else.
        .filter(|understood| seen.role == VmRole::Guest && understood.holds(seen.power));
    if own.is_none() && understood.is_none() && seen.host == host {
        return seen.clone();
    }
    let mut vm = Vm {
        host,
        understood,
        ..Vm::clone(seen)
    };
    if let Some(own) = own {
        vm.tags.extend(own.tags.iter().cloned());
        vm.tags.sort();
        vm.tags.dedup();
        vm.notes.clone_from(&own.notes);
    }
    Arc::new(vm)
}
