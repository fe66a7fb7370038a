//! How what the writer knows becomes the next picture.
use super::State;
use crate::inventory::{
    delta::{Changed, Step},
    published::{Entry, Place, Published, Shown},
    sightings::{choose, with_our_own},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use wxa_model::{Host, HostId, Key, Task, Vm};
use wxa_store::OwnKey;

/// Where each object was, and whether a brief of it is different.
type Differences = BTreeMap<Key, (Option<Place>, bool)>;

/// Whether those who know VMs in brief have nothing to hear: it is the same VM, with other details.
fn same_brief(old: Option<&Entry>, new: Option<&Entry>) -> bool {
    match (old.and_then(Entry::vm), new.and_then(Entry::vm)) {
        (Some(old), Some(new)) => old.same_brief(new),
        _ => false,
    }
}

impl State {
    /// The next picture; none when nothing is different.
    pub fn commit(&mut self) -> Option<Published> {
        let mut changed = Differences::new();
        let mut touched = BTreeSet::new();
        while let Some(key) = self.dirty.pop_first() {
            self.refresh(key, &mut changed, &mut touched);
        }
        // A container may come into or leave somebody's scope with what is in it: it counts as changed.
        for key in touched {
            if let Some(entry) = self.entries.get(&key) {
                changed
                    .entry(key)
                    .or_insert_with(|| (Some(entry.place.clone()), true));
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
                .map(|(key, (was, brief))| Changed { key, was, brief })
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
    fn refresh(&mut self, key: Key, changed: &mut Differences, touched: &mut BTreeSet<Key>) {
        let old = self.entries.get(&key).cloned();
        let new = self.build(key, old.as_deref());
        if old.as_deref() == new.as_ref() {
            return;
        }
        let was = old.as_ref().map(|entry| entry.place.clone());
        let is = new.as_ref().map(|entry| entry.place.clone());
        let brief = was != is || !same_brief(old.as_deref(), new.as_ref());
        if was != is {
            let dependents: Vec<Key> = match key {
                Key::Host(host) => self.inside(host).collect(),
                Key::Vm(vm) => self
                    .tasks_where(|task| task.vm == vm)
                    .chain(self.pool_tasks_where(|_, task| task.vm == Some(vm)))
                    .collect(),
                Key::Site(_) | Key::Task(_) | Key::PoolTask(_) => Vec::new(),
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
        changed.entry(key).or_insert((was, false)).1 |= brief;
    }

    /// What is on a host, or in a pool, as far as where it is depends on that.
    fn inside(&self, host: HostId) -> impl Iterator<Item = Key> + '_ {
        let is_there = move |(through, vm): (HostId, &Arc<Vm>)| through == host || vm.host == host;
        let vms = self
            .sightings
            .iter()
            .filter(move |(_, seen)| seen.iter().any(is_there))
            .map(|(vm, _)| Key::Vm(*vm));
        let members = self.members.of(host).map(Key::Host);
        vms.chain(members)
            .chain(self.tasks_where(move |task| task.host == host))
            .chain(self.pool_tasks_where(move |through, task| through == host || task.host == host))
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
                shown: Shown::Site(self.sites.get(&id)?.clone()),
                place: Place {
                    site: Some(id),
                    host: None,
                    pool: None,
                    tags: Arc::from([]),
                },
            }),
            Key::Host(id) => Some(Entry {
                place: self.host_place(id, &[]),
                shown: Shown::Host(Box::new(self.shown_host(id, old)?)),
            }),
            Key::Vm(id) => {
                let shown_through = old.and_then(|entry| entry.place.reached_through());
                let (through, seen) = choose(self.sightings.get(&id)?, shown_through)?;
                let is_on_member = self.members.pool_of(seen.host) == Some(through);
                let host = if is_on_member { seen.host } else { through };
                let own = self.own.get(&OwnKey::Vm(id));
                let vm = with_our_own(seen, host, own, self.understood.get(&id));
                Some(Entry {
                    place: self.host_place(vm.host, &vm.tags),
                    shown: Shown::Vm(vm),
                })
            }
            Key::PoolTask(id) => self.shown_pool_task(id),
            Key::Task(id) => {
                let task = self.tasks.get(&id)?;
                let vm = self.entries.get(&Key::Vm(task.vm));
                Some(Entry {
                    place: vm.map_or_else(|| self.host_place(task.host, &[]), |vm| vm.place.clone()),
                    shown: Shown::Task(Box::new(task.clone())),
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
    pub(super) fn host_place(&self, id: HostId, tags: &[String]) -> Place {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inventory::InventoryCmd,
        test_driver::{HOST, record, vm, vm_id},
    };
    use wxa_driver::DriverEvent;
    use wxa_model::{PowerState, UnixMillis};

    /// Whether what was said and what is published are one in memory.
    fn is_shared(state: &State) -> bool {
        let seen = state.sightings.get(&vm_id(1)).and_then(|seen| choose(seen, None));
        let entry = state.entries.get(&Key::Vm(vm_id(1)));
        match (seen, entry.map(|entry| &entry.shown)) {
            (Some((_, seen)), Some(Shown::Vm(shown))) => Arc::ptr_eq(seen, shown),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_vm_that_is_listed_again_is_still_one_in_memory() {
        let mut state = State::new(7);
        state.apply(InventoryCmd::PutHost(record(HOST)));
        for power in [PowerState::Running, PowerState::Running, PowerState::Halted] {
            for event in [
                DriverEvent::ResyncBegin,
                DriverEvent::Listed(vm(1, power)),
                DriverEvent::ResyncEnd,
            ] {
                state.apply(InventoryCmd::Driver {
                    host: HOST,
                    at: UnixMillis(5),
                    event,
                });
            }
            let _ = state.commit();
            assert!(is_shared(&state), "{power:?}");
        }
    }
}
