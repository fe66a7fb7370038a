//! Which VMs the page shows with their details, and how much is kept of the others.
use super::Live;
use crate::sorted;
use leptos::prelude::*;
use wxa_model::VmId;

impl Live {
    /// Whether the details of a VM are known: its disks and interfaces, notes, what its guest says. Tracks the VM.
    pub fn is_detailed(&self, id: VmId) -> bool {
        self.shared_vm(id).track();
        self.with_data(|data| data.tables.detailed.contains(&id))
    }

    /// Asks for the details of a VM for as long as the caller's owner lives.
    pub fn watch(&self, id: VmId) {
        let watching = self.watching;
        let mut first = false;
        watching.update_untracked(|watching| {
            let times = watching.entry(id).or_default();
            *times += 1;
            first = *times == 1;
        });
        if first {
            watching.notify();
        }
        on_cleanup(move || {
            watching.try_update(|watching| {
                if let Some(times) = watching.get_mut(&id) {
                    *times -= 1;
                    if *times == 0 {
                        watching.remove(&id);
                    }
                }
            });
        });
    }

    /// The VMs that are watched; details of others are forgotten. Tracks them.
    pub fn watched(&self) -> Vec<VmId> {
        let watched: Vec<VmId> = self.watching.with(|watching| watching.keys().copied().collect());
        let keep = sorted::set(watched.iter().copied());
        let touched = self.with_data(|data| data.tables.keep_details(&keep));
        self.announce(touched);
        watched
    }

    /// Forgets the numbers by which a list was in order.
    pub fn forget_ranks(&self) {
        self.with_data(|data| data.rings.forget_ranks());
    }

    /// Forgets the last minutes of VMs that are not among these, where there are very many.
    pub fn keep_minutes(&self, wished: &[VmId]) {
        self.with_data(|data| data.rings.keep(wished));
    }
}
