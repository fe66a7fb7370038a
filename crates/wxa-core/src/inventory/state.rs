//! What the writer knows, and how commands change it.
mod picture;
mod pool_tasks;

use super::{
    HostRecord, InventoryCmd,
    delta::ChangeRing,
    entries::Entries,
    host_state::{HostState, Listed},
    members::Members,
    sightings::Sightings,
};
use pool_tasks::PoolTasks;
use std::collections::{BTreeMap, BTreeSet};
use wxa_driver::{DriverEvent, Member};
use wxa_model::{
    HostId, HostKind, Key, Link, Site, SiteId, Task, TaskId, UnixMillis, VmId, console::Understood,
};
use wxa_store::{OwnKey, OwnRecord};

/// The writer's own state. Sources first; `entries` is what was last published of them.
pub(super) struct State {
    sites: BTreeMap<SiteId, Site>,
    /// Those that are registered: plain hosts and pools.
    hosts: BTreeMap<HostId, HostState>,
    members: Members,
    sightings: BTreeMap<VmId, Sightings>,
    tasks: BTreeMap<TaskId, Task>,
    pool_tasks: PoolTasks,
    /// What people say, also about what is not seen now.
    own: BTreeMap<OwnKey, OwnRecord>,
    /// What consoles told, also of VMs that are not seen now.
    understood: BTreeMap<VmId, Understood>,
    dirty: BTreeSet<Key>,
    epoch: u64,
    revision: u64,
    entries: Entries,
    ring: ChangeRing,
}

impl State {
    pub fn new(epoch: u64) -> Self {
        Self {
            sites: BTreeMap::new(),
            hosts: BTreeMap::new(),
            members: Members::default(),
            sightings: BTreeMap::new(),
            tasks: BTreeMap::new(),
            pool_tasks: PoolTasks::default(),
            own: BTreeMap::new(),
            understood: BTreeMap::new(),
            dirty: BTreeSet::new(),
            epoch,
            revision: 0,
            entries: Entries::default(),
            ring: ChangeRing::default(),
        }
    }

    pub fn apply(&mut self, command: InventoryCmd) {
        match command {
            InventoryCmd::PutSite(site) => {
                self.dirty.insert(Key::Site(site.id));
                self.sites.insert(site.id, site);
            }
            InventoryCmd::RemoveSite(id) => {
                self.dirty.insert(Key::Site(id));
                self.sites.remove(&id);
            }
            InventoryCmd::PutHost(record) => self.put_host(record),
            InventoryCmd::PutOwn(on, own) => self.put_own(on, own),
            InventoryCmd::PutUnderstood(vm, understood) => {
                self.dirty.insert(Key::Vm(vm));
                match understood {
                    Some(understood) => self.understood.insert(vm, understood),
                    None => self.understood.remove(&vm),
                };
            }
            InventoryCmd::RemoveHost(id) => self.remove_host(id),
            InventoryCmd::Link { host, link, heard } => {
                if let Some(state) = self.hosts.get_mut(&host) {
                    if !link.is_up() {
                        state.listed = None;
                    }
                    state.host.link = link;
                    state.heard = heard.or(state.heard);
                    self.link_changed(host);
                }
            }
            InventoryCmd::Driver { host, at, event } => self.driver_event(host, at, event),
            InventoryCmd::AmendTask(task) if !self.tasks.contains_key(&task.id) => {}
            InventoryCmd::PutTask(task) | InventoryCmd::AmendTask(task) => {
                self.dirty.insert(Key::Task(task.id));
                self.tasks.insert(task.id, task);
            }
            InventoryCmd::RemoveTask(id) => {
                self.dirty.insert(Key::Task(id));
                self.tasks.remove(&id);
            }
            InventoryCmd::Barrier(done) => {
                let _ = done.send(());
            }
        }
    }

    fn put_host(&mut self, record: HostRecord) {
        let id = record.id;
        let known = self.hosts.remove(&record.id);
        let state = HostState::new(record, known, self.own_of(OwnKey::Host(id)));
        self.hosts.insert(id, state);
        self.link_changed(id);
    }

    fn own_of(&self, on: OwnKey) -> OwnRecord {
        self.own.get(&on).cloned().unwrap_or_default()
    }

    /// A host's link is its members' too.
    fn link_changed(&mut self, host: HostId) {
        self.dirty.insert(Key::Host(host));
        self.dirty.extend(self.members.of(host).map(Key::Host));
    }

