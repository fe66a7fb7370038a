//! What a frame changed.
use wxa_model::{PowerState, Vm, VmId};

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
    /// VMs changed in what lists are made of, and not in their details alone.
    pub lists: bool,
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

impl Touched {
    pub(super) fn note(&mut self, before: Option<&Vm>, after: Option<&Vm>, id: VmId) {
        self.vms.push(id);
        self.lists |= !before
            .zip(after)
            .is_some_and(|(before, after)| before.same_brief(after));
        let ran = before.is_some_and(|vm| vm.power != PowerState::Halted);
        if ran && after.is_none_or(|vm| vm.power == PowerState::Halted) {
            self.stopped.push(id);
        }
    }
}
