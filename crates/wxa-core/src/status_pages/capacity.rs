//! How full hosts are, over those that a page's creator may see. Pure, over what is known anyway: no host is asked for it.
use crate::{Core, HostBatch, inventory::Published};
use std::{collections::HashMap, sync::Arc};
use wxa_model::{
    Grant, Host, HostDetails, HostId, HostKind, Permission, PowerState, UnixMillis, VmRole, grants::allows,
    status::view::CapacityView,
};

/// What was measured longer ago is not told: it would look like now.
const FRESH_MS: u64 = 60_000;
/// The same for storage, which is known when somebody looked at a host closely, and fills slowly.
const STORAGE_FRESH_MS: u64 = 24 * 60 * 60 * 1000;

impl Core {
    /// As far as holders of `grants` may see it.
    pub(super) fn status_capacity(&self, grants: &[Grant], now: UnixMillis) -> CapacityView {
        let published = self.live().inventory.now();
        let samples = self.live().samples.latest();
        let storage = |host: HostId| {
            let known = self.inner.details.known(host)?;
            (now.since(known.at) <= STORAGE_FRESH_MS).then(|| storage(&known.details))?
        };
        capacity(&published, grants, &samples, now, storage)
    }
}

/// `storage` tells a host's size and what of it is in use, in bytes.
fn capacity(
    published: &Published,
    grants: &[Grant],
    samples: &[Arc<HostBatch>],
    now: UnixMillis,
    storage: impl Fn(HostId) -> Option<Part>,
) -> CapacityView {
    let fresh: HashMap<HostId, f32> = samples
        .iter()
        .filter(|batch| now.since(batch.batch.at) <= FRESH_MS)
        .filter_map(|batch| Some((batch.host, batch.batch.host.cpu?)))
        .collect();
    // How many run on each host, and what memory they have.
    let mut running: HashMap<HostId, (u32, u64)> = HashMap::new();
    for vm in published.vms() {
        if vm.role == VmRole::Guest && vm.power == PowerState::Running {
            let (count, given) = running.entry(vm.host).or_default();
            *count = count.saturating_add(1);
            *given = given.saturating_add(vm.memory.0);
        }
    }
    let (mut cpu, mut memory, mut stored) = (Part::default(), Part::default(), Part::default());
    let (mut vms, mut machines, mut unheard) = (0u32, 0u32, 0u32);
    let seen = |host: &&Host| {
        let place = published.host(host.id).map(|(_, place)| place);
        place.is_some_and(|place| allows(grants, Permission::View, &place.target()))
    };
    for host in published.hosts().filter(seen) {
        if !is_heard(published, host) {
            // A pool is no machine: its members are, and they are not heard either.
            unheard = unheard.saturating_add(u32::from(host.kind != HostKind::Pool));
            continue;
        }
        if host.kind.pool().is_none()
            && let Some(part) = storage(host.id)
        {
            stored.add(part.used, part.all);
        }
        if host.kind == HostKind::Pool {
            continue;
        }
        machines = machines.saturating_add(1);
        let Some(facts) = &host.facts else { continue };
        if let Some(used) = fresh.get(&host.id) {
            cpu.add(f64::from(*used), f64::from(facts.cpus));
        }
        let (count, given) = running.get(&host.id).copied().unwrap_or_default();
        vms = vms.saturating_add(count);
        memory.add(given as f64, facts.memory_total.0 as f64);
    }
    CapacityView {
        cpu: cpu.share(),
        memory: memory.share(),
        storage: stored.share(),
        vms,
        machines,
        unheard,
    }
}

/// Whether what is known of a host is current.
fn is_heard(published: &Published, host: &Host) -> bool {
    let pool = host.kind.pool().and_then(|pool| published.host(pool));
    host.link.is_up() && pool.is_none_or(|(pool, _)| pool.link.is_up())
}

/// Something of which a part is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Part {
    used: f64,
    all: f64,
}

impl Part {
    fn add(&mut self, used: f64, all: f64) {
        if all > 0.0 && used >= 0.0 {
            self.used += used.min(all);
            self.all += all;
        }
    }

    /// From 0 to 1, in steps of a hundredth: more would say more than was chosen to be shown. 1 is full, and nothing less.
    fn share(self) -> Option<f64> {
        let rounded = (self.used / self.all * 100.0).round() / 100.0;
        (self.all > 0.0).then_some(if self.used < self.all {
            rounded.min(0.99)
        } else {
            1.0
        })
    }
}

/// The storage that disks of guests are on: a pool's repositories, a plain host's volume groups.
fn storage(details: &HostDetails) -> Option<Part> {
    let mut sum = Part::default();
    if let Some(pool) = &details.pool {
        for repository in pool.repositories.get()?.iter().filter(|one| !one.iso) {
            sum.add(repository.used.0 as f64, repository.size.0 as f64);
        }
    } else {
        for group in details.groups.get()? {
            sum.add(
                group.size.0.saturating_sub(group.free.0) as f64,
                group.size.0 as f64,
            );
        }
    }
    (sum.all > 0.0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_is_only_what_is_used_up() {
        let share = |used, all| Part { used, all }.share();
        assert_eq!(share(99.6, 100.0), Some(0.99));
        assert_eq!(share(100.0, 100.0), Some(1.0));
        assert_eq!(share(41.4, 100.0), Some(0.41));
        assert_eq!(share(0.0, 0.0), None);
    }
}
