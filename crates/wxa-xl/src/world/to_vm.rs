//! From what the host says to [`Vm`].
use super::{Sighting, merge::Sources};
use crate::parse::{
    cfg_device::{DiskSpec, NicSpec},
    definition::Definition,
    name, printable,
    xl_list::XlDomain,
    xl_list_long::LongDomain,
};
use std::collections::HashSet;
use wxa_model::{Bytes, ConsoleKind, Disk, GuestType, Nic, PowerState, Vm, VmId, VmRole};

/// A definition with its path.
pub(super) type Entry<'a> = (&'a String, &'a Result<Definition, String>);

/// Whether a domain runs the host: Domain-0, the store's domain, and helpers that emulate devices for a guest.
pub(super) fn is_control(domain: &XlDomain, names: &HashSet<&str>) -> bool {
    domain.domid == 0
        || domain.name == "Xenstore"
        || domain
            .name
            .strip_suffix("-dm")
            .is_some_and(|served| names.contains(served))
}

/// A control domain.
pub(super) fn control(
    sources: Sources<'_>,
    id: VmId,
    domain: &XlDomain,
    long: Option<&LongDomain>,
) -> Sighting {
    let mut sighting = running(sources, id, domain, long, None);
    sighting.vm.role = VmRole::ControlDomain;
    sighting.vm.consoles.clear();
    sighting
}

/// A VM that runs.
pub(super) fn running(
    sources: Sources<'_>,
    id: VmId,
    domain: &XlDomain,
    long: Option<&LongDomain>,
    definition: Option<Entry<'_>>,
) -> Sighting {
    let defined = definition.and_then(|(_, definition)| definition.as_ref().ok());
    let guest_type = long
        .and_then(|long| long.guest_type)
        .or(defined.map(|definition| definition.guest_type));
    let serial = long.is_some_and(|long| long.serial) || defined.is_some_and(|definition| definition.serial);
    let screen = match (long, defined) {
        (Some(long), _) => long.screen,
        (None, defined) => defined.is_some_and(|definition| definition.screen),
    };
    let memory = Bytes::mib(domain.memory_mib);
    let memory_max = long.and_then(|long| long.max_memkb).map_or(memory, Bytes::kib);
    let vm = Vm {
        name: name::shown(&domain.name),
        power: domain.state.power(),
        guest_type,
        vcpus: domain.vcpus,
        memory,
        memory_max: memory_max.max(memory),
        xen_uuid: long.and_then(|long| long.uuid),
        native_id: Some(domain.domid.to_string()),
        started_at: sources.started.get(&domain.domid).copied().flatten(),
        disks: long.map(|long| disks(&long.disks, sources)).unwrap_or_default(),
        nics: long.map(|long| nics(&long.nics)).unwrap_or_default(),
        consoles: consoles(guest_type, serial, screen),
        ..empty(sources, id, definition)
    };
    Sighting {
        vm,
        name: domain.name.clone(),
        domid: Some(domain.domid),
    }
}

/// A VM that is only defined.
pub(super) fn halted(sources: Sources<'_>, id: VmId, definition: Entry<'_>) -> Sighting {
    let base = empty(sources, id, Some(definition));
    let vm = match definition.1 {
        Ok(defined) => Vm {
            name: name::shown(&defined.name),
            guest_type: Some(defined.guest_type),
            vcpus: defined.vcpus,
            memory: Bytes::mib(defined.memory_mib),
            memory_max: Bytes::mib(defined.max_memory_mib),
            xen_uuid: defined.uuid,
            disks: disks(&defined.disks, sources),
            nics: nics(&defined.nics),
            consoles: consoles(Some(defined.guest_type), defined.serial, defined.screen),
            ..base
        },
        Err(_) => base,
    };
    Sighting {
        name: match definition.1 {
            Ok(defined) => defined.name.clone(),
            Err(_) => vm.name.clone(),
        },
        vm,
        domid: None,
    }
}

/// What a definition's place alone tells.
fn empty(sources: Sources<'_>, id: VmId, definition: Option<Entry<'_>>) -> Vm {
    let path = definition.map(|(path, _)| path);
    let file = path.and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    Vm {
        id,
        host: sources.host,
        name: name::shown(file.strip_suffix(".cfg").unwrap_or(file)),
        role: VmRole::Guest,
        power: PowerState::Halted,
        guest_type: None,
        vcpus: 0,
        memory: Bytes(0),
        memory_max: Bytes(0),
        xen_uuid: None,
        native_id: None,
        config_path: path.cloned(),
        config_problem: definition.and_then(|(_, definition)| definition.as_ref().err().cloned()),
        autostart: path.is_some_and(|path| sources.autostart.contains(path)),
        started_at: None,
        disks: Vec::new(),
        nics: Vec::new(),
        consoles: Vec::new(),
        no_console: None,
        understood: None,
        pool_tags: Vec::new(),
        guest: None,
        refused: Vec::new(),
        tags: Vec::new(),
        notes: String::new(),
    }
}

fn consoles(guest_type: Option<GuestType>, serial: bool, screen: bool) -> Vec<ConsoleKind> {
    let mut offered = match guest_type {
        Some(GuestType::Hvm) if serial => vec![ConsoleKind::Serial, ConsoleKind::Pv],
        _ => vec![ConsoleKind::Pv],
    };
    if screen {
        offered.push(ConsoleKind::Graphical);
    }
    offered
}

fn disks(specs: &[DiskSpec], sources: Sources<'_>) -> Vec<Disk> {
    specs
        .iter()
        .map(|spec| Disk {
            device: printable(&spec.device),
            target: printable(&spec.target),
            format: printable(&spec.format),
            writable: spec.writable,
            size: sources.sizes.of(&spec.target),
        })
        .collect()
}

fn nics(specs: &[NicSpec]) -> Vec<Nic> {
    specs
        .iter()
        .map(|spec| Nic {
            mac: printable(&spec.mac),
            bridge: printable(&spec.bridge),
        })
        .collect()
}