    fn put_own(&mut self, on: OwnKey, own: OwnRecord) {
        match on {
            OwnKey::Vm(id) => self.dirty.insert(Key::Vm(id)),
            OwnKey::Host(id) => {
                if let Some(state) = self.hosts.get_mut(&id) {
                    state.host.tags.clone_from(&own.tags);
                    state.host.notes.clone_from(&own.notes);
                }
                self.dirty.insert(Key::Host(id))
            }
        };
        if own == OwnRecord::default() {
            self.own.remove(&on);
        } else {
            self.own.insert(on, own);
        }
    }

    fn remove_host(&mut self, id: HostId) {
        self.own.remove(&OwnKey::Host(id));
        self.dirty.insert(Key::Host(id));
        self.hosts.remove(&id);
        self.forget_members(id, |_| true);
        self.forget_vms(id, |_| true);
        self.forget_pool_tasks(id, |_| true);
        let tasks: Vec<TaskId> = self
            .tasks
            .values()
            .filter(|task| task.host == id)
            .map(|task| task.id)
            .collect();
        self.dirty.extend(tasks.into_iter().map(Key::Task));
    }

    fn driver_event(&mut self, id: HostId, at: UnixMillis, event: DriverEvent) {
        let Some(state) = self.hosts.get_mut(&id) else {
            return;
        };
        state.heard = Some(at);
        match event {
            DriverEvent::ResyncBegin => {
                state.listed = Some(Listed::default());
                if !state.host.link.is_up() {
                    state.host.link = Link::Connecting;
                    self.link_changed(id);
                }
            }
            DriverEvent::Member(member) => {
                // Only pools have members, and what is registered by itself is none.
                if state.host.kind == HostKind::Pool && !self.hosts.contains_key(&member.id) {
                    self.put_member(id, at, member);
                }
            }
            DriverEvent::MemberGone(member) => self.forget_members(id, |other| other == member),
            DriverEvent::Listed(vm) | DriverEvent::Changed(vm) => {
                if let Some(listed) = &mut state.listed {
                    listed.vms.insert(vm.id);
                }
                self.dirty.insert(Key::Vm(vm.id));
                self.sightings.entry(vm.id).or_default().put(id, vm);
            }
            DriverEvent::Task(task) => {
                if let Some(listed) = &mut state.listed {
                    listed.tasks.insert(task.id);
                }
                self.put_pool_task(id, task);
            }
            DriverEvent::TaskGone(task) => self.forget_pool_tasks(id, |other| other == task),
            DriverEvent::ResyncEnd => {
                let listed = state.listed.take();
                state.host.link = Link::Up;
                self.link_changed(id);
                if let Some(listed) = listed {
                    self.forget_members(id, |member| !listed.members.contains(&member));
                    self.forget_vms(id, |vm| !listed.vms.contains(&vm));
                    self.forget_pool_tasks(id, |task| !listed.tasks.contains(&task));
                }
            }
            DriverEvent::Gone(vm) => self.forget_vm(id, vm),
            DriverEvent::Facts(facts) => {
                state.host.facts = Some(facts);
                self.dirty.insert(Key::Host(id));
            }
            DriverEvent::Samples(_) | DriverEvent::MemberSamples(..) | DriverEvent::Alive => {}
        }
    }

    fn put_member(&mut self, pool: HostId, at: UnixMillis, member: Member) {
        let listed = self.hosts.get_mut(&pool).and_then(|state| state.listed.as_mut());
        if let Some(listed) = listed {
            listed.members.insert(member.id);
        }
        self.dirty.insert(Key::Host(member.id));
        self.members.put(pool, at, member);
    }

    /// Forgets the members of `pool` that `which` picks; VMs that were on them are on the pool until it says more.
    fn forget_members(&mut self, pool: HostId, which: impl Fn(HostId) -> bool) {
        let gone: Vec<HostId> = self.members.of(pool).filter(|member| which(*member)).collect();
        for member in gone {
            self.members.remove(member);
            self.dirty.insert(Key::Host(member));
        }
    }

    fn forget_vm(&mut self, through: HostId, vm: VmId) {
        let Some(sightings) = self.sightings.get_mut(&vm) else {
            return;
        };
        if sightings.remove(through) {
            self.dirty.insert(Key::Vm(vm));
        }
        if sightings.is_empty() {
            self.sightings.remove(&vm);
        }
    }

    /// Forgets what was said through `host` of the VMs that `which` picks.
    fn forget_vms(&mut self, host: HostId, which: impl Fn(VmId) -> bool) {
        let dirty = &mut self.dirty;
        self.sightings.retain(|vm, sightings| {
            if which(*vm) && sightings.remove(host) {
                dirty.insert(Key::Vm(*vm));
            }
            !sightings.is_empty()
        });
    }
}
