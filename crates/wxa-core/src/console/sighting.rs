//! What the inventory says of a VM, as far as its console goes.
use super::ConsoleStatus;
use crate::inventory::Published;
use wxa_model::{Host, HostId, PowerState, VmId, rules::unheard};

/// Whatever differs is a reason to try again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sighting {
    pub host: HostId,
    /// The host whose connection serves it.
    pub through: HostId,
    power: PowerState,
    native_id: Option<String>,
    /// Why the host cannot be asked; none when it can.
    link: Option<String>,
}

impl Sighting {
    /// The VM as it is listed; none when it is not (any more).
    pub fn of(published: &Published, vm: VmId) -> Option<Self> {
        let (vm, _) = published.vm(vm)?;
        let host = published.host(vm.host).map(|(host, _)| host);
        Some(Self {
            host: vm.host,
            through: host.map_or(vm.host, Host::reached_through),
            power: vm.power,
            native_id: vm.native_id.clone(),
            link: match host {
                Some(host) => unheard(host),
                None => Some("The host is not known any more.".to_owned()),
            },
        })
    }

    /// Whether the host can be asked at all.
    pub fn is_reachable(&self) -> bool {
        self.link.is_none()
    }

    /// Why it makes no sense to attach now.
    pub fn obstacle(&self) -> Option<ConsoleStatus> {
        if let Some(why) = &self.link {
            return Some(ConsoleStatus::Failed { why: why.clone() });
        }
        match self.power {
            PowerState::Running | PowerState::Paused => None,
            PowerState::Halted | PowerState::Suspended | PowerState::Crashed | PowerState::Stopping => {
                Some(ConsoleStatus::NotRunning)
            }
        }
    }
}
