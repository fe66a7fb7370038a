//! What the writer knows, how commands change it, and how that becomes the next picture.
use super::{
    HostRecord, InventoryCmd,
    delta::{ChangeRing, Changed, Step},
    host_state::{HostState, Listed},
    members::Members,
    published::{Entry, Place, Published},
    sightings::{Sightings, choose, with_our_own},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use wxa_driver::{DriverEvent, Member};
use wxa_model::{
    Host, HostId, HostKind, Key, Link, Object, Site, SiteId, Task, TaskId, UnixMillis, Vm, VmId,
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
    /// What people say, also about what is not seen now.
    own: BTreeMap<OwnKey, OwnRecord>,
    dirty: BTreeSet<Key>,
    epoch: u64,
    revision: u64,
    entries: BTreeMap<Key, Arc<Entry>>,
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
            own: BTreeMap::new(),
            dirty: BTreeSet::new(),
            epoch,
            revision: 0,
            entries: BTreeMap::new(),
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
                self.sightings.entry(vm.id).or_default().insert(id, vm);
            }
            DriverEvent::ResyncEnd => {
                let listed = state.listed.take();
                state.host.link = Link::Up;
                self.link_changed(id);
                if let Some(listed) = listed {
                    self.forget_members(id, |member| !listed.members.contains(&member));
                    self.forget_vms(id, |vm| !listed.vms.contains(&vm));
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
        if sightings.remove(&through).is_some() {
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
            if which(*vm) && sightings.remove(&host).is_some() {
                dirty.insert(Key::Vm(*vm));
            }
            !sightings.is_empty()
        });
    }

    /// The next picture; none when nothing is different.
    pub fn commit(&mut self) -> Option<Published> {
        let mut changed = BTreeMap::new();
        let mut touched = BTreeSet::new();
        while let Some(key) = self.dirty.pop_first() {
            self.refresh(key, &mut changed, &mut touched);
        }
        // A container may come into or leave somebody's scope with what is in it: it counts as changed.
        for key in touched {
            if let Some(entry) = self.entries.get(&key) {
                changed.entry(key).or_insert_with(|| Some(entry.place.clone()));
            }
        }
        if changed.is_empty() {
            return None;
        }
        self.revision += 1;
        self.ring.push(Step {
            revision: self.revision,
            changed: changed
                .into_iter()
                .map(|(key, was)| Changed { key, was })
                .collect(),
        });
        Some(Published {
            epoch: self.epoch,
            revision: self.revision,
            entries: self.entries.clone(),
            ring: self.ring.clone(),
        })
    }

    /// Brings one object up to date, and what depends on where it is.
    fn refresh(&mut self, key: Key, changed: &mut BTreeMap<Key, Option<Place>>, touched: &mut BTreeSet<Key>) {
        let old = self.entries.get(&key).cloned();
        let new = self.build(key, old.as_deref());
        if old.as_deref() == new.as_ref() {
            return;
        }
        let was = old.as_ref().map(|entry| entry.place.clone());
        let is = new.as_ref().map(|entry| entry.place.clone());
        if was != is {
            let dependents: Vec<Key> = match key {
                Key::Host(host) => self.inside(host).collect(),
                Key::Vm(vm) => self.tasks_where(|task| task.vm == vm).collect(),
                Key::Site(_) | Key::Task(_) => Vec::new(),
            };
            self.dirty.extend(dependents);
            for place in [&was, &is].into_iter().flatten() {
                if let (Key::Vm(_), Some(host)) = (key, place.host) {
                    touched.insert(Key::Host(host));
                }
                if let (Key::Vm(_) | Key::Host(_), Some(pool)) = (key, place.pool) {
                    touched.insert(Key::Host(pool));
                }
                if let (Key::Vm(_) | Key::Host(_), Some(site)) = (key, place.site) {
                    touched.insert(Key::Site(site));
                }
            }
        }
        match new {
            Some(entry) => self.entries.insert(key, Arc::new(entry)),
            None => self.entries.remove(&key),
        };
        changed.entry(key).or_insert(was);
    }

    /// What is on a host, or in a pool, as far as where it is depends on that.
    fn inside(&self, host: HostId) -> impl Iterator<Item = Key> + '_ {
        let is_there = move |(through, vm): (&HostId, &Vm)| *through == host || vm.host == host;
        let vms = self
            .sightings
            .iter()
            .filter(move |(_, seen)| seen.iter().any(is_there))
            .map(|(vm, _)| Key::Vm(*vm));
        let members = self.members.of(host).map(Key::Host);
        vms.chain(members)
            .chain(self.tasks_where(move |task| task.host == host))
    }

    fn tasks_where(&self, which: impl Fn(&Task) -> bool) -> impl Iterator<Item = Key> {
        self.tasks
            .values()
            .filter(move |task| which(task))
            .map(|task| Key::Task(task.id))
    }

    /// What is to be published under `key`.
    fn build(&self, key: Key, old: Option<&Entry>) -> Option<Entry> {
        match key {
            Key::Site(id) => Some(Entry {
                object: Object::Site(self.sites.get(&id)?.clone()),
                place: Place {
                    site: Some(id),
                    host: None,
                    pool: None,
                    tags: Arc::from([]),
                },
            }),
            Key::Host(id) => Some(Entry {
                place: self.host_place(id, &[]),
                object: Object::Host(self.shown_host(id, old)?),
            }),
            Key::Vm(id) => {
                let shown_through = old.and_then(|entry| entry.place.reached_through());
                let (through, seen) = choose(self.sightings.get(&id)?, shown_through)?;
                let is_on_member = self.members.pool_of(seen.host) == Some(through);
                let host = if is_on_member { seen.host } else { through };
                let vm = with_our_own(seen, host, self.own.get(&OwnKey::Vm(id)));
                Some(Entry {
                    place: self.host_place(vm.host, &vm.tags),
                    object: Object::Vm(vm),
                })
            }
            Key::Task(id) => {
                let task = self.tasks.get(&id)?;
                let vm = self.entries.get(&Key::Vm(task.vm));
                Some(Entry {
                    place: vm.map_or_else(|| self.host_place(task.host, &[]), |vm| vm.place.clone()),
                    object: Object::Task(task.clone()),
                })
            }
        }
    }

    fn shown_host(&self, id: HostId, old: Option<&Entry>) -> Option<Host> {
        match self.members.pool_of(id) {
            None => Some(self.hosts.get(&id)?.shown(old)),
            Some(pool) => {
                let own = self.own_of(OwnKey::Host(id));
                self.members.shown(id, self.hosts.get(&pool)?, own, old)
            }
        }
    }

    /// Where something with `tags` is that is on this host; it has the tags of the host, and those of its pool.
    fn host_place(&self, id: HostId, tags: &[String]) -> Place {
        let pool = self.members.pool_of(id);
        let registered = self.hosts.get(&pool.unwrap_or(id)).map(|state| &state.host);
        let own = pool.and_then(|_| self.own.get(&OwnKey::Host(id)));
        let own_tags = own.map_or(&[][..], |own| &own.tags);
        let registered_tags = registered.map_or(&[][..], |host| &host.tags);
        Place {
            site: registered.map(|host| host.site),
            host: Some(id),
            pool,
            tags: [tags, own_tags, registered_tags].concat().into(),
        }
    }
}
