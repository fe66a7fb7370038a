//! What the writer knows, how commands change it, and how that becomes the next picture.
use super::{
    HostRecord, InventoryCmd,
    delta::{ChangeRing, Changed, Step},
    published::{Entry, Place, Published},
    sightings::{Sightings, choose, with_our_own},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};
use wxa_driver::DriverEvent;
use wxa_model::{Host, HostId, Key, Link, Object, Site, SiteId, Task, TaskId, UnixMillis, Vm, VmId};
use wxa_store::{OwnKey, OwnRecord};

impl HostState {
    /// As it is to be published: equal to `old` when nothing but the last word differs.
    fn shown(&self, old: Option<&Entry>) -> Host {
        let mut host = self.host.clone();
        if let Some(Object::Host(old)) = old.map(|entry| &entry.object) {
            host.last_word = old.last_word;
            if host == *old {
                return host;
            }
        }
        host.last_word = self.heard.or(host.last_word);
        host
    }
}

/// The writer's own state. Sources first; `entries` is what was last published of them.
pub(super) struct State {
    sites: BTreeMap<SiteId, Site>,
    hosts: BTreeMap<HostId, HostState>,
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

struct HostState {
    /// As it is published, but for `last_word`.
    host: Host,
    /// Newer than the published `last_word`: that one is brought up to date only with another change of the host,
    /// because nobody reads it while the link is up, and a heartbeat is not worth a revision.
    heard: Option<UnixMillis>,
    /// VMs seen since `ResyncBegin`; none outside a resync.
    listed: Option<HashSet<VmId>>,
}

impl State {
    pub fn new(epoch: u64) -> Self {
        Self {
            sites: BTreeMap::new(),
            hosts: BTreeMap::new(),
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
                    self.dirty.insert(Key::Host(host));
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
        self.dirty.insert(Key::Host(record.id));
        let known = self.hosts.remove(&record.id);
        let (link, heard, last_word, facts, listed) = match known {
            Some(old) => (
                old.host.link,
                old.heard,
                old.host.last_word,
                old.host.facts,
                old.listed,
            ),
            None => (Link::Connecting, None, None, None, None),
        };
        let own = self
            .own
            .get(&OwnKey::Host(record.id))
            .cloned()
            .unwrap_or_default();
        let host = Host {
            id: record.id,
            site: record.site,
            name: record.name,
            address: record.address,
            link,
            last_word,
            facts,
            config_dir: record.config_dir,
            tags: own.tags,
            notes: own.notes,
        };
        self.hosts.insert(host.id, HostState { host, heard, listed });
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
                state.listed = Some(HashSet::new());
                if !state.host.link.is_up() {
                    state.host.link = Link::Connecting;
                    self.dirty.insert(Key::Host(id));
                }
            }
            DriverEvent::Listed(vm) | DriverEvent::Changed(vm) => {
                if let Some(listed) = &mut state.listed {
                    listed.insert(vm.id);
                }
                self.dirty.insert(Key::Vm(vm.id));
                self.sightings
                    .entry(vm.id)
                    .or_default()
                    .insert(id, Vm { host: id, ..vm });
            }
            DriverEvent::ResyncEnd => {
                let listed = state.listed.take();
                state.host.link = Link::Up;
                self.dirty.insert(Key::Host(id));
                if let Some(listed) = listed {
                    self.forget_vms(id, |vm| !listed.contains(&vm));
                }
            }
            DriverEvent::Gone(vm) => self.forget_vms(id, |other| other == vm),
            DriverEvent::Facts(facts) => {
                state.host.facts = Some(facts);
                self.dirty.insert(Key::Host(id));
            }
            DriverEvent::Samples(_) | DriverEvent::Alive => {}
        }
    }

    /// Forgets what `host` said of the VMs that `which` picks.
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

    fn inside(&self, host: HostId) -> impl Iterator<Item = Key> + '_ {
        let vms = self
            .sightings
            .iter()
            .filter(move |(_, seen)| seen.contains_key(&host))
            .map(|(vm, _)| Key::Vm(*vm));
        vms.chain(self.tasks_where(move |task| task.host == host))
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
                    tags: Arc::from([]),
                },
            }),
            Key::Host(id) => Some(Entry {
                place: self.host_place(id, &[]),
                object: Object::Host(self.hosts.get(&id)?.shown(old)),
            }),
            Key::Vm(id) => {
                let shown_on = old.and_then(|entry| entry.place.host);
                let seen = choose(self.sightings.get(&id)?, shown_on)?;
                let vm = with_our_own(seen, self.own.get(&OwnKey::Vm(id)));
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

    fn host_place(&self, id: HostId, tags: &[String]) -> Place {
        let host = self.hosts.get(&id).map(|state| &state.host);
        let host_tags = host.map_or(&[][..], |host| &host.tags);
        Place {
            site: host.map(|host| host.site),
            host: Some(id),
            tags: tags.iter().chain(host_tags).cloned().collect(),
        }
    }
}
