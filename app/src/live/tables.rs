//! All objects by id, and how frames change them. Pure, so that it is tested without a browser.
//!
//! Of most VMs only the brief is known ([`Vm::brief`]: the VM with blank details); of those that the page watches, all.
pub mod guests;
mod touched;

pub use guests::{Count, Guests};
pub use touched::{Applied, Touched};

use crate::sorted;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use wxa_model::{Change, Host, HostId, Key, Object, PoolTask, Site, SiteId, Task, TaskId, Vm, VmId};
use wxa_wire::{LiveFrame, index_frame::IndexFrame};

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
    /// What others do on pools.
    pub pool_tasks: BTreeMap<TaskId, Arc<PoolTask>>,
    /// The guests among the VMs, by name and counted.
    pub guests: Guests,
    /// The VMs that are known with their details.
    pub detailed: BTreeSet<VmId>,
}

impl Tables {
    /// Replaces everything; VMs come with their details.
    pub fn replace(&mut self, epoch: u64, revision: u64, objects: Vec<Object>) -> Touched {
        let mut vms = Vec::new();
        let mut others = Vec::new();
        for object in objects {
            match object {
                Object::Vm(vm) => vms.push(vm),
                other => others.push(other),
            }
        }
        self.detailed = sorted::set(vms.iter().map(|vm| vm.id));
        self.replace_all((epoch, revision), others, vms)
    }

    fn replace_all(&mut self, at: (u64, u64), others: Vec<Object>, vms: Vec<Vm>) -> Touched {
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
        (self.epoch, self.revision) = at;
        for object in others {
            self.put(object, &mut touched);
        }
        let mut old = std::mem::take(&mut self.vms);
        // In the order in which they came, which is by name: then there is nothing to sort.
        let mut come = Vec::with_capacity(vms.len());
        for vm in vms {
            let id = vm.id;
            let vm = match old.remove(&id) {
                Some(same) if *same == vm => same,
                before => {
                    touched.note(before.as_deref(), Some(&vm), id);
                    Arc::new(vm)
                }
            };
            come.push(vm.clone());
            self.vms.insert(id, vm);
        }
        for (id, gone) in old {
            self.detailed.remove(&id);
            touched.note(Some(&gone), None, id);
        }
        self.guests = Guests::of(come.iter());
        touched
    }

    /// Takes in a text frame of the live socket.
    pub fn apply(&mut self, frame: LiveFrame) -> Applied {
        match frame {
            LiveFrame::Snapshot {
                epoch,
                revision,
                objects,
            } => Applied::Changed(self.replace(epoch, revision, objects)),
            LiveFrame::Delta { from, to, changes } => self.difference(from, to, changes, Vec::new()),
            LiveFrame::Welcome { .. } | LiveFrame::Tick { .. } => Applied::Nothing,
        }
    }

    /// Takes in a frame of the index.
    pub fn apply_index(&mut self, frame: IndexFrame) -> Applied {
        let IndexFrame { head, changes, vms } = frame;
        if let Some(from) = head.from {
            return self.difference(from, head.to, changes, vms);
        }
        let others = changes.into_iter().filter_map(|change| match change {
            Change::Put { object } => Some(object),
            Change::Gone { .. } => None,
        });
        let others = others.collect();
        let vms = vms.into_iter().map(|vm| self.with_known_details(vm)).collect();
        Applied::Changed(self.replace_all((head.epoch, head.to), others, vms))
    }

    fn difference(&mut self, from: u64, to: u64, changes: Vec<Change>, briefs: Vec<Vm>) -> Applied {
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
        for brief in briefs {
            let vm = self.with_known_details(brief);
            self.put_vm(vm, &mut touched);
        }
        Applied::Changed(touched)
    }

    /// Details are known until the VM is no longer watched; a brief leaves them as they are.
    fn with_known_details(&self, brief: Vm) -> Vm {
        match self.vms.get(&brief.id) {
            Some(known) if self.detailed.contains(&brief.id) => brief.with_details_of(known),
            _ => brief,
        }
    }

    /// Adds briefs to what a page came with: those that are not known yet.
    pub fn add_briefs(&mut self, briefs: Vec<Vm>) -> Touched {
        let mut touched = Touched::default();
        for brief in briefs {
            if !self.vms.contains_key(&brief.id) {
                self.put_vm(brief, &mut touched);
            }
        }
        touched
    }

    /// Forgets the details of all VMs but these: nobody says any more when they change.
    pub fn keep_details(&mut self, watched: &BTreeSet<VmId>) -> Touched {
        let mut touched = Touched::default();
        let left: Vec<VmId> = self.detailed.difference(watched).copied().collect();
        for id in left {
            self.detailed.remove(&id);
            if let Some(vm) = self.vms.get(&id) {
                let brief = vm.brief();
                self.put_vm(brief, &mut touched);
            }
        }
        touched
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
                self.detailed.insert(vm.id);
                self.put_vm(vm, touched);
            }
        }
    }

    fn put_vm(&mut self, vm: Vm, touched: &mut Touched) {
        let id = vm.id;
        let vm = Arc::new(vm);
        let before = self.vms.insert(id, vm.clone());
        touched.note(before.as_deref(), Some(&vm), id);
        self.guests.change(before.as_ref(), Some(&vm));
    }

    fn gone(&mut self, key: Key, touched: &mut Touched) {
        match key {
            Key::Site(id) => touched.sites |= self.sites.remove(&id).is_some(),
            Key::Host(id) => touched.hosts |= self.hosts.remove(&id).is_some(),
            Key::Task(id) => touched.tasks |= self.tasks.remove(&id).is_some(),
            Key::PoolTask(id) => touched.pool_tasks |= self.pool_tasks.remove(&id).is_some(),
            Key::Vm(id) => {
                self.detailed.remove(&id);
                if let Some(vm) = self.vms.remove(&id) {
                    touched.note(Some(&vm), None, id);
                    self.guests.change(Some(&vm), None);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
