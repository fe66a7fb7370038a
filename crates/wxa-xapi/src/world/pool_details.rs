//! What only a pool has.
use super::{
    World,
    to_member::name,
    to_vm::{bytes, is_vm},
};
use crate::{raw, reference::Ref, text};
use wxa_model::{
    PoolDetails,
    host_details::Told,
    pool_details::{PoolNetwork, PoolSnapshot, Repository},
};

impl World {
    /// Storage, networks, templates and snapshots, each by name.
    pub(crate) fn pool_details(&self) -> PoolDetails {
        let (templates, default_templates) = self.templates();
        PoolDetails {
            repositories: Told::Told(self.repositories()),
            networks: Told::Told(self.pool_networks()),
            templates: Told::Told(templates),
            default_templates,
            snapshots: Told::Told(self.snapshots()),
            messages: self.reported(),
        }
    }

    /// The UUID of the one store that begins with these digits.
    pub(crate) fn store_by_short(&self, short: &str) -> Option<String> {
        let mut found = self.srs.values().filter(|sr| sr.uuid.starts_with(short));
        let only = found.next().filter(|_| found.next().is_none())?;
        Some(text::printable(&only.uuid))
    }

    fn repositories(&self) -> Vec<Repository> {
        let default = self.pool().map(|pool| &pool.default_sr);
        let mut found: Vec<Repository> = self
            .srs
            .iter()
            .map(|(reference, sr)| Repository {
                uuid: text::printable(&sr.uuid),
                name: text::printable(&sr.name_label),
                description: text::printable(&sr.name_description),
                kind: text::printable(&sr.kind),
                shared: sr.shared,
                iso: sr.content_type == "iso",
                size: bytes(sr.physical_size),
                used: bytes(sr.physical_utilisation),
                promised: bytes(sr.virtual_allocation),
                disks: count(
                    self.vdis
                        .values()
                        .filter(|vdi| vdi.sr == *reference && !vdi.is_a_snapshot),
                ),
                default: default == Some(reference),
                attached: self.attached(reference, Attached::Yes),
                detached: self.attached(reference, Attached::No),
            })
            .collect();
        found.sort_by(|a, b| (&a.name, &a.attached).cmp(&(&b.name, &b.attached)));
        found
    }

    fn attached(&self, sr: &Ref, wanted: Attached) -> Vec<String> {
        let here = self.pbds.values().filter(|pbd| pbd.sr == *sr);
        let mut names: Vec<String> = here
            .filter(|pbd| pbd.currently_attached == (wanted == Attached::Yes))
            .filter_map(|pbd| self.hosts.get(&pbd.host).map(|host| name(host)))
            .collect();
        names.sort_unstable();
        names
    }

    fn pool_networks(&self) -> Vec<PoolNetwork> {
        let mut found: Vec<PoolNetwork> = self
            .networks
            .iter()
            .map(|(reference, raw)| self.pool_network(reference, raw))
            .collect();
        found.sort_by(|a, b| (&a.name, &a.bridge).cmp(&(&b.name, &b.bridge)));
        found
    }

    fn pool_network(&self, reference: &Ref, raw: &raw::Network) -> PoolNetwork {
        let pifs: Vec<&raw::Pif> = self
            .pifs
            .values()
            .map(Box::as_ref)
            .filter(|pif| pif.network == *reference)
            .collect();
        let mut interfaces: Vec<String> = pifs
            .iter()
            .filter_map(|pif| {
                let host = self.hosts.get(&pif.host).map(|host| name(host))?;
                Some(format!("{host}: {}", text::printable(&pif.device)))
            })
            .collect();
        interfaces.sort_unstable();
        PoolNetwork {
            name: text::printable(&raw.name_label),
            description: text::printable(&raw.name_description),
            bridge: text::printable(&raw.bridge),
            // -1 is none.
            vlan: pifs.iter().find_map(|pif| u32::try_from(pif.vlan).ok()),
            mtu: u32::try_from(raw.mtu).unwrap_or(0),
            interfaces,
            management: pifs.iter().any(|pif| pif.management),
            vm_interfaces: count(self.vifs.values().filter(|vif| {
                vif.network == *reference && self.vms.get(&vif.vm).is_some_and(|vm| is_vm(vm))
            })),
        }
    }

    /// The pool's own, and those that every pool comes with.
    fn templates(&self) -> (Vec<String>, Vec<String>) {
        let all = self
            .vms
            .values()
            .map(Box::as_ref)
            .filter(|vm| vm.is_a_template && !vm.is_a_snapshot);
        let (own, default): (Vec<_>, Vec<_>) = all.partition(|vm| {
            let of_every_pool = vm
                .other_config
                .get("default_template")
                .is_some_and(|value| value == "true");
            !vm.is_default_template && !of_every_pool
        });
        let names = |templates: Vec<&raw::Vm>| {
            let name = |vm: &raw::Vm| text::printable(&vm.name_label);
            let mut names: Vec<String> = templates.into_iter().map(name).collect();
            names.sort_unstable();
            names
        };
        (names(own), names(default))
    }

    fn snapshots(&self) -> Vec<PoolSnapshot> {
        let snapshots = self.vms.values().filter(|vm| vm.is_a_snapshot);
        let mut found: Vec<PoolSnapshot> = snapshots
            .map(|snapshot| PoolSnapshot {
                name: text::printable(&snapshot.name_label),
                of: self
                    .vms
                    .get(&snapshot.snapshot_of)
                    .map(|vm| text::printable(&vm.name_label))
                    .unwrap_or_default(),
                taken_at: text::seconds(&snapshot.snapshot_time)
                    .and_then(|seconds| self.by_our_clock(seconds)),
            })
            .collect();
        found.sort_by(|a, b| (&a.of, a.taken_at, &a.name).cmp(&(&b.of, b.taken_at, &b.name)));
        found
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Attached {
    Yes,
    No,
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        events::{Class, Event},
        world::{Dirty, Ours},
    };
    use serde_json::{Value, json};
    use uuid::Uuid;
    use wxa_driver::Error;
    use wxa_model::{HostId, SiteId};

    #[test]
    fn templates_are_the_pools_own_or_those_of_every_pool_and_snapshots_are_none() -> Result<(), Error> {
        let mut world = World::new(Ours {
            site: SiteId(Uuid::nil()),
            pool: HostId(Uuid::nil()),
        });
        let template = |name: &str, flag: &str, other_config: Value| json!({"name_label": name, "is_a_template": true, flag: true, "other_config": other_config});
        let vms = [
            template("ours", "is_a_template", json!({})),
            template("new", "is_default_template", json!({})),
            // Before XAPI had a field for it.
            template("old", "is_a_template", json!({"default_template": "true"})),
            template("before", "is_a_snapshot", json!({})),
            json!({"name_label": "web"}),
        ];
        for (n, vm) in vms.into_iter().enumerate() {
            let reference = Ref::read(&format!("OpaqueRef:{n}"));
            world.apply(Event::live(Class::Vm, reference, vm)?, &mut Dirty::default())?;
        }
        let details = world.pool_details();
        assert_eq!(details.templates, Told::Told(vec!["ours".to_owned()]));
        assert_eq!(details.default_templates, ["new", "old"]);
        Ok(())
    }
}
