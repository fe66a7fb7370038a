//! One VM may be sighted on several hosts of a site (a shared definition, a migration): which sighting counts.
use std::collections::BTreeMap;
use wxa_model::{HostId, PowerState, Vm};
use wxa_store::OwnRecord;

/// What each host says of one VM.
pub(super) type Sightings = BTreeMap<HostId, Vm>;

/// The sighting to show: where it is more than a definition, then where it was shown before, then the first host.
pub(super) fn choose(sightings: &Sightings, shown_on: Option<HostId>) -> Option<&Vm> {
    sightings
        .values()
        .min_by_key(|vm| (vm.power == PowerState::Halted, Some(vm.host) != shown_on, vm.host))
}

/// What is published of a sighting: what its host says, and what people say about it.
pub(super) fn with_our_own(vm: &Vm, own: Option<&OwnRecord>) -> Vm {
    let mut vm = vm.clone();
    if let Some(own) = own {
        vm.tags.extend(own.tags.iter().cloned());
        vm.tags.sort();
        vm.tags.dedup();
        vm.notes.clone_from(&own.notes);
    }
    vm
}
