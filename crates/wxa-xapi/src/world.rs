//! The pool's objects as they were last told, and what they mean in our words.
mod apply;
mod facts;
mod guest;
mod index;
mod messages;
mod pool_details;
mod refused;
mod serial;
mod tasks;
mod to_member;
mod to_vm;

pub(crate) use tasks::{CANCELLED, cancel, percent};
pub(crate) use to_member::Measurable;
pub(crate) use to_vm::Place;

use crate::{events::Class, fingerprint, loose::Map, pool::Told, raw, reference::Ref};
use guest::Guest;
use index::Index;
use messages::Messages;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use tasks::Tasks;
use uuid::Uuid;
use wxa_driver::MemberShell;
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
    /// The way to the members beside XAPI.
    pub(crate) shell: Option<Arc<dyn MemberShell>>,
    /// Our clock minus the pool's, in milliseconds; 0 where that is little.
    pub(crate) skew_ms: i64,
    // As they were read: what moves within a map that grows is a pointer.
    pools: HashMap<Ref, Box<raw::Pool>>,
    hosts: HashMap<Ref, Box<raw::Host>>,
    host_metrics: HashMap<Ref, Box<raw::HostMetrics>>,
    vms: HashMap<Ref, Box<raw::Vm>>,
    vm_metrics: HashMap<Ref, Box<raw::VmMetrics>>,
    guests: HashMap<Ref, Guest>,
    vbds: HashMap<Ref, Box<raw::Vbd>>,
    vdis: HashMap<Ref, Box<raw::Vdi>>,
    srs: HashMap<Ref, Box<raw::Sr>>,
    pbds: HashMap<Ref, Box<raw::Pbd>>,
    vifs: HashMap<Ref, Box<raw::Vif>>,
    networks: HashMap<Ref, Box<raw::Network>>,
    pifs: HashMap<Ref, Box<raw::Pif>>,
    consoles: HashMap<Ref, Box<raw::Console>>,
    certificates: HashMap<Ref, Box<raw::Certificate>>,
    tasks: Tasks,
    messages: Messages,
    /// VMs by our id.
    by_id: HashMap<VmId, Ref>,
    vbds_of: Index,
    vifs_of: Index,
    consoles_of: Index,
    vbds_with: Index,
    measured_by: Index,
    guest_of: Index,
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
    /// Any task.
    pub(crate) tasks: bool,
}

impl World {
    pub(crate) fn new(ours: Ours) -> Self {
        Self {
            ours,
            shell: None,
            skew_ms: 0,
            pools: HashMap::new(),
            hosts: HashMap::new(),
            host_metrics: HashMap::new(),
            vms: HashMap::new(),
            vm_metrics: HashMap::new(),
            guests: HashMap::new(),
            vbds: HashMap::new(),
            vdis: HashMap::new(),
            srs: HashMap::new(),
            pbds: HashMap::new(),
            vifs: HashMap::new(),
            networks: HashMap::new(),
            pifs: HashMap::new(),
            consoles: HashMap::new(),
            certificates: HashMap::new(),
            tasks: Tasks::default(),
            messages: Messages::default(),
            by_id: HashMap::new(),
            vbds_of: Index::default(),
            vifs_of: Index::default(),
            consoles_of: Index::default(),
            vbds_with: Index::default(),
            measured_by: Index::default(),
            guest_of: Index::default(),
        }
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
            Class::VmGuestMetrics => self.guests.len(),
            Class::Vbd => self.vbds.len(),
            Class::Vdi => self.vdis.len(),
            Class::Sr => self.srs.len(),
            Class::Pbd => self.pbds.len(),
            Class::Vif => self.vifs.len(),
            Class::Network => self.networks.len(),
            Class::Pif => self.pifs.len(),
            Class::Console => self.consoles.len(),
            Class::Certificate => self.certificates.len(),
            Class::Task => self.tasks.len(),
            Class::Message => 0,
        }
    }

    fn pool(&self) -> Option<&raw::Pool> {
        self.pools.values().next().map(Box::as_ref)
    }

    /// The coordinator.
    pub(crate) fn master(&self) -> Option<&Ref> {
        let master = &self.pool()?.master;
        self.hosts.contains_key(master).then_some(master)
    }

    /// Classes of which the pool has more or fewer objects than we know.
    pub(crate) fn miscounted(&self, counts: &Map<i64>) -> Vec<Class> {
        // Of messages only the newest are kept here.
        Class::watched()
            .filter(|class| *class != Class::Message)
            .filter(|class| {
                let ours = i64::try_from(self.count(*class)).unwrap_or(i64::MAX);
                counts.get(class.name()).is_some_and(|theirs| *theirs != ours)
            })
            .collect()
    }

    /// All members' addresses, each with its names and the fingerprints of the certificates that its pool has for it.
    pub(crate) fn addresses(&self) -> HashMap<String, Told> {
        let mut known: HashMap<String, Told> = self
            .hosts
            .values()
            .filter(|host| !host.address.is_empty())
            .map(|host| {
                let mut names = vec![host.hostname.clone(), host.name_label.clone()];
                names.retain(|name| is_host_name(name));
                names.dedup();
                let told = Told {
                    names,
                    fingerprints: Vec::new(),
                };
                (host.address.clone(), told)
            })
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
                let told = known.entry(host.address.clone()).or_default();
                if told.fingerprints.len() < MOST_CERTIFICATES && !told.fingerprints.contains(&print) {
                    told.fingerprints.push(print);
                }
            }
        }
        for told in known.values_mut() {
            told.fingerprints.sort_unstable();
        }
        known
    }
}

/// Certificates that are believed of one member: a host has one, and two while it is renewed.
const MOST_CERTIFICATES: usize = 8;

/// What may stand in a certificate; a label may be any text.
fn is_host_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (1..=253).contains(&name.len()) && name.chars().all(plain)
}
