//! What a pool says about itself: its members together.
use super::{World, to_member::number};
use crate::text;
use uuid::Uuid;
use wxa_driver::Member;
use wxa_model::{Bytes, HostFacts, host_details::Xen};

impl World {
    /// The pool's facts. What is the same on all members by rule, such as versions, is the coordinator's.
    pub(crate) fn facts(&self) -> HostFacts {
        let members: Vec<Member> = self.members().map(|(_, member)| member).collect();
        let coordinator = members.iter().find(|member| member.facts.coordinator);
        let pool = self.pool();
        let name = pool
            .map(|pool| text::printable(&pool.name_label))
            .filter(|name| !name.trim().is_empty());
        let sum = |of: fn(&HostFacts) -> Bytes| {
            let all = members.iter().map(|member| of(&member.facts).0);
            Bytes(all.fold(0, u64::saturating_add))
        };
        let one = coordinator.map(|member| member.facts.clone()).unwrap_or_default();
        HostFacts {
            hostname: name
                .or_else(|| coordinator.map(|member| member.name.clone()))
                .unwrap_or_default(),
            cpus: members
                .iter()
                .map(|member| member.facts.cpus)
                .fold(0, u32::saturating_add),
            memory_total: sum(|facts| facts.memory_total),
            memory_free: sum(|facts| facts.memory_free),
            booted_at: None,
            uuid: pool.and_then(|pool| Uuid::try_parse(&pool.uuid).ok()),
            coordinator: false,
            maintenance: false,
            ..one
        }
    }
}

impl World {
    /// The hypervisor of the coordinator, with the processors and memory of all members; none where there is no
    /// coordinator.
    pub(crate) fn xen(&self) -> Option<Xen> {
        let coordinator = self.hosts.get(self.master()?)?;
        let facts = self.facts();
        let said = |key: &str| {
            coordinator
                .software_version
                .get(key)
                .map(|value| text::printable(value))
        };
        Some(Xen {
            version: facts.xen_version,
            built_at: said("date").unwrap_or_default(),
            scheduler: facts.scheduler,
            kernel: facts.kernel,
            cpus: facts.cpus,
            sockets: self
                .hosts
                .values()
                .map(|host| number(host, "socket_count"))
                .fold(0, u32::saturating_add),
            threads_per_core: facts.threads_per_core,
            cpu_mhz: facts.cpu_mhz,
            memory_total: facts.memory_total,
            memory_free: facts.memory_free,
            ..Xen::default()
        })
    }
}
