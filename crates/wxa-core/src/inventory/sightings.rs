//! One VM may be sighted through several connections of a site (a shared definition, a migration): which sighting counts.
use std::collections::BTreeMap;
use wxa_model::{HostId, PowerState, Vm};
use wxa_store::OwnRecord;

/// What is said of one VM through each connection. A pool is one connection: a VM that moves within it stays one sighting.
pub(super) type Sightings = BTreeMap<HostId, Vm>;

/// The sighting to show: where it is more than a definition, then where it was shown before, then the first one.
pub(super) fn choose(sightings: &Sightings, shown_through: Option<HostId>) -> Option<(HostId, &Vm)> {
    sightings
        .iter()
        .map(|(through, vm)| (*through, vm))
        .min_by_key(|(through, vm)| {
            (
                vm.power == PowerState::Halted,
                Some(*through) != shown_through,
                *through,
            )
        })
}

/// What is published of a sighting: what is said of it, on the host where it is, and what people say about it.
pub(super) fn with_our_own(vm: &Vm, host: HostId, own: Option<&OwnRecord>) -> Vm {
    let mut vm = Vm { host, ..vm.clone() };
    if let Some(own) = own {
        vm.tags.extend(own.tags.iter().cloned());
        vm.tags.sort();
        vm.tags.dedup();
        vm.notes.clone_from(&own.notes);
    }
    vm
}
