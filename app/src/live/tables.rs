//! All objects by id, and how frames change them. Pure, so that it is tested without a browser.
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{
    Change, Host, HostId, Key, Object, PoolTask, PowerState, Site, SiteId, Task, TaskId, Vm, VmId,
};
use wxa_wire::LiveFrame;

/// All objects.
#[derive(Debug, Default)]
pub struct Tables {
    /// The server's run that `revision` belongs to; 0 for nothing yet.
    pub epoch: u64,
    /// What the picture is current at.
    pub revision: u64,
    /// Sites.
    pub sites: BTreeMap<SiteId, Arc<Site>>,
    /// Hosts.
    pub hosts: BTreeMap<HostId, Arc<Host>>,
    /// VMs, control domains included.
    pub vms: BTreeMap<VmId, Arc<Vm>>,
    /// Tasks, running and recently ended.
    pub tasks: BTreeMap<TaskId, Arc<Task>>,
    pub pool_tasks: BTreeMap<TaskId, Arc<PoolTask>>,
}

/// What a frame changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Sites were added, renamed or removed.
    pub sites: bool,
    /// Hosts changed.
    pub hosts: bool,
    /// Tasks changed.
    pub tasks: bool,
    /// What others do on pools changed.
    pub pool_tasks: bool,
    /// These VMs changed, came or went.
    pub vms: Vec<VmId>,
    /// Of these VMs a run ended: their measurements are history.
    pub stopped: Vec<VmId>,
}

/// What a frame means for the connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Applied {
    /// It changed this.
    Changed(Touched),
    /// It says nothing about objects.
    Nothing,
    /// It does not fit what we have: everything must be asked for anew.
    Lost,
}

impl Tables {
    /// Replaces everything.
    pub fn replace(&mut self, epoch: u64, revision: u64, objects: Vec<Object>) -> Touched {
        let mut old = std::mem::take(&mut self.vms);
        let mut touched = Touched {
            sites: true,
            hosts: true,
            tasks: true,
            pool_tasks: true,
            ..Touched::default()
        };
        self.sites.clear();
        self.hosts.clear();
        self.tasks.clear();
        self.pool_tasks.clear();
        self.epoch = epoch;
        self.revision = revision;
        for object in objects {
            if let Object::Vm(vm) = object {
                match old.remove(&vm.id) {
                    Some(same) if *same == vm => {
                        self.vms.insert(vm.id, same);
                    }
                    before => {
                        touched.note(before.as_deref(), Some(&vm), vm.id);
                        self.vms.insert(vm.id, Arc::new(vm));
                    }
                }
            } else {
                self.put(object, &mut touched);
            }
        }
        for (id, gone) in old {
            touched.note(Some(&gone), None, id);
        }
        touched
    }

    /// Takes in a frame of the live socket.
    pub fn apply(&mut self, frame: LiveFrame) -> Applied {
        match frame {
            LiveFrame::Snapshot {
                epoch,
                revision,
                objects,
            } => Applied::Changed(self.replace(epoch, revision, objects)),
            LiveFrame::Delta { from, to, changes } => {
                if from != self.revision {
                    return Applied::Lost;
                }
                self.revision = to;
                let mut touched = Touched::default();
                for change in changes {
                    match change {
                        Change::Put { object } => self.put(object, &mut touched),
                        Change::Gone { key } => self.gone(key, &mut touched),
                    }
                }
                Applied::Changed(touched)
            }
            LiveFrame::Welcome { .. } | LiveFrame::Tick { .. } => Applied::Nothing,
        }
    }

    fn put(&mut self, object: Object, touched: &mut Touched) {
        match object {
            Object::Site(site) => {
                touched.sites = true;
                self.sites.insert(site.id, Arc::new(site));
            }
            Object::Host(host) => {
                touched.hosts = true;
                self.hosts.insert(host.id, Arc::new(host));
            }
            Object::Task(task) => {
                touched.tasks = true;
                self.tasks.insert(task.id, Arc::new(task));
            }
            Object::PoolTask(task) => {
                touched.pool_tasks = true;
                self.pool_tasks.insert(task.id, Arc::new(task));
            }
            Object::Vm(vm) => {
                let id = vm.id;
                touched.note(self.vms.get(&id).map(Arc::as_ref), Some(&vm), id);
                self.vms.insert(id, Arc::new(vm));
            }
        }
    }

