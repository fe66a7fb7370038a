//! From XAPI's hosts to members.
use super::{
    World,
    to_vm::{bytes, is_vm},
};
use crate::{raw, reference::Ref, text};
use uuid::Uuid;
use wxa_driver::Member;
use wxa_model::{Bytes, HostFacts, HostId};

/// A member on which a VM is to be.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) reference: Ref,
    pub(crate) uuid: String,
    /// As its pool calls it.
    pub(crate) name: String,
}

impl World {
    /// The members.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&Ref, Member)> {
        self.hosts
            .keys()
            .filter_map(|host| Some((host, self.member(host)?)))
    }

    /// Our id of a member; none for one that is not known.
    pub(super) fn member_id(&self, host: &Ref) -> Option<HostId> {
        let uuid = Uuid::try_parse(&self.hosts.get(host)?.uuid).ok()?;
        Some(HostId::of_member(self.ours.site, uuid))
    }

    /// All members by our ids, in an order that stays.
    pub(crate) fn member_ids(&self) -> Vec<(HostId, Ref)> {
        let known = self.hosts.keys();
        let mut all: Vec<_> = known
            .filter_map(|host| Some((self.member_id(host)?, host.clone())))
            .collect();
        all.sort_unstable();
        all
    }

    /// The member with our id `member`, as XAPI takes it.
    pub(crate) fn chosen(&self, member: HostId) -> Option<Chosen> {
        self.hosts.iter().find_map(|(reference, raw)| {
            (self.member_id(reference) == Some(member)).then(|| Chosen {
                reference: reference.clone(),
                uuid: text::printable(&raw.uuid),
                name: name(raw),
            })
        })
    }

    fn member(&self, host: &Ref) -> Option<Member> {
        let raw = self.hosts.get(host)?;
        let metrics = self.host_metrics.get(&raw.metrics).map(Box::as_ref);
        Some(Member {
            id: self.member_id(host)?,
            name: name(raw),
            address: text::printable(&raw.address),
            live: metrics.is_some_and(|metrics| metrics.live),
            facts: self.host_facts(host, raw, metrics),
        })
    }

    fn host_facts(&self, host: &Ref, raw: &raw::Host, metrics: Option<&raw::HostMetrics>) -> HostFacts {
        let said = |key: &str| raw.software_version.get(key).map(|value| text::printable(value));
        let total = metrics.map_or(Bytes(0), |metrics| bytes(metrics.memory_total));
        HostFacts {
            hostname: text::printable(&raw.hostname),
            xen_version: said("xen").unwrap_or_default(),
            kernel: said("linux").unwrap_or_default(),
            cpus: number(raw, "cpu_count"),
            threads_per_core: number(raw, "threads_per_core"),
            cpu_mhz: raw
                .cpu_info
                .get("speed")
                .and_then(|speed| speed.parse::<f64>().ok())
                .map_or(0, |mhz| mhz.clamp(0.0, 1e6) as u32),
            memory_total: total,
            memory_free: match metrics.map_or(0, |metrics| metrics.memory_free) {
                // Newer pools leave it to the measurements: what the VMs have is known all the same.
                0 => Bytes(total.0.saturating_sub(self.taken(host))),
                free => bytes(free),
            },
            scheduler: text::printable(&raw.sched_policy),
            booted_at: raw
                .other_config
                .get("boot_time")
                .and_then(|time| time.parse::<f64>().ok())
                .and_then(|time| self.by_our_clock(time as i64)),
            product: product(raw),
            uuid: Uuid::try_parse(&raw.uuid).ok(),
            coordinator: self.pool().is_some_and(|pool| pool.master == *host),
            maintenance: !raw.enabled,
            ..HostFacts::default()
        }
    }

    /// Memory of what runs on a host.
    fn taken(&self, host: &Ref) -> u64 {
        let here = self
            .vms
            .values()
            .filter(|vm| vm.resident_on == *host && is_vm(vm));
        here.map(|vm| bytes(self.memory(vm)).0)
            .fold(0, u64::saturating_add)
    }
}

/// What it is called; its address where it has no name.
pub(super) fn name(raw: &raw::Host) -> String {
    let names = [&raw.name_label, &raw.hostname, &raw.address];
    let name = names.into_iter().find(|name| !name.is_empty());
    name.map(|name| text::printable(name)).unwrap_or_default()
}

/// The product and its version, e.g. `XCP-ng 8.3.0`.
pub(super) fn product(raw: &raw::Host) -> String {
    let said = |keys: &[&str]| {
        let found = keys
            .iter()
            .find_map(|key| raw.software_version.get(key).filter(|value| !value.is_empty()));
        found.map(String::as_str).unwrap_or_default()
    };
    let brand = said(&["product_brand", "platform_name"]);
    let version = said(&["product_version", "platform_version"]);
    text::printable(format!("{brand} {version}").trim())
}

pub(super) fn number(raw: &raw::Host, key: &str) -> u32 {
    let said = raw.cpu_info.get(key).and_then(|value| value.trim().parse().ok());
    said.unwrap_or(0)
}

/// A member that can be measured.
#[derive(Clone, Debug)]
pub(crate) struct Measurable {
    pub(crate) id: HostId,
    pub(crate) uuid: String,
    pub(crate) address: String,
    /// Physical CPUs.
    pub(crate) cpus: u32,
}

impl World {
    /// The members that their pool hears from.
    pub(crate) fn measurable(&self) -> Vec<Measurable> {
        let live = |raw: &raw::Host| {
            self.host_metrics
                .get(&raw.metrics)
                .is_some_and(|metrics| metrics.live)
        };
        let hosts = self
            .hosts
            .iter()
            .filter(|(_, raw)| live(raw) && !raw.address.is_empty());
        hosts
            .filter_map(|(host, raw)| {
                Some(Measurable {
                    id: self.member_id(host)?,
                    uuid: raw.uuid.clone(),
                    address: raw.address.clone(),
                    cpus: number(raw, "cpu_count"),
                })
            })
            .collect()
    }
}
