//! Consoles that stay attached though nobody looks, because that is how they are recorded: in pools, where it locks nobody out,
//! on hosts for which that was chosen, and emulated serial ports, which are in no host's log.
use super::{Consoles, api::first_kind, recorder::RecorderState, settings::RecordingWay};
use crate::{
    inventory::Published,
    supervisor::{Restart, WorkerError},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use wxa_model::{ConsoleKind, Host, HostId, HostKind, Key, PowerState, Vm, VmId, VmRole};

/// Between two looks.
const PACE: Duration = Duration::from_millis(500);
/// Those for which there was no room are tried again so often.
const AGAIN: Duration = Duration::from_secs(10);

/// Which consoles of a host's guests stay attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stays {
    /// The first text console of each.
    First,
    /// Emulated serial ports: of the others the host's log tells.
    SerialPorts,
}

impl Consoles {
    /// Keeps consoles attached for as long as the server runs.
    pub(super) fn keep_attached(&self) {
        let consoles = self.clone();
        let supervisor = &self.inner.supervisor;
        supervisor.spawn("consoles kept", Restart::OnFailure, move |stop| {
            consoles.clone().keep(stop)
        });
    }

    async fn keep(self, stop: CancellationToken) -> Result<(), WorkerError> {
        let mut pictures = self.inner.places.inventory.watch();
        let mut settings = self.inner.tapes.recording().watch();
        let mut states = self.inner.places.recorders.watch();
        let mut followed = HashSet::new();
        loop {
            let picture = pictures.borrow_and_update().clone();
            note_followed(&mut followed, &states.borrow_and_update());
            let had_room = self.keep_only(&self.to_be_kept(&picture, &followed));
            let changed = tokio::select! {
                changed = pictures.changed() => changed,
                changed = settings.changed() => changed,
                changed = states.changed() => changed,
                () = sleep(AGAIN), if !had_room => Ok(()),
                () = stop.cancelled() => return Ok(()),
            };
            if changed.is_err() {
                return Ok(());
            }
            tokio::select! {
                () = sleep(PACE) => {}
                () = stop.cancelled() => return Ok(()),
            }
        }
    }

    fn to_be_kept(&self, picture: &Published, followed: &HashSet<HostId>) -> HashSet<(VmId, ConsoleKind)> {
        let connected = picture.hosts().filter(|host| host.kind.pool().is_none());
        let by_staying: HashMap<_, _> = connected
            .filter_map(|host| Some((host.id, self.stays(host, followed)?)))
            .collect();
        if by_staying.is_empty() {
            return HashSet::new();
        }
        let wanted = picture.vms().filter_map(|vm| {
            let place = picture.place(Key::Vm(vm.id))?;
            let through = place.reached_through()?;
            let stays = *by_staying.get(&through)?;
            let (host, _) = picture.host(through)?;
            let refused = self.inner.tapes.recording().refusal(vm.id, place.tags.iter());
            let kind = kept_kind(host, vm, stays)?;
            refused.is_none().then_some((vm.id, kind))
        });
        wanted.collect()
    }

    /// Which consoles stay attached on a host; none where nothing is recorded by that.
    fn stays(&self, host: &Host, followed: &HashSet<HostId>) -> Option<Stays> {
        match self.inner.tapes.recording().way(host.id) {
            RecordingWay::Attached => Some(Stays::First),
            RecordingWay::Off => None,
            RecordingWay::Logs if host.kind == HostKind::Pool => {
                let logs_nothing = self.inner.places.recorders.state(host.id);
                matches!(logs_nothing, Some(RecorderState::NoLogs(_))).then_some(Stays::First)
            }
            RecordingWay::Logs => followed.contains(&host.id).then_some(Stays::SerialPorts),
        }
    }
}

/// Notes which hosts' own records are followed. One that is followed anew a moment later goes on to be: nothing is let go of for that.
fn note_followed(followed: &mut HashSet<HostId>, states: &BTreeMap<HostId, RecorderState>) {
    followed.retain(|host| states.contains_key(host));
    for (host, state) in states {
        match state {
            RecorderState::Following => {
                followed.insert(*host);
            }
            RecorderState::NoLogs(_) | RecorderState::Off => {
                followed.remove(host);
            }
            RecorderState::Starting | RecorderState::Unheard(_) | RecorderState::Trouble(_) => {}
        }
    }
}

/// Which console of a VM is kept attached; none where that is none.
fn kept_kind(host: &Host, vm: &Vm, stays: Stays) -> Option<ConsoleKind> {
    let is_pool = host.kind == HostKind::Pool;
    let is_recorded = match vm.role {
        VmRole::Guest => true,
        // The hosts of a pool have text consoles of their own.
        VmRole::ControlDomain => is_pool,
    };
    let runs = matches!(vm.power, PowerState::Running | PowerState::Paused);
    let kind = match stays {
        Stays::First => first_kind(vm),
        Stays::SerialPorts => ConsoleKind::Serial,
    };
    let is_there = vm.consoles.contains(&kind);
    // What a pool's member opens over SSH would lock others out there.
    let locks_nobody_out = !is_pool || kind == ConsoleKind::Pv;
    (is_recorded && runs && is_there && locks_nobody_out).then_some(kind)
}

#[cfg(test)]
mod tests;