    fn gone(&mut self, key: Key, touched: &mut Touched) {
        match key {
            Key::Site(id) => touched.sites |= self.sites.remove(&id).is_some(),
            Key::Host(id) => touched.hosts |= self.hosts.remove(&id).is_some(),
            Key::Task(id) => touched.tasks |= self.tasks.remove(&id).is_some(),
            Key::PoolTask(id) => touched.pool_tasks |= self.pool_tasks.remove(&id).is_some(),
            Key::Vm(id) => {
                if let Some(vm) = self.vms.remove(&id) {
                    touched.note(Some(&vm), None, id);
                }
            }
        }
    }
}

impl Touched {
    fn note(&mut self, before: Option<&Vm>, after: Option<&Vm>, id: VmId) {
        self.vms.push(id);
        let ran = before.is_some_and(|vm| vm.power != PowerState::Halted);
        if ran && after.is_none_or(|vm| vm.power == PowerState::Halted) {
            self.stopped.push(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{host, site, task, vm};
    use wxa_model::{Link, UnixMillis};

    fn delta(from: u64, changes: Vec<Change>) -> LiveFrame {
        LiveFrame::Delta {
            from,
            to: from + 1,
            changes,
        }
    }

    fn put(object: Object) -> Change {
        Change::Put { object }
    }

    fn filled() -> Tables {
        let mut tables = Tables::default();
        let web = vm(1, "web-01", PowerState::Running);
        tables.replace(
            7,
            3,
            vec![
                Object::Site(site(1, "Vienna")),
                Object::Host(host(1, Link::Up)),
                Object::Task(task(1, &web)),
                Object::Vm(web),
                Object::Vm(vm(2, "web-02", PowerState::Halted)),
            ],
        );
        tables
    }

    #[test]
    fn a_delta_touches_what_it_names_and_moves_the_revision() {
        let mut tables = filled();
        let halted = vm(1, "web-01", PowerState::Halted);
        let gone = VmId(uuid::Uuid::from_u128(2));
        let applied = tables.apply(delta(
            3,
            vec![
                put(Object::Vm(halted.clone())),
                Change::Gone { key: Key::Vm(gone) },
            ],
        ));
        assert_eq!(
            applied,
            Applied::Changed(Touched {
                vms: vec![halted.id, gone],
                stopped: vec![halted.id],
                ..Touched::default()
            })
        );
        assert_eq!((tables.epoch, tables.revision, tables.vms.len()), (7, 4, 1));
    }

    #[test]
    fn applying_a_change_twice_is_applying_it_once() {
        let mut tables = filled();
        let change = vec![put(Object::Vm(vm(2, "web-02", PowerState::Paused)))];
        tables.apply(delta(3, change.clone()));
        let once = tables.vms.clone();
        tables.apply(delta(4, change));
        assert_eq!(tables.vms, once);
        let gone = Change::Gone {
            key: Key::Task(TaskId(uuid::Uuid::from_u128(99))),
        };
        assert_eq!(
            tables.apply(delta(5, vec![gone])),
            Applied::Changed(Touched::default())
        );
    }

    #[test]
    fn a_delta_from_elsewhere_is_not_guessed_at() {
        let mut tables = filled();
        assert_eq!(tables.apply(delta(9, vec![])), Applied::Lost);
        assert_eq!(tables.revision, 3);
    }

    #[test]
    fn a_snapshot_replaces_and_touches_only_what_differs() {
        let mut tables = filled();
        let applied = tables.apply(LiveFrame::Snapshot {
            epoch: 8,
            revision: 1,
            objects: vec![
                Object::Vm(vm(1, "web-01", PowerState::Running)),
                Object::Vm(vm(3, "new", PowerState::Halted)),
            ],
        });
        let Applied::Changed(touched) = applied else {
            panic!("a snapshot changes things")
        };
        let ids: Vec<u128> = touched.vms.iter().map(|id| id.0.as_u128()).collect();
        assert_eq!(ids, [3, 2]);
        assert!(tables.sites.is_empty() && tables.hosts.is_empty() && tables.tasks.is_empty());
        assert_eq!(
            tables.apply(LiveFrame::Tick { now: UnixMillis(1) }),
            Applied::Nothing
        );
    }
}
