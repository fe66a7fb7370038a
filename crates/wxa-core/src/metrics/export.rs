//! Everything that is measured now, for exporters: light rows of what the caller may see.
use super::HostBatch;
use crate::{
    Core, Ctx,
    inventory::Published,
    system::{ProcessFacts, QueueStatus},
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;
use wxa_model::{
    Host, HostId, HostKind, HostSample, Key, Part, PartSample, Permission, PowerState, Target, UnixMillis,
    Vm, VmId, VmRole, VmSample,
};

/// What was measured longer ago is not told: it would look like now.
const FRESH_MS: u64 = 60_000;

/// A moment.
#[derive(Clone, Debug, Default)]
pub struct MeasuredNow {
    /// Hosts and members, by id; pools are not measured.
    pub hosts: Vec<MeasuredHost>,
    /// VMs, by id.
    pub vms: Vec<MeasuredVm>,
    /// The server itself; none for those who do not see the whole installation.
    pub own: Option<OwnFigures>,
}

/// Where something is, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The host's name, also of the host itself.
    pub host: String,
    /// The pool's id and name; none on plain Xen.
    pub pool: Option<(HostId, String)>,
    /// The site's name.
    pub site: String,
    /// Tags, the object's own.
    pub tags: Vec<String>,
}

/// A host and what was measured of it last.
#[derive(Clone, Debug)]
pub struct MeasuredHost {
    /// Its id.
    pub id: HostId,
    /// Its UUID in XAPI.
    pub uuid: Option<Uuid>,
    /// Where it is.
    pub at: Whereabouts,
    /// Whether we hear from it.
    pub is_up: bool,
    /// CPUs, 0 when not known.
    pub cpus: u32,
    /// Memory that Xen manages, in bytes; 0 when not known.
    pub memory_total: u64,
    /// When it booted.
    pub booted_at: Option<UnixMillis>,
    /// None when nothing is known of the last minute.
    pub sample: Option<HostSample>,
    /// Its parts.
    pub parts: Vec<PartSample>,
}

/// A VM and what was measured of it last.
#[derive(Clone, Debug)]
pub struct MeasuredVm {
    /// Its id.
    pub id: VmId,
    /// Xen's UUID.
    pub uuid: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub at: Whereabouts,
    /// Whether it runs its host.
    pub role: VmRole,
    /// What it is doing.
    pub power: PowerState,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// When its run began.
    pub started_at: Option<UnixMillis>,
    /// None when nothing is known of the last minute.
    pub sample: Option<VmSample>,
    /// Its parts.
    pub parts: Vec<PartSample>,
}

/// The server about itself.
#[derive(Clone, Debug, Default)]
pub struct OwnFigures {
    /// The process.
    pub process: ProcessFacts,
    /// When this run began.
    pub started_at: UnixMillis,
    /// Queues with what they dropped.
    pub queues: Vec<QueueStatus>,
    /// Tasks under way.
    pub tasks_running: u64,
    /// Measurements taken since the start.
    pub samples: u64,
    /// Minutes of measurements that could not be written.
    pub minutes_lost: u64,
    /// Hosts, and of them those that are not connected.
    pub hosts: (u64, u64),
}

impl Core {
    /// Everything that is measured now, as far as the caller may see it.
    pub fn measured_now(&self, ctx: &Ctx) -> MeasuredNow {
        let published = self.live().inventory.now();
        let now = self.now();
        let latest: HashMap<HostId, Arc<HostBatch>> = self
            .live()
            .samples
            .latest()
            .into_iter()
            .filter(|batch| now.since(batch.batch.at) <= FRESH_MS)
            .map(|batch| (batch.host, batch))
            .collect();
        let mut parts: HashMap<VmId, Vec<PartSample>> = HashMap::new();
        let mut samples: HashMap<VmId, (HostId, VmSample)> = HashMap::new();
        for (host, batch) in &latest {
            // Only of the host that a VM is on: while it moves, two measure it.
            let is_there = |vm: VmId| published.vm(vm).is_some_and(|(vm, _)| vm.host == *host);
            let mine = batch.batch.vms.iter().filter(|(vm, _)| is_there(*vm));
            samples.extend(mine.map(|(vm, sample)| (*vm, (*host, *sample))));
            for part in &batch.batch.parts {
                if let Some(vm) = part.vm.filter(|vm| is_there(*vm)) {
                    parts.entry(vm).or_default().push(part.clone());
                }
            }
        }
        let hosts = published
            .hosts()
            .filter(|host| host.kind != HostKind::Pool && may_see(&published, ctx, Key::Host(host.id)))
            .map(|host| measured_host(&published, host, latest.get(&host.id).map(Arc::as_ref)))
            .collect();
        let vms = published
            .vms()
            .filter(|vm| may_see(&published, ctx, Key::Vm(vm.id)))
            .map(|vm| {
                let sample = samples.get(&vm.id).filter(|(host, _)| *host == vm.host);
                let parts = sample.and_then(|_| parts.remove(&vm.id)).unwrap_or_default();
                measured_vm(&published, vm, sample.map(|(_, sample)| *sample), parts)
            })
            .collect();
        let own = ctx
            .may(Permission::View, &Target::INSTALLATION)
            .then(|| self.own_figures(&published));
        MeasuredNow { hosts, vms, own }
    }

