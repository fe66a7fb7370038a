//! Pools and what is in them: the questions about hosts that have more than one answer.
use super::store::Live;
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Host, HostId, HostKind, Vm};

impl Live {
    /// A pool's members, by name; none for any other host. Tracks [`Live::hosts`].
    pub fn members(&self, pool: HostId) -> Vec<Arc<Host>> {
        self.hosts.with(|hosts| {
            let its = |host: &&Arc<Host>| host.kind == HostKind::Member { pool };
            hosts.iter().filter(its).cloned().collect()
        })
    }

    /// A host itself, and a pool's members after it. Tracks [`Live::hosts`].
    pub fn places(&self, id: HostId) -> Vec<HostId> {
        let members = self.members(id);
        std::iter::once(id)
            .chain(members.iter().map(|host| host.id))
            .collect()
    }

    /// The guests on a host; on a pool those on its members too. Tracks [`Live::hosts`] and [`Live::vms_version`].
    pub fn guests_on(&self, id: HostId) -> Vec<Arc<Vm>> {
        let places = self.places(id);
        let there = |vm: &&Arc<Vm>| places.contains(&vm.host);
        self.with_guests(|guests, _| guests.by_name().iter().filter(there).cloned().collect())
            .unwrap_or_default()
    }

    /// How many guests on a host run, and how many there are; on a pool those on its members too. Tracks [`Live::hosts`] and
    /// [`Live::vms_version`].
    pub fn count_on(&self, id: HostId) -> (usize, usize) {
        self.count_at(&self.places(id))
    }

    /// The pool that a host is, or is a member of. Tracks [`Live::hosts`].
    pub fn pool_of(&self, host: &Host) -> Option<Arc<Host>> {
        match host.kind {
            HostKind::Plain => None,
            HostKind::Pool => self.host(host.id),
            HostKind::Member { pool } => self.host(pool),
        }
    }

    /// What kind of host that is; a plain one where it is not known. Tracks [`Live::hosts`].
    pub fn kind(&self, id: HostId) -> HostKind {
        self.host(id).map(|host| host.kind).unwrap_or_default()
    }

    /// Machines that run VMs: plain hosts and members, but not pools, which are made of them. Tracks [`Live::hosts`].
    pub fn machines(&self) -> Vec<Arc<Host>> {
        self.hosts.with(|hosts| {
            let machine = |host: &&Arc<Host>| host.kind != HostKind::Pool;
            hosts.iter().filter(machine).cloned().collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{live::Live, sample::boot};
    use leptos::prelude::*;
    use uuid::Uuid;
    use wxa_model::HostId;

    #[test]
    fn what_is_on_a_pool_is_what_is_on_its_members_too() {
        Owner::new().with(|| {
            let boot = boot();
            let live = Live::new(boot.inventory, &boot.samples);
            let names = |n| -> Vec<String> {
                let guests = live.guests_on(HostId(Uuid::from_u128(n)));
                guests.iter().map(|vm| vm.name.clone()).collect()
            };
            assert_eq!(names(20), ["archive", "desk-07", "erp-01", "erp-db", "files-01"]);
            assert_eq!(names(22), ["files-01"]);
            assert_eq!(live.count_on(HostId(Uuid::from_u128(20))), (2, 5));
            assert_eq!(live.machines().len(), 6, "four plain hosts and two members");
        });
    }
}
