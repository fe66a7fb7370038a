//! On which host of a pool a VM can run: xapi's checks in xapi's order, and its choice.

use super::failure::Failure;
use super::value::Ref;
use super::world::World;

/// Whether a VM can run on a host. Where it runs already it needs no more room.
///
/// # Errors
/// `HOST_NOT_LIVE`, `HOST_DISABLED`, `VM_REQUIRES_SR`, `VM_REQUIRES_NETWORK`, `HOST_NOT_ENOUGH_FREE_MEMORY`,
/// `HOST_NOT_ENOUGH_PCPUS`: the first that holds.
pub(super) fn can_run(world: &World, vm: Ref, host: Ref) -> Result<(), Failure> {
    if !world.db.has("host", host) {
        return Err(Failure::handle("host", &host.to_string()));
    }
    if world.offline.contains(&host) {
        return Err(Failure::bare("HOST_NOT_LIVE"));
    }
    if world.db.reference("VM", vm, "resident_on") == host {
        return Ok(());
    }
    if !world.db.get("host", host, "enabled").is_true() {
        return Err(Failure::new("HOST_DISABLED", [host.to_string()]));
    }
    reaches_disks(world, vm, host)?;
    networks(world, vm, host)?;
    memory(world, vm, host)?;
    processors(world, vm, host)
}

/// Every disk's repository has to be attached to the host, of a suspended VM that with its memory too.
///
/// # Errors
/// `VM_REQUIRES_SR`.
pub(super) fn reaches_disks(world: &World, vm: Ref, host: Ref) -> Result<(), Failure> {
    let db = &world.db;
    let disks = db
        .get("VM", vm, "VBDs")
        .refs()
        .map(|vbd| db.reference("VBD", vbd, "VDI"));
    let memory = db.reference("VM", vm, "suspend_VDI");
    for disk in disks.chain([memory]).filter(|disk| !disk.is_null()) {
        let sr = db.reference("VDI", disk, "SR");
        let attached = |pbd: Ref| {
            db.reference("PBD", pbd, "host") == host && db.get("PBD", pbd, "currently_attached").is_true()
        };
        if !sr.is_null() && !db.get("SR", sr, "PBDs").refs().any(attached) {
            let params = [vm.to_string(), sr.to_string()];
            return Err(Failure::new("VM_REQUIRES_SR", params));
        }
    }
    Ok(())
}

/// A network that leaves its hosts has to have an interface on this one. One that does not is made wherever it is needed.
fn networks(world: &World, vm: Ref, host: Ref) -> Result<(), Failure> {
    let db = &world.db;
    for vif in db.get("VM", vm, "VIFs").refs() {
        let network = db.reference("VIF", vif, "network");
        if network.is_null() {
            continue;
        }
        let mut interfaces = db.get("network", network, "PIFs").refs().peekable();
        let here = |pif: Ref| db.reference("PIF", pif, "host") == host;
        if interfaces.peek().is_some() && !interfaces.any(here) {
            let params = [vm.to_string(), network.to_string()];
            return Err(Failure::new("VM_REQUIRES_NETWORK", params));
        }
    }
    Ok(())
}

fn memory(world: &World, vm: Ref, host: Ref) -> Result<(), Failure> {
    let needed = world.db.get("VM", vm, "memory_static_max").int();
    let free = free_memory(world, host);
    match needed <= free {
        true => Ok(()),
        false => {
            let params = [needed.to_string(), free.to_string()];
            Err(Failure::new("HOST_NOT_ENOUGH_FREE_MEMORY", params))
        }
    }
}

fn processors(world: &World, vm: Ref, host: Ref) -> Result<(), Failure> {
    let needed = world.db.get("VM", vm, "VCPUs_max").int();
    let has = world.db.get("host", host, "cpu_info").entry("cpu_count");
    let has: i64 = has
        .and_then(|count| count.text().parse().ok())
        .unwrap_or(i64::MAX);
    match needed <= has {
        true => Ok(()),
        false => Err(Failure::new(
            "HOST_NOT_ENOUGH_PCPUS",
            [needed.to_string(), has.to_string()],
        )),
    }
}

/// What a host has left for VMs.
pub(super) fn free_memory(world: &World, host: Ref) -> i64 {
    let db = &world.db;
    let metrics = db.reference("host", host, "metrics");
    let total = db.get("host_metrics", metrics, "memory_total").int();
    let used: i64 = db
        .get("host", host, "resident_VMs")
        .refs()
        .map(|vm| db.get("VM", vm, "memory_dynamic_max").int())
        .sum();
    total - used
}

/// A host that can take a VM, that with the most memory left first.
///
/// # Errors
/// `NO_HOSTS_AVAILABLE`; where it is for want of memory, `HOST_NOT_ENOUGH_FREE_MEMORY` as xapi says it for a pool of one.
pub(super) fn choose(world: &World, vm: Ref) -> Result<Ref, Failure> {
    let affinity = world.db.reference("VM", vm, "affinity");
    let mut hosts: Vec<Ref> = world.db.all("host").collect();
    hosts.sort_by_key(|host| (*host != affinity, std::cmp::Reverse(free_memory(world, *host))));
    let mut why = Failure::bare("NO_HOSTS_AVAILABLE");
    for host in &hosts {
        match can_run(world, vm, *host) {
            Ok(()) => return Ok(*host),
            Err(failure) if hosts.len() == 1 => why = failure,
            Err(_) => {}
        }
    }
    Err(why)
}
