//! What the receiver was told, so that only what differs is told again.
use crate::{
    pool::OwnTasks,
    reference::Ref,
    world::{Dirty, World},
};
use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
};
use wxa_driver::{DriverEvent, Member};
use wxa_model::{HostFacts, HostId, PoolTask, TaskId, Vm, VmId};

/// By XAPI's references.
#[derive(Debug, Default)]
pub(super) struct Told {
    vms: HashMap<Ref, ToldVm>,
    prints: RandomState,
    members: HashMap<Ref, Member>,
    facts: Option<HostFacts>,
    tasks: HashMap<TaskId, PoolTask>,
    /// Whether something of the tasks is still to be told.
    held_back: bool,
}

/// A VM that was told. Whoever was told has it; here it is enough to know whether it is another one now.
#[derive(Debug)]
struct ToldVm {
    id: VmId,
    /// A hash of all of it. That another VM has the same happens once in 2^64 changes, and lasts until the next one.
    print: u64,
}

impl Told {
    /// Everything anew: what comes before the VMs, and which they are. [`Self::list`] tells them, and [`Self::end`] the rest.
    pub(super) fn begin(&mut self, world: &World) -> (Vec<DriverEvent>, Vec<Ref>) {
        let facts = world.facts();
        self.members = world
            .members()
            .map(|(host, member)| (host.clone(), member))
            .collect();
        self.facts = Some(facts.clone());
        let mut news = vec![DriverEvent::ResyncBegin, DriverEvent::Facts(facts)];
        news.extend(self.members.values().cloned().map(DriverEvent::Member));
        let vms: Vec<Ref> = world.vm_references().cloned().collect();
        self.vms = HashMap::with_capacity(vms.len());
        (news, vms)
    }

    /// Some of the VMs.
    pub(super) fn list(&mut self, world: &World, some: &[Ref]) -> Vec<DriverEvent> {
        let mut news = Vec::with_capacity(some.len());
        for reference in some {
            if let Some(vm) = world.vm(reference) {
                self.vms.insert(reference.clone(), self.told(&vm));
                news.push(DriverEvent::Listed(vm));
            }
        }
        news
    }

    /// What comes after them.
    pub(super) fn end(&mut self, world: &World, own: &OwnTasks) -> Vec<DriverEvent> {
        let mut news = Vec::new();
        self.tasks.clear();
        self.held_back = true;
        self.update_tasks(world, own, &mut news);
        news.push(DriverEvent::ResyncEnd);
        news
    }

    /// What differs. Members come before the VMs on them, and go after.
    pub(super) fn update(&mut self, world: &World, dirty: &Dirty, own: &OwnTasks) -> Vec<DriverEvent> {
        let mut news = Vec::new();
        let mut gone = Vec::new();
        if dirty.hosts || dirty.all {
            self.update_members(world, &mut news, &mut gone);
        }
        match dirty.all {
            true => {
                let there: HashSet<&Ref> = world.vm_references().collect();
                let known = self.vms.keys().filter(|known| !there.contains(known));
                let no_more: Vec<Ref> = known.cloned().collect();
                for reference in no_more.iter().chain(there) {
                    self.update_vm(world, reference, &mut news);
                }
            }
            false => dirty
                .vms
                .iter()
                .for_each(|reference| self.update_vm(world, reference, &mut news)),
        }
        self.held_back |= dirty.tasks || dirty.all;
        self.update_tasks(world, own, &mut news);
        news.extend(gone);
        news
    }

    /// Whether the receiver knows that member.
    pub(super) fn knows(&self, member: HostId) -> bool {
        self.members.values().any(|known| known.id == member)
    }

    fn update_members(&mut self, world: &World, news: &mut Vec<DriverEvent>, gone: &mut Vec<DriverEvent>) {
        let facts = world.facts();
        if self.facts.as_ref() != Some(&facts) {
            news.push(DriverEvent::Facts(facts.clone()));
            self.facts = Some(facts);
        }
        let now: HashMap<Ref, Member> = world
            .members()
            .map(|(host, member)| (host.clone(), member))
            .collect();
        for (host, member) in &now {
            if self.members.get(host) != Some(member) {
                news.push(DriverEvent::Member(member.clone()));
            }
        }
        for (_, member) in self.members.iter().filter(|(host, _)| !now.contains_key(*host)) {
            gone.push(DriverEvent::MemberGone(member.id));
        }
        self.members = now;
    }

    /// What others do. While it is open whether a task is ours, it waits for the next time.
    fn update_tasks(&mut self, world: &World, own: &OwnTasks, news: &mut Vec<DriverEvent>) {
        if !self.held_back {
            return;
        }
        let Some(ours) = own.known(world) else { return };
        self.held_back = false;
        let now = world.others_tasks(&ours).into_iter();
        let now: HashMap<TaskId, PoolTask> = now.map(|task| (task.id, task)).collect();
        let gone = self.tasks.keys().filter(|id| !now.contains_key(*id));
        // First what goes, so that there are never more than there may be.
        news.extend(gone.copied().map(DriverEvent::TaskGone));
        let differs = now
            .values()
            .filter(|task| self.tasks.get(&task.id) != Some(*task));
        news.extend(differs.cloned().map(DriverEvent::Task));
        self.tasks = now;
    }

    fn told(&self, vm: &Vm) -> ToldVm {
        ToldVm {
            id: vm.id,
            print: self.prints.hash_one(vm),
        }
    }

    fn update_vm(&mut self, world: &World, reference: &Ref, news: &mut Vec<DriverEvent>) {
        match world.vm(reference) {
            Some(vm) => {
                let now = self.told(&vm);
                let before = self.vms.get(reference);
                if before.is_none_or(|before| before.print != now.print) {
                    self.vms.insert(reference.clone(), now);
                    news.push(DriverEvent::Changed(vm));
                }
            }
            None => {
                if let Some(old) = self.vms.remove(reference) {
                    news.push(DriverEvent::Gone(old.id));
                }
            }
        }
    }
}
