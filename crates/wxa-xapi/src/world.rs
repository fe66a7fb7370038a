//! The pool's objects as they were last told, and what they mean in our words.
mod facts;
mod index;
mod pool_details;
mod to_member;
mod to_vm;

pub(crate) use to_member::Measurable;
pub(crate) use to_vm::Place;

use crate::{
    events::{Class, Event, Object, Operation},
    fingerprint, raw,
    reference::Ref,
};
use index::Index;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wxa_model::{HostId, SiteId, VmId, ids::VmIdentity};

/// Who the pool is to us.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ours {
    pub(crate) site: SiteId,
    pub(crate) pool: HostId,
}

/// All objects, by class.
#[derive(Debug)]
pub(crate) struct World {
    ours: Ours,
    /// Our clock minus the pool's, in milliseconds; 0 where that is little.
    pub(crate) skew_ms: i64,
    pools: HashMap<Ref, raw::Pool>,
    hosts: HashMap<Ref, raw::Host>,
    host_metrics: HashMap<Ref, raw::HostMetrics>,
    vms: HashMap<Ref, raw::Vm>,
    vm_metrics: HashMap<Ref, raw::VmMetrics>,
    vbds: HashMap<Ref, raw::Vbd>,
    vdis: HashMap<Ref, raw::Vdi>,
    srs: HashMap<Ref, raw::Sr>,
    pbds: HashMap<Ref, raw::Pbd>,
    vifs: HashMap<Ref, raw::Vif>,
    networks: HashMap<Ref, raw::Network>,
    pifs: HashMap<Ref, raw::Pif>,
    consoles: HashMap<Ref, raw::Console>,
    certificates: HashMap<Ref, raw::Certificate>,
    /// VMs by our id.
    by_id: HashMap<VmId, Ref>,
    vbds_of: Index,
    vifs_of: Index,
    consoles_of: Index,
    vbds_with: Index,
    measured_by: Index,
}

/// What may have to be told anew.
#[derive(Debug, Default)]
pub(crate) struct Dirty {
    /// Everything: something changed that many objects follow from.
    pub(crate) all: bool,
    /// These VMs.
    pub(crate) vms: HashSet<Ref>,
    /// Any member, or the pool.
    pub(crate) hosts: bool,
}

impl World {
    pub(crate) fn new(ours: Ours) -> Self {
        Self {
            ours,
            skew_ms: 0,
            pools: HashMap::new(),
            hosts: HashMap::new(),
            host_metrics: HashMap::new(),
            vms: HashMap::new(),
            vm_metrics: HashMap::new(),
            vbds: HashMap::new(),
            vdis: HashMap::new(),
            srs: HashMap::new(),
            pbds: HashMap::new(),
            vifs: HashMap::new(),
            networks: HashMap::new(),
            pifs: HashMap::new(),
            consoles: HashMap::new(),
            certificates: HashMap::new(),
            by_id: HashMap::new(),
            vbds_of: Index::default(),
            vifs_of: Index::default(),
            consoles_of: Index::default(),
            vbds_with: Index::default(),
            measured_by: Index::default(),
        }
    }

