//! One published picture, and what a caller may see of it.
use super::{delta::ChangeRing, entries::Entries};
use std::sync::Arc;
use wxa_model::{
    Grant, Host, HostId, Key, Object, Permission, PoolTask, Scope, Site, SiteId, Target, Task, TaskId, Vm,
    VmId, grants::allows,
};

/// The inventory at a revision. Immutable; sharing it costs nothing.
#[derive(Clone, Debug)]
pub struct Published {
    /// Names the server's run.
    pub epoch: u64,
    /// Counts publications; 0 is the empty beginning.
    pub revision: u64,
    pub(super) entries: Entries,
    pub(super) ring: ChangeRing,
}

/// An object and where it is.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    pub shown: Shown,
    pub place: Place,
}

/// An [`Object`] that shares its VM with the sighting that it shows. There are many more VMs than anything else: the others are
/// boxed, so that a VM's entry is small.
#[derive(Debug, PartialEq)]
pub(super) enum Shown {
    Site(Site),
    Host(Box<Host>),
    Vm(Arc<Vm>),
    Task(Box<Task>),
    PoolTask(Box<PoolTask>),
}

impl Entry {
    /// For those who are told of it.
    pub fn object(&self) -> Object {
        match &self.shown {
            Shown::Site(site) => Object::Site(site.clone()),
            Shown::Host(host) => Object::Host(Host::clone(host)),
            Shown::Vm(vm) => Object::Vm(Vm::clone(vm)),
            Shown::Task(task) => Object::Task(Task::clone(task)),
            Shown::PoolTask(task) => Object::PoolTask(PoolTask::clone(task)),
        }
    }

    /// The VM that it is; none for anything else.
    pub fn vm(&self) -> Option<&Arc<Vm>> {
        match &self.shown {
            Shown::Vm(vm) => Some(vm),
            _ => None,
        }
    }
}

/// Where an object is, as far as grants can name it: an owned [`Target`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its site; none only for something whose host is gone.
    pub site: Option<SiteId>,
    /// Its host.
    pub host: Option<HostId>,
    /// The pool that this host is a member of.
    pub pool: Option<HostId>,
    /// Its own tags, its host's and its pool's.
    pub tags: Arc<[String]>,
}

impl Place {
    /// For [`allows`] and [`crate::Ctx::may`].
    pub fn target(&self) -> Target<'_> {
        Target {
            site: self.site,
            host: self.host,
            pool: self.pool,
            tags: &self.tags,
        }
    }

    /// The host whose connection tells of it: the pool for what is on a member.
    pub fn reached_through(&self) -> Option<HostId> {
        self.pool.or(self.host)
    }
}

impl Published {
    pub(super) fn empty(epoch: u64) -> Self {
        Self {
            epoch,
            revision: 0,
            entries: Entries::default(),
            ring: ChangeRing::default(),
        }
    }

    /// The VM and where it is.
    pub fn vm(&self, id: VmId) -> Option<(&Vm, &Place)> {
        let entry = self.entries.get(&Key::Vm(id))?;
        Some((entry.vm()?, &entry.place))
    }

    /// The host and where it is.
    pub fn host(&self, id: HostId) -> Option<(&Host, &Place)> {
        let entry = self.entries.get(&Key::Host(id))?;
        match &entry.shown {
            Shown::Host(host) => Some((host, &entry.place)),
            _ => None,
        }
    }

    /// The site.
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        match &self.entries.get(&Key::Site(id))?.shown {
            Shown::Site(site) => Some(site),
            _ => None,
        }
    }

    /// The task.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        match &self.entries.get(&Key::Task(id))?.shown {
            Shown::Task(task) => Some(task.as_ref()),
            _ => None,
        }
    }

    /// What a pool does and was not begun here.
    pub fn pool_task(&self, id: TaskId) -> Option<&PoolTask> {
        match &self.entries.get(&Key::PoolTask(id))?.shown {
            Shown::PoolTask(task) => Some(task),
            _ => None,
        }
    }

    /// Where an object is.
    pub fn place(&self, key: Key) -> Option<&Place> {
        Some(&self.entries.get(&key)?.place)
    }

    /// All hosts.
    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.entries.values().filter_map(|entry| match &entry.shown {
            Shown::Host(host) => Some(host.as_ref()),
            _ => None,
        })
    }

    /// All VMs.
    pub fn vms(&self) -> impl Iterator<Item = &Vm> {
        self.entries
            .values()
            .filter_map(|entry| entry.vm().map(Arc::as_ref))
    }

    /// All tasks.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.entries.values().filter_map(|entry| match &entry.shown {
            Shown::Task(task) => Some(task.as_ref()),
            _ => None,
        })
    }

    /// Whether a holder of `grants` may see the object: its own place is in their scope, or something in it is.
    pub fn sees(&self, grants: &[Grant], key: Key) -> bool {
        self.entries
            .get(&key)
            .is_some_and(|entry| self.entry_seen(grants, key, entry))
    }

    /// Everything a holder of `grants` may see, in the order of keys.
    pub fn view(&self, grants: &[Grant]) -> Vec<Object> {
        self.entries
            .iter()
            .filter(|(key, entry)| self.entry_seen(grants, **key, entry))
            .map(|(_, entry)| entry.object())
            .collect()
    }

    pub(super) fn entry_seen(&self, grants: &[Grant], key: Key, entry: &Entry) -> bool {
        if allows(grants, Permission::View, &entry.place.target()) {
            return true;
        }
        if !may_reach_inside(grants, key) {
            return false;
        }
        self.entries.iter().any(|(inner_key, inner)| {
            let inside = match (key, inner_key) {
                (Key::Site(site), Key::Host(_) | Key::Vm(_)) => inner.place.site == Some(site),
                (Key::Host(host), Key::Host(_) | Key::Vm(_)) => {
                    inner.place.host == Some(host) || inner.place.pool == Some(host)
                }
                _ => false,
            };
            inside && allows(grants, Permission::View, &inner.place.target())
        })
    }
}

/// Whether one of `grants` could reach something in a container that it does not reach itself. A grant on a host reaches
/// into no pool: there is none on a member (`Core::check_scopes`).
pub(super) fn may_reach_inside(grants: &[Grant], container: Key) -> bool {
    grants.iter().any(|grant| match (&grant.scope, container) {
        (Scope::Tag(_), Key::Site(_) | Key::Host(_)) | (Scope::Host(_), Key::Site(_)) => true,
        (Scope::Everything | Scope::Site(_), _) => false,
        (Scope::Host(_) | Scope::Tag(_), _) => false,
    })
}
