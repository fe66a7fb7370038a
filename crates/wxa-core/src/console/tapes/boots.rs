//! Which guests began to run: told by the inventory's pictures.
use super::{Tape, Tapes};
use crate::{
    console::{api::first_kind, understanding::recall_past},
    inventory::{Inventory, Published},
    supervisor::{Restart, Supervisor, WorkerError},
};
use std::{collections::HashMap, time::Duration};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use wxa_model::{ConsoleKind, HostId, PowerState, UnixMillis, Vm, VmId, VmRole};
use wxa_store::consoles::BOOT;

/// Between two looks.
const PACE: Duration = Duration::from_millis(250);
/// Clocks of hosts are believed as far as they are so near to ours.
const CLOCKS_MS: u64 = 120_000;

/// How a VM was seen.
#[derive(Clone, Debug)]
struct Seen {
    is_running: bool,
    host: HostId,
    /// What its host calls this run.
    run: Option<String>,
    /// When the last run that was seen began.
    began: Option<UnixMillis>,
}

impl Tapes {
    /// Marks boots for as long as the server runs.
    pub(crate) fn mark_boots(&self, inventory: &Inventory, supervisor: &Supervisor) {
        let (tapes, inventory) = (self.clone(), inventory.clone());
        supervisor.spawn("console boots", Restart::OnFailure, move |stop| {
            run(tapes.clone(), inventory.clone(), stop)
        });
    }
}

async fn run(tapes: Tapes, inventory: Inventory, stop: CancellationToken) -> Result<(), WorkerError> {
    let mut seen = HashMap::new();
    let mut pictures = inventory.watch();
    let mut settings = tapes.recording().watch();
    loop {
        let picture = pictures.borrow_and_update().clone();
        let now = tapes.shared.clock.now();
        for begun in begun(&mut seen, &picture, now) {
            tapes.began(begun).await;
        }
        tapes.keep_as_told(&picture);
        tokio::select! {
            changed = pictures.changed() => if changed.is_err() { return Ok(()) },
            changed = settings.changed() => if changed.is_err() { return Ok(()) },
            () = stop.cancelled() => return Ok(()),
        }
        tokio::select! {
            () = sleep(PACE) => {}
            () = stop.cancelled() => return Ok(()),
        }
    }
}

/// So long before a run is said to have begun its output may have come: hosts are asked now and then.
const BEFORE_MS: u64 = 3000;

/// A VM that began to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Begun {
    vm: VmId,
    kind: ConsoleKind,
    at: UnixMillis,
    /// It ran when this run of the server saw it first: its beginning may be marked already.
    is_old: bool,
}

/// Those that began to run since the last picture.
fn begun(seen: &mut HashMap<VmId, Seen>, picture: &Published, now: UnixMillis) -> Vec<Begun> {
    let mut begun = Vec::new();
    let mut there = HashMap::with_capacity(seen.len());
    // A control domain has a text console in pools, and is recorded there.
    let has_past = |vm: &&Vm| vm.role == VmRole::Guest || vm.has_text_console();
    for vm in picture.vms().filter(has_past) {
        let last = seen.remove(&vm.id);
        let next = Seen {
            is_running: matches!(vm.power, PowerState::Running | PowerState::Paused),
            host: vm.host,
            run: vm.native_id.clone(),
            began: vm.started_at.or(last.as_ref().and_then(|last| last.began)),
        };
        if next.is_running && last.as_ref().is_none_or(|last| last.was_another_run(&next)) {
            begun.extend(began(vm, last.is_none(), now));
        }
        there.insert(vm.id, next);
    }
    *seen = there;
    begun
}

fn began(vm: &Vm, is_old: bool, now: UnixMillis) -> Option<Begun> {
    let told = vm
        .started_at
        .filter(|at| is_old || at.0.abs_diff(now.0) < CLOCKS_MS);
    // Of one that runs already and of which nobody knows since when there is nothing to mark.
    let at = if is_old { told? } else { told.unwrap_or(now) };
    Some(Begun {
        vm: vm.id,
        kind: first_kind(vm),
        at: at.min(now),
        is_old,
    })
}

impl Seen {
    /// Whether what is seen next is another run: one that came to another host is not, though it may have been on neither for a moment.
    fn was_another_run(&self, next: &Self) -> bool {
        if self.host != next.host && self.began.is_some() && self.began == next.began {
            return false;
        }
        !self.is_running || (self.host == next.host && self.run != next.run && self.run.is_some())
    }
}

impl Tapes {
    /// Whose output goes into the file is as the settings and the guests' tags say.
    pub(in crate::console) fn keep_as_told(&self, picture: &Published) {
        let all: Vec<_> = self.all().values().cloned().collect();
        for tape in all {
            match self.is_recorded(tape.key.vm, picture) {
                Some(kept) => tape.set_kept(kept),
                None => tape.let_go(),
            }
        }
    }

    /// The same for one tape, right before it is written: it may be newer than the last look at them all.
    pub(super) fn keep_one_as_told(&self, tape: &Tape) {
        let Some(inventory) = self.shared.inventory.get() else {
            return;
        };
        if let Some(kept) = self.is_recorded(tape.key.vm, &inventory.now()) {
            tape.set_kept(kept);
        }
    }

    /// Whether the settings, the guest's tags and its host say that it is to be recorded; none of one that is not there.
    fn is_recorded(&self, vm: VmId, picture: &Published) -> Option<bool> {
        let (_, place) = picture.vm(vm)?;
        let refused = self
            .recording()
            .refusal_on(place.reached_through(), vm, place.tags.iter());
        Some(refused.is_none())
    }

    async fn began(&self, begun: Begun) {
        let mut tapes = self.of_vm(begun.vm);
        if tapes.is_empty() {
            tapes.push(self.tape(begun.vm, begun.kind));
        }
        for tape in tapes {
            recall_past(self, tape.key, tape.end()).await;
            if begun.is_old && self.has_boot(&tape, begun.at).await {
                continue;
            }
            tape.boot(UnixMillis(begun.at.0.saturating_sub(BEFORE_MS)), begun.at);
        }
    }

    /// Whether the boot is marked already; also when that cannot be known.
    async fn has_boot(&self, tape: &Tape, at: UnixMillis) -> bool {
        match self.marks(tape, Some(BOOT), 1).await {
            Ok(marks) => marks
                .last()
                .is_some_and(|last| last.at.0.saturating_add(CLOCKS_MS) >= at.0),
            Err(error) => {
                tracing::debug!(%error, "marks cannot be read");
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn seen(is_running: bool, host: u128, began: u64) -> Seen {
        Seen {
            is_running,
            host: HostId(Uuid::from_u128(host)),
            run: is_running.then(|| host.to_string()),
            began: Some(UnixMillis(began)),
        }
    }

    #[test]
    fn a_guest_that_came_from_another_host_has_not_booted_though_it_was_on_neither_for_a_moment() {
        let gone = seen(false, 1, 1_000);
        assert!(!gone.was_another_run(&seen(true, 2, 1_000)));
        assert!(gone.was_another_run(&seen(true, 2, 90_000)), "started there");
        assert!(
            gone.was_another_run(&seen(true, 1, 1_000)),
            "started here by a clock that was set back"
        );
    }
}