    /// Takes an event in.
    pub(crate) fn apply(&mut self, event: Event, dirty: &mut Dirty) {
        let Some(class) = event.class else { return };
        let reference = event.reference;
        if event.operation == Operation::Gone {
            return self.remove(class, &reference, dirty);
        }
        // A live object without a record was gone when it was looked at: its end is told next.
        let Some(object) = event.object else { return };
        match object {
            Object::Pool(new) => {
                dirty.hosts = true;
                self.pools.insert(reference, *new);
            }
            Object::Host(new) => {
                dirty.hosts = true;
                // VMs name their host by its UUID.
                dirty.all |= self.hosts.get(&reference).is_none_or(|old| old.uuid != new.uuid);
                self.hosts.insert(reference, *new);
            }
            Object::HostMetrics(new) => {
                dirty.hosts = true;
                self.host_metrics.insert(reference, *new);
            }
            Object::Vm(new) => self.put_vm(reference, *new, dirty),
            Object::VmMetrics(new) => {
                dirty.vms.extend(self.measured_by.of(&reference).cloned());
                self.vm_metrics.insert(reference, *new);
            }
            Object::Vbd(new) => {
                self.forget_vbd(&reference, dirty);
                dirty.vms.insert(new.vm.clone());
                self.vbds_of.add(&new.vm, &reference);
                self.vbds_with.add(&new.vdi, &reference);
                self.vbds.insert(reference, *new);
            }
            Object::Vdi(new) => {
                self.vdi_changes(&reference, dirty);
                self.vdis.insert(reference, *new);
            }
            Object::Sr(new) => {
                dirty.all |= self
                    .srs
                    .get(&reference)
                    .is_none_or(|old| old.name_label != new.name_label);
                self.srs.insert(reference, *new);
            }
            Object::Pbd(new) => {
                self.pbds.insert(reference, *new);
            }
            Object::Vif(new) => {
                self.forget_vif(&reference, dirty);
                dirty.vms.insert(new.vm.clone());
                self.vifs_of.add(&new.vm, &reference);
                self.vifs.insert(reference, *new);
            }
            Object::Network(new) => {
                dirty.all |= self
                    .networks
                    .get(&reference)
                    .is_none_or(|old| old.bridge != new.bridge);
                self.networks.insert(reference, *new);
            }
            Object::Pif(new) => {
                self.pifs.insert(reference, *new);
            }
            Object::Console(new) => {
                self.forget_console(&reference, dirty);
                dirty.vms.insert(new.vm.clone());
                self.consoles_of.add(&new.vm, &reference);
                self.consoles.insert(reference, *new);
            }
            Object::Certificate(new) => {
                self.certificates.insert(reference, *new);
            }
            Object::Task(_) => {}
        }
    }

    fn remove(&mut self, class: Class, reference: &Ref, dirty: &mut Dirty) {
        match class {
            Class::Pool => drop(self.pools.remove(reference)),
            Class::Host => {
                dirty.hosts = true;
                dirty.all |= self.hosts.remove(reference).is_some();
            }
            Class::HostMetrics => {
                dirty.hosts = true;
                self.host_metrics.remove(reference);
            }
            Class::Vm => self.remove_vm(reference, dirty),
            Class::VmMetrics => drop(self.vm_metrics.remove(reference)),
            Class::Vbd => self.forget_vbd(reference, dirty),
            Class::Vdi => {
                self.vdi_changes(reference, dirty);
                self.vdis.remove(reference);
            }
            Class::Sr => drop(self.srs.remove(reference)),
            Class::Pbd => drop(self.pbds.remove(reference)),
            Class::Vif => self.forget_vif(reference, dirty),
            Class::Network => drop(self.networks.remove(reference)),
            Class::Pif => drop(self.pifs.remove(reference)),
            Class::Console => self.forget_console(reference, dirty),
            Class::Certificate => drop(self.certificates.remove(reference)),
            Class::Task => {}
        }
    }

    fn put_vm(&mut self, reference: Ref, new: raw::Vm, dirty: &mut Dirty) {
        self.remove_vm(&reference, dirty);
        self.measured_by.add(&new.metrics, &reference);
        if let Some(id) = self.id_of(&new) {
            self.by_id.insert(id, reference.clone());
        }
        self.vms.insert(reference, new);
    }

    fn remove_vm(&mut self, reference: &Ref, dirty: &mut Dirty) {
        dirty.vms.insert(reference.clone());
        if let Some(old) = self.vms.remove(reference) {
            self.measured_by.remove(&old.metrics, reference);
            if let Some(id) = self.id_of(&old)
                && self.by_id.get(&id) == Some(reference)
            {
                self.by_id.remove(&id);
            }
        }
    }

