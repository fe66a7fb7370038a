//! The worker that follows the inventory and the checks, judges services, and brings into the database what changed.
mod keep;
mod past;

use super::{
    StatusHandle,
    checks::{self, Asked, CheckEnd},
};
use crate::{
    Core,
    inventory::{Inventory, Published},
    supervisor::{Restart, WorkerError},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, mpsc, watch},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

/// Up to when all is known is written so often at least, and looked at the clock.
const BEAT: Duration = Duration::from_secs(5);
/// Between two looks at the inventory: what goes and comes back meanwhile is not seen.
const PACE: Duration = Duration::from_millis(200);
/// Between two writes.
const WRITE_PACE: Duration = Duration::from_secs(1);
/// What is too old goes so often.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);
/// Ends of checks that wait to be recorded.
const ENDS: usize = 64;

/// What the worker works with.
#[derive(Clone)]
struct Recorder {
    handle: StatusHandle,
    inventory: Inventory,
    ends: Arc<Mutex<mpsc::Receiver<CheckEnd>>>,
    checks: watch::Sender<Arc<[Asked]>>,
}

impl Core {
    /// Ends what the run before left open, and records how everything stands for as long as the server runs.
    pub(crate) async fn record_states(&self) -> Result<(), wxa_store::Error> {
        let handle = self.inner.status.clone();
        let live = self.live();
        let (ends, told) = mpsc::channel(ENDS);
        let checks = watch::Sender::new(Arc::from([]));
        let asked = checks.subscribe();
        handle.restore().await?;
        let recorder = Recorder {
            handle,
            inventory: live.inventory.clone(),
            ends: Arc::new(Mutex::new(told)),
            checks,
        };
        live.supervisor.spawn("states", Restart::OnFailure, move |stop| {
            run(recorder.clone(), stop)
        });
        self.ask_from_outside(asked, ends);
        Ok(())
    }
}

/// What the worker wakes for.
enum Turn {
    Picture,
    Services,
    Check(CheckEnd),
    Beat,
    Stop,
}

async fn run(recorder: Recorder, stop: CancellationToken) -> Result<(), WorkerError> {
    let handle = &recorder.handle;
    let mut ends = recorder.ends.lock().await;
    let mut pictures = recorder.inventory.watch();
    let mut services = handle.services.subscribe();
    pictures.mark_changed();
    services.mark_changed();
    let begun = Instant::now();
    let (mut looked, mut ready) = (begun, begun);
    let (mut beat, mut write, mut prune) = (begun, begun, begun + PRUNE_EVERY);
    loop {
        let due = if handle.state().is_waiting() { write } else { beat };
        let turn = tokio::select! {
            () = stop.cancelled() => Turn::Stop,
            changed = services.changed() => if changed.is_ok() { Turn::Services } else { Turn::Stop },
            there_is = picture(ready, &mut pictures) => if there_is { Turn::Picture } else { Turn::Stop },
            Some(end) = ends.recv() => Turn::Check(end),
            () = sleep_until(due) => Turn::Beat,
        };
        let passed = u64::try_from(looked.elapsed().as_millis()).unwrap_or(u64::MAX);
        looked = Instant::now();
        handle.state().advance(handle.clock.now(), passed);
        match turn {
            Turn::Stop => return Ok(handle.write().await?),
            Turn::Services => {
                let specs = services.borrow_and_update().clone();
                let new = handle.state().replace(&specs);
                let asked = handle.state().asked();
                recorder.checks.send_replace(asked.into());
                handle.remember(new).await;
            }
            Turn::Picture => {
                ready = looked + PACE;
                let latest = pictures.borrow_and_update().clone();
                handle.state().see(&latest);
            }
            Turn::Check(end) => handle.state().hear(end.check, end.answer),
            Turn::Beat => {
                handle.state().miss(checks::late_ms);
                let written = handle.write().await;
                if let Err(error) = &written {
                    tracing::error!(%error, "how things stand cannot be written; it is tried again");
                }
                beat = Instant::now() + BEAT;
                write = if written.is_ok() {
                    Instant::now() + WRITE_PACE
                } else {
                    beat
                };
            }
        }
        handle.publish();
        if Instant::now() >= prune {
            prune = Instant::now() + PRUNE_EVERY;
            handle.prune().await;
        }
    }
}

/// Waits for another picture, not before `ready`; false when there will be none.
async fn picture(ready: Instant, pictures: &mut watch::Receiver<Arc<Published>>) -> bool {
    sleep_until(ready).await;
    pictures.changed().await.is_ok()
}

#[cfg(test)]
mod tests;