    fn own_figures(&self, published: &Published) -> OwnFigures {
        let live = self.live();
        let connected: Vec<&Host> = published
            .hosts()
            .filter(|host| host.kind.pool().is_none())
            .collect();
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let down = connected.iter().filter(|host| !host.link.is_up()).count();
        OwnFigures {
            process: ProcessFacts::read(),
            started_at: self.inner.started_at,
            queues: vec![live.inventory.queue(), live.samples.queue()],
            tasks_running: count(published.tasks().filter(|task| task.outcome.is_none()).count()),
            samples: live.samples.taken(),
            minutes_lost: live.samples.minutes_given_up(),
            hosts: (count(connected.len()), count(down)),
        }
    }
}

/// Itself, not for the sake of something in it.
fn may_see(published: &Published, ctx: &Ctx, key: Key) -> bool {
    let place = match key {
        Key::Host(host) => published.host(host).map(|(_, place)| place),
        Key::Vm(vm) => published.vm(vm).map(|(_, place)| place),
        Key::Site(_) | Key::Task(_) | Key::PoolTask(_) => None,
    };
    place.is_some_and(|place| ctx.may(Permission::View, &place.target()))
}

fn measured_host(published: &Published, host: &Host, batch: Option<&HostBatch>) -> MeasuredHost {
    let facts = host.facts.as_ref();
    let parts = batch.into_iter().flat_map(|batch| &batch.batch.parts);
    MeasuredHost {
        id: host.id,
        uuid: facts.and_then(|facts| facts.uuid),
        at: whereabouts(published, host, host.tags.clone()),
        is_up: host.link.is_up(),
        cpus: facts.map_or(0, |facts| facts.cpus),
        memory_total: facts.map_or(0, |facts| facts.memory_total.0),
        booted_at: facts.and_then(|facts| facts.booted_at),
        sample: batch.map(|batch| batch.batch.host),
        parts: parts.filter(|part| part.vm.is_none()).cloned().collect(),
    }
}

fn measured_vm(
    published: &Published,
    vm: &Vm,
    sample: Option<VmSample>,
    parts: Vec<PartSample>,
) -> MeasuredVm {
    let at = published
        .host(vm.host)
        .map(|(host, _)| whereabouts(published, host, vm.tags.clone()));
    MeasuredVm {
        id: vm.id,
        uuid: vm.xen_uuid,
        name: vm.name.clone(),
        at: at.unwrap_or_default(),
        role: vm.role,
        power: vm.power,
        vcpus: vm.vcpus,
        started_at: vm.started_at,
        sample,
        parts: parts
            .into_iter()
            .filter(|part| matches!(part.part, Part::Cpu(_) | Part::Disk(_) | Part::Nic(_)))
            .collect(),
    }
}

fn whereabouts(published: &Published, host: &Host, tags: Vec<String>) -> Whereabouts {
    let pool = match host.kind {
        HostKind::Plain => None,
        HostKind::Pool => Some(host),
        HostKind::Member { pool } => published.host(pool).map(|(pool, _)| pool),
    };
    let is_pool = host.kind == HostKind::Pool;
    Whereabouts {
        host: if is_pool { String::new() } else { host.name.clone() },
        pool: pool.map(|pool| (pool.id, pool.name.clone())),
        site: published
            .site(host.site)
            .map(|site| site.name.clone())
            .unwrap_or_default(),
        tags,
    }
}