    fn forget_vbd(&mut self, reference: &Ref, dirty: &mut Dirty) {
        if let Some(old) = self.vbds.remove(reference) {
            self.vbds_of.remove(&old.vm, reference);
            self.vbds_with.remove(&old.vdi, reference);
            dirty.vms.insert(old.vm);
        }
    }

    fn forget_vif(&mut self, reference: &Ref, dirty: &mut Dirty) {
        if let Some(old) = self.vifs.remove(reference) {
            self.vifs_of.remove(&old.vm, reference);
            dirty.vms.insert(old.vm);
        }
    }

    fn forget_console(&mut self, reference: &Ref, dirty: &mut Dirty) {
        if let Some(old) = self.consoles.remove(reference) {
            self.consoles_of.remove(&old.vm, reference);
            dirty.vms.insert(old.vm);
        }
    }

    fn vdi_changes(&self, reference: &Ref, dirty: &mut Dirty) {
        let users = self.vbds_with.of(reference);
        dirty
            .vms
            .extend(users.filter_map(|vbd| Some(self.vbds.get(vbd)?.vm.clone())));
    }

    /// Our id of a VM.
    fn id_of(&self, vm: &raw::Vm) -> Option<VmId> {
        let uuid = Uuid::try_parse(&vm.uuid).ok()?;
        Some(VmId::derive(
            self.ours.site,
            self.ours.pool,
            &VmIdentity::Uuid(uuid),
        ))
    }

    /// Whether the pool has told everything: then it has a host.
    pub(crate) fn is_known(&self) -> bool {
        !self.hosts.is_empty()
    }

    /// How many objects are known of a class.
    fn count(&self, class: Class) -> usize {
        match class {
            Class::Pool => self.pools.len(),
            Class::Host => self.hosts.len(),
            Class::HostMetrics => self.host_metrics.len(),
            Class::Vm => self.vms.len(),
            Class::VmMetrics => self.vm_metrics.len(),
            Class::Vbd => self.vbds.len(),
            Class::Vdi => self.vdis.len(),
            Class::Sr => self.srs.len(),
            Class::Pbd => self.pbds.len(),
            Class::Vif => self.vifs.len(),
            Class::Network => self.networks.len(),
            Class::Pif => self.pifs.len(),
            Class::Console => self.consoles.len(),
            Class::Certificate => self.certificates.len(),
            Class::Task => 0,
        }
    }

    fn pool(&self) -> Option<&raw::Pool> {
        self.pools.values().next()
    }

    /// The coordinator.
    pub(crate) fn master(&self) -> Option<&Ref> {
        let master = &self.pool()?.master;
        self.hosts.contains_key(master).then_some(master)
    }

    /// Classes of which the pool has more or fewer objects than we know.
    pub(crate) fn miscounted(&self, counts: &HashMap<String, i64>) -> Vec<Class> {
        Class::watched()
            .filter(|class| {
                let ours = i64::try_from(self.count(*class)).unwrap_or(i64::MAX);
                counts.get(class.name()).is_some_and(|theirs| *theirs != ours)
            })
            .collect()
    }

    /// All members' addresses, each with the fingerprints of the certificates that its pool has for it.
    pub(crate) fn addresses(&self) -> HashMap<String, Vec<String>> {
        let mut known: HashMap<String, Vec<String>> = self
            .hosts
            .values()
            .filter(|host| !host.address.is_empty())
            .map(|host| (host.address.clone(), Vec::new()))
            .collect();
        // Those of type `host_internal` are for the members among themselves, `ca` for others altogether.
        for certificate in self
            .certificates
            .values()
            .filter(|one| matches!(one.kind.as_str(), "host" | ""))
        {
            let told = [&certificate.fingerprint_sha256, &certificate.fingerprint];
            let print = told.into_iter().find_map(|print| fingerprint::read(print));
            if let Some(host) = self.hosts.get(&certificate.host)
                && let Some(print) = print
            {
                known.entry(host.address.clone()).or_default().push(print);
            }
        }
        known
    }
}
