//! A close look at the host.
use super::bench::{Bench, Broken, check};
use wxa_model::{HostDetails, PoolDetails, host_details::LinkKind};

/// The host tells what every host can tell, it fits what the watch says, and what is not told has a reason.
///
/// # Errors
/// What is wrong.
pub async fn host_is_described(bench: &Bench) -> Result<HostDetails, Broken> {
    let details = bench.driver().details().await?;
    let view = bench.view();
    let facts = view.facts.clone().unwrap_or_default();
    let xen = details
        .xen
        .get()
        .ok_or_else(|| untold("the hypervisor", details.xen.why()))?;
    check(
        if xen.cpus == facts.cpus
            && xen.memory_total == facts.memory_total
            && xen.version == facts.xen_version
        {
            Ok(())
        } else {
            Err(format!(
                "the hypervisor is told as {xen:?}, the facts are {facts:?}"
            ))
        },
    )?;
    let machine = details
        .machine
        .get()
        .ok_or_else(|| untold("the machine", details.machine.why()))?;
    check(
        match (machine.memory, machine.load, machine.cpu_model.is_empty()) {
            (Some(memory), Some(_), false) if memory.0 > 0 && memory <= facts.memory_total => Ok(()),
            _ => Err(format!("the machine is told as {machine:?}")),
        },
    )?;
    let control = view
        .control_domain()
        .map(|vm| vm.name.clone())
        .unwrap_or_default();
    let vcpus = details
        .vcpus
        .get()
        .ok_or_else(|| untold("virtual CPUs", details.vcpus.why()))?;
    check(if vcpus.iter().any(|one| one.name == control && one.online > 0) {
        Ok(())
    } else {
        Err(format!("{control} has no virtual CPUs: {vcpus:?}"))
    })?;
    let pools = details
        .pools
        .get()
        .ok_or_else(|| untold("CPU pools", details.pools.why()))?;
    check(if pools.iter().map(|pool| pool.cpus).sum::<u32>() > 0 {
        Ok(())
    } else {
        Err(format!("no pool has a CPU: {pools:?}"))
    })?;
    let links = details
        .links
        .get()
        .ok_or_else(|| untold("network links", details.links.why()))?;
    check(if links.iter().any(|link| link.kind == LinkKind::Bridge) {
        Ok(())
    } else {
        Err(format!("there is no bridge: {links:?}"))
    })?;
    for vm in view.vms.values().filter(|vm| vm.native_id.is_some()) {
        let plugged = links
            .iter()
            .filter(|link| link.vm == Some(vm.id) && !link.master.is_empty())
            .count();
        check(if plugged >= vm.nics.len() {
            Ok(())
        } else {
            Err(format!(
                "{} has {} interfaces, {plugged} are plugged in",
                vm.name,
                vm.nics.len()
            ))
        })?;
    }
    let filesystems = details
        .filesystems
        .get()
        .ok_or_else(|| untold("file systems", details.filesystems.why()))?;
    check(if filesystems.iter().any(|one| one.mount == "/") {
        Ok(())
    } else {
        Err(format!("nothing is mounted at /: {filesystems:?}"))
    })?;
    let skew = details
        .skew
        .get()
        .ok_or_else(|| untold("the clock", details.skew.why()))?;
    check(if skew.within_ms < 10_000 {
        Ok(())
    } else {
        Err(format!("the clock was read within {} ms", skew.within_ms))
    })?;
    for why in [
        details.packages.why(),
        details.groups.why(),
        details.volumes.why(),
        details.complaints.why(),
    ] {
        check(match why {
            Some(why) if why.trim().is_empty() => Err("something is not told, and not why".to_owned()),
            _ => Ok(()),
        })?;
    }
    Ok(details)
}

/// What only a pool has is told and makes sense.
///
/// # Errors
/// What is wrong.
pub async fn pool_is_described(bench: &Bench) -> Result<PoolDetails, Broken> {
    let details = bench.driver().details().await?;
    let pool = details
        .pool
        .ok_or_else(|| Broken("what only a pool has is not told".to_owned()))?;
    let members: Vec<String> = bench
        .view()
        .members
        .into_values()
        .map(|member| member.name)
        .collect();
    let repositories = pool
        .repositories
        .get()
        .ok_or_else(|| untold("repositories", pool.repositories.why()))?;
    for one in repositories {
        let strangers = one.attached.iter().chain(&one.detached);
        check(match strangers.into_iter().find(|name| !members.contains(name)) {
            Some(name) => Err(format!("{} is attached to {name}, which is no member", one.name)),
            None if one.used > one.size && one.size.0 > 0 => {
                Err(format!("{} holds more than it can", one.name))
            }
            None => Ok(()),
        })?;
    }
    let networks = pool
        .networks
        .get()
        .ok_or_else(|| untold("networks", pool.networks.why()))?;
    check(if networks.iter().any(|one| one.management) {
        Ok(())
    } else {
        Err(format!("members are managed over no network: {networks:?}"))
    })?;
    pool.templates
        .get()
        .ok_or_else(|| untold("templates", pool.templates.why()))?;
    pool.snapshots
        .get()
        .ok_or_else(|| untold("snapshots", pool.snapshots.why()))?;
    Ok(pool)
}

fn untold(what: &str, why: Option<&str>) -> Broken {
    Broken(format!("{what} are not told: {}", why.unwrap_or_default()))
}
