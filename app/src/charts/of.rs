//! What charts are about: a VM, a host (a pool, a member), a site.
use crate::{cx::Cx, live::Live};
use leptos::prelude::*;
use std::{collections::BTreeMap, fmt};
use wxa_model::{Host, HostId, HostKind, Metric, SiteId, VmId};

/// The most that can be compared with what a page is about.
pub const COMPARED: usize = 5;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// A VM.
    Vm(VmId),
    /// A plain host, a member or a pool.
    Host(HostId),
    /// A site: all that is in it.
    Site(SiteId),
}

impl fmt::Display for Of {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vm(id) => write!(to, "vm:{id}"),
            Self::Host(id) => write!(to, "host:{id}"),
            Self::Site(id) => write!(to, "site:{id}"),
        }
    }
}

impl Of {
    /// As it stands in addresses.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        match kind {
            "vm" => id.parse().ok().map(Self::Vm),
            "host" => id.parse().ok().map(Self::Host),
            "site" => id.parse().ok().map(Self::Site),
            _ => None,
        }
    }

    /// A list of them in an address; what is none is left out, each stands once.
    pub fn list(text: &str) -> Vec<Self> {
        let mut all = Vec::new();
        for of in text.split(',').filter_map(Self::parse) {
            if !all.contains(&of) && all.len() < COMPARED {
                all.push(of);
            }
        }
        all
    }

    /// The same list as text.
    pub fn join(all: &[Self]) -> String {
        let each: Vec<String> = all.iter().map(ToString::to_string).collect();
        each.join(",")
    }

    /// Its name; empty once it is gone. Tracks what it depends on.
    pub fn name(self, cx: Cx) -> String {
        match self {
            Self::Vm(id) => cx.live.vm(id).with(|vm| vm.as_ref().map(|vm| vm.name.clone())),
            Self::Host(id) => cx.live.host(id).map(|host| host.name.clone()),
            Self::Site(id) => cx.live.site(id).map(|site| site.name.clone()),
        }
        .unwrap_or_default()
    }

    /// How many CPUs it has; none where that is not known. Tracks what it depends on.
    pub fn cpus(self, cx: Cx) -> Option<u32> {
        let cpus = match self {
            Self::Vm(id) => cx.live.vm(id).with(|vm| vm.as_ref().map_or(0, |vm| vm.vcpus)),
            Self::Host(_) | Self::Site(_) => self
                .machines(cx.live)
                .iter()
                .filter_map(|host| host.facts.as_ref().map(|facts| facts.cpus))
                .sum(),
        };
        (cpus > 0).then_some(cpus)
    }

    /// How much memory it has, in bytes; none for what is no machine. Tracks what it depends on.
    pub fn memory(self, cx: Cx) -> Option<u64> {
        if matches!(self, Self::Vm(_)) {
            return None;
        }
        let machines = self.machines(cx.live);
        let each = machines
            .iter()
            .filter_map(|host| Some(host.facts.as_ref()?.memory_total.0));
        Some(each.sum::<u64>()).filter(|total| *total > 0)
    }

    /// What it uses now; only what is known. Tracks the measurements.
    pub fn sample(self, cx: Cx) -> BTreeMap<Metric, f32> {
        let mut all = BTreeMap::new();
        match self {
            Self::Vm(id) => {
                let sample = cx.live.sample(id);
                all.extend(
                    Metric::ALL
                        .into_iter()
                        .filter_map(|metric| Some((metric, sample.get(metric)?))),
                );
            }
            Self::Host(_) | Self::Site(_) => {
                for host in self.machines(cx.live) {
                    let sample = cx.live.host_sample(host.id);
                    for metric in Metric::ALL {
                        if let Some(value) = sample.get(metric) {
                            *all.entry(metric).or_default() += value;
                        }
                    }
                }
            }
        }
        all
    }

    /// The machines that it is made of. Tracks the hosts.
    fn machines(self, live: Live) -> Vec<std::sync::Arc<Host>> {
        let mut machines = live.machines();
        machines.retain(|host| match self {
            Self::Vm(_) => false,
            Self::Host(id) => host.id == id || host.kind == HostKind::Member { pool: id },
            Self::Site(id) => host.site == id,
        });
        machines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_compared_is_read_from_the_address_as_it_was_written() {
        let all = [
            Of::Vm(VmId(Uuid::from_u128(1))),
            Of::Host(HostId(Uuid::from_u128(2))),
            Of::Site(SiteId(Uuid::from_u128(3))),
        ];
        assert_eq!(Of::list(&Of::join(&all)), all);
        let twice = format!("{0},{0},nonsense,vm:x", all[0]);
        assert_eq!(Of::list(&twice), [all[0]]);
        let many: Vec<Of> = (0..9).map(|n| Of::Vm(VmId(Uuid::from_u128(n)))).collect();
        assert_eq!(Of::list(&Of::join(&many)).len(), COMPARED);
    }
}
