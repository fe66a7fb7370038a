//! Everything that can be done to a hypervisor, as one closed list: a new action makes every driver answer.
use crate::{HostId, HostKind, SysrqKey, VmId};
use serde::{Deserialize, Serialize};

/// An act on a VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Start a halted VM from its definition.
    VmStart,
    /// Ask the guest to shut down, and wait until it has.
    VmShutdown,
    /// Ask the guest to reboot.
    VmReboot,
    /// Stop scheduling it; memory is kept.
    VmPause,
    /// Schedule it again.
    VmUnpause,
    /// Write its memory to disk and stop it; XAPI only.
    VmSuspend,
    /// Go on from where it was suspended; XAPI only.
    VmResume,
    /// Reboot it without asking the guest, as a reset button does; XAPI only.
    VmReset,
    /// Pull the plug: the guest is not asked.
    VmPowerOff,
    /// Send its kernel a SysRq key, which it obeys by itself; plain Xen only.
    VmSysrq,
}

impl Action {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::VmStart,
        Self::VmShutdown,
        Self::VmReboot,
        Self::VmPause,
        Self::VmUnpause,
        Self::VmSuspend,
        Self::VmResume,
        Self::VmReset,
        Self::VmPowerOff,
        Self::VmSysrq,
    ];

    /// What plain Xen offers. (`xl save` needs a place that nobody has named yet.)
    pub const PLAIN: [Self; 7] = [
        Self::VmStart,
        Self::VmShutdown,
        Self::VmReboot,
        Self::VmPause,
        Self::VmUnpause,
        Self::VmPowerOff,
        Self::VmSysrq,
    ];

    /// What pools offer. (XAPI has a call for SysRq keys, and answers that it is not implemented.)
    pub const POOL: [Self; 9] = [
        Self::VmStart,
        Self::VmShutdown,
        Self::VmReboot,
        Self::VmPause,
        Self::VmUnpause,
        Self::VmSuspend,
        Self::VmResume,
        Self::VmReset,
        Self::VmPowerOff,
    ];

    /// What can be asked of a VM on such a host at all.
    pub fn offered(kind: HostKind) -> &'static [Self] {
        match kind {
            HostKind::Plain => &Self::PLAIN,
            HostKind::Pool | HostKind::Member { .. } => &Self::POOL,
        }
    }

    /// The operation's one name through every layer.
    pub fn name(self) -> &'static str {
        match self {
            Self::VmStart => "vm_start",
            Self::VmShutdown => "vm_shutdown",
            Self::VmReboot => "vm_reboot",
            Self::VmPause => "vm_pause",
            Self::VmUnpause => "vm_unpause",
            Self::VmSuspend => "vm_suspend",
            Self::VmResume => "vm_resume",
            Self::VmReset => "vm_reset",
            Self::VmPowerOff => "vm_power_off",
            Self::VmSysrq => "vm_sysrq",
        }
    }

    /// The action of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// What a button says.
    pub fn label(self) -> &'static str {
        match self {
            Self::VmStart => "Start",
            Self::VmShutdown => "Shut down",
            Self::VmReboot => "Reboot",
            Self::VmPause => "Pause",
            Self::VmUnpause => "Unpause",
            Self::VmSuspend => "Suspend",
            Self::VmResume => "Resume",
            Self::VmReset => "Reset",
            Self::VmPowerOff => "Power off",
            Self::VmSysrq => "Send SysRq",
        }
    }

    /// What a VM in the middle of it is doing.
    pub fn doing(self) -> &'static str {
        match self {
            Self::VmStart => "Starting",
            Self::VmShutdown => "Shutting down",
            Self::VmReboot => "Rebooting",
            Self::VmPause => "Pausing",
            Self::VmUnpause => "Unpausing",
            Self::VmSuspend => "Suspending",
            Self::VmResume => "Resuming",
            Self::VmReset => "Resetting",
            Self::VmPowerOff => "Powering off",
            Self::VmSysrq => "Sending SysRq",
        }
    }

    /// Whether it puts the VM on a host, so that one may be chosen in a pool.
    pub fn takes_place(self) -> bool {
        matches!(self, Self::VmStart | Self::VmResume)
    }

    /// Whether it means nothing without a key ([`VmAct::key`]), so that it is no button by itself.
    pub fn takes_key(self) -> bool {
        self == Self::VmSysrq
    }

    /// What exactly is lost, for acts that destroy something; none for those that do not.
    pub fn loses(self) -> Option<&'static str> {
        match self {
            Self::VmPowerOff => Some(
                "The guest is not asked: everything it has not written to disk is lost, as if the plug were pulled.",
            ),
            Self::VmReset => Some(
                "The guest is not asked: everything it has not written to disk is lost, as if the reset button were pressed.",
            ),
            _ => None,
        }
    }
}

/// An action with its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VmAct {
    /// What is done.
    pub action: Action,
    /// To which VM.
    pub vm: VmId,
    /// The member of its pool on which it is to start or resume; none leaves the choice to the pool. Other actions and
    /// plain hosts have no choice, and none is given.
    pub on: Option<HostId>,
    /// The key that its kernel is sent; with [`Action::VmSysrq`], and only with that.
    pub key: Option<SysrqKey>,
}

impl VmAct {
    /// Without a chosen host and without a key.
    pub fn new(action: Action, vm: VmId) -> Self {
        Self {
            action,
            vm,
            on: None,
            key: None,
        }
    }

    /// What exactly is lost by it; none where nothing is.
    pub fn loses(self) -> Option<&'static str> {
        self.action.loses().or(self.key.and_then(SysrqKey::loses))
    }

    /// A SysRq key for its kernel.
    pub fn sysrq(vm: VmId, key: SysrqKey) -> Self {
        Self {
            key: Some(key),
            ..Self::new(Action::VmSysrq, vm)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_found_by_its_name() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(action));
        }
    }
}
