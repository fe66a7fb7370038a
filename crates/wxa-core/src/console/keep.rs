//! Consoles that stay attached though nobody looks, because that is how they are recorded: in pools, where it locks nobody out,
//! and on hosts for which that was chosen.
use super::{Consoles, api::first_kind, recorder::RecorderState, settings::RecordingWay};
use crate::{
    inventory::Published,
    supervisor::{Restart, WorkerError},
};
use std::{collections::HashSet, time::Duration};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use wxa_model::{ConsoleKind, Host, HostKind, Key, PowerState, Vm, VmId, VmRole};

/// Between two looks.
const PACE: Duration = Duration::from_millis(500);
/// Those for which there was no room are tried again so often.
const AGAIN: Duration = Duration::from_secs(10);

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
        loop {
            let picture = pictures.borrow_and_update().clone();
            states.mark_unchanged();
            let had_room = self.keep_only(&self.to_be_kept(&picture));
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

    fn to_be_kept(&self, picture: &Published) -> HashSet<(VmId, ConsoleKind)> {
        let connected = picture.hosts().filter(|host| host.kind.pool().is_none());
        let by_staying: HashSet<_> = connected
            .filter(|host| self.records_by_staying(host))
            .map(|host| host.id)
            .collect();
        if by_staying.is_empty() {
            return HashSet::new();
        }
        let wanted = picture.vms().filter_map(|vm| {
            let place = picture.place(Key::Vm(vm.id))?;
            let through = place.reached_through().filter(|host| by_staying.contains(host))?;
            let (host, _) = picture.host(through)?;
            let refused = self.inner.tapes.recording().refusal(vm.id, place.tags.iter());
            let kind = kept_kind(host, vm)?;
            refused.is_none().then_some((vm.id, kind))
        });
        wanted.collect()
    }

    fn records_by_staying(&self, host: &Host) -> bool {
        match self.inner.tapes.recording().way(host.id) {
            RecordingWay::Attached => true,
            RecordingWay::Off => false,
            RecordingWay::Logs => {
                let logs_nothing = self.inner.places.recorders.state(host.id);
                host.kind == HostKind::Pool && matches!(logs_nothing, Some(RecorderState::NoLogs(_)))
            }
        }
    }
}

/// Which console of a VM is kept attached; none where that is none.
fn kept_kind(host: &Host, vm: &Vm) -> Option<ConsoleKind> {
    let is_pool = host.kind == HostKind::Pool;
    let is_recorded = match vm.role {
        VmRole::Guest => true,
        // The hosts of a pool have text consoles of their own.
        VmRole::ControlDomain => is_pool,
    };
    let runs = matches!(vm.power, PowerState::Running | PowerState::Paused);
    let kind = first_kind(vm);
    let is_there = vm.consoles.contains(&kind);
    // What a pool's member opens over SSH would lock others out there.
    let locks_nobody_out = !is_pool || kind == ConsoleKind::Pv;
    (is_recorded && runs && is_there && locks_nobody_out).then_some(kind)
}

#[cfg(test)]
mod tests;
