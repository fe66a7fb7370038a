//! What the receiver was told, so that only what differs is told again.
use crate::{
    reference::Ref,
    world::{Dirty, World},
};
use std::collections::HashMap;
use wxa_driver::{DriverEvent, Member};
use wxa_model::{HostFacts, HostId, Vm};

/// By XAPI's references.
#[derive(Debug, Default)]
pub(super) struct Told {
    vms: HashMap<Ref, Vm>,
    members: HashMap<Ref, Member>,
    facts: Option<HostFacts>,
}

impl Told {
    /// Everything anew.
    pub(super) fn resync(&mut self, world: &World) -> Vec<DriverEvent> {
        let facts = world.facts();
        self.members = world
            .members()
            .map(|(host, member)| (host.clone(), member))
            .collect();
        self.vms = world
            .vms()
            .map(|(reference, vm)| (reference.clone(), vm))
            .collect();
        self.facts = Some(facts.clone());
        let mut news = vec![DriverEvent::ResyncBegin, DriverEvent::Facts(facts)];
        news.extend(self.members.values().cloned().map(DriverEvent::Member));
        news.extend(self.vms.values().cloned().map(DriverEvent::Listed));
        news.push(DriverEvent::ResyncEnd);
        news
    }

    /// What differs. Members come before the VMs on them, and go after.
    pub(super) fn update(&mut self, world: &World, dirty: &Dirty) -> Vec<DriverEvent> {
        let mut news = Vec::new();
        let mut gone = Vec::new();
        if dirty.hosts || dirty.all {
            self.update_members(world, &mut news, &mut gone);
        }
        match dirty.all {
            true => {
                let known: Vec<Ref> = self.vms.keys().cloned().collect();
                let there = world.vms().map(|(reference, _)| reference.clone());
                for reference in known.into_iter().chain(there.collect::<Vec<_>>()) {
                    self.update_vm(world, &reference, &mut news);
                }
            }
            false => dirty
                .vms
                .iter()
                .for_each(|reference| self.update_vm(world, reference, &mut news)),
        }
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

    fn update_vm(&mut self, world: &World, reference: &Ref, news: &mut Vec<DriverEvent>) {
        match world.vm(reference) {
            Some(vm) if self.vms.get(reference) == Some(&vm) => {}
            Some(vm) => {
                news.push(DriverEvent::Changed(vm.clone()));
                self.vms.insert(reference.clone(), vm);
            }
            None => {
                if let Some(old) = self.vms.remove(reference) {
                    news.push(DriverEvent::Gone(old.id));
                }
            }
        }
    }
}
