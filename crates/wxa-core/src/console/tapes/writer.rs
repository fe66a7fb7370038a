//! The one writer of tapes: brings what came into the file, and lets go of what is more than is to be kept.
use super::Tapes;
use crate::{
    console::settings::RecordingSettings,
    inventory::Inventory,
    supervisor::{Restart, Supervisor, WorkerError},
};
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use wxa_model::UnixMillis;
use wxa_store::{
    ConsoleStore, Error, TapeKey,
    consoles::{Keep, Printed, TapeWrite},
};

/// So long what comes is gathered before it is written. A server that is killed loses no more than that of what only it has seen.
const GATHERS: Duration = Duration::from_millis(200);
/// Bytes in one transaction.
const AT_ONCE: usize = 4 << 20;
/// After the file could not be written.
const PAUSE: Duration = Duration::from_secs(1);
/// Everything is looked through so often for what is too old.
const LOOKS: Duration = Duration::from_secs(300);
/// A tape is looked through when so much came since, or a quarter of its window if that is less.
const LOOKS_AFTER: u64 = 1 << 20;
const DAY_MS: u64 = 86_400_000;

impl Tapes {
    /// Keeps the file up to date for as long as the server runs.
    pub(crate) fn keep(&self, supervisor: &Supervisor, inventory: Inventory) {
        let Some(store) = self.store().cloned() else {
            return;
        };
        let tapes = self.clone();
        supervisor.spawn("console tapes", Restart::OnFailure, move |stop| {
            let writer = Writer {
                tapes: tapes.clone(),
                store: store.clone(),
                inventory: inventory.clone(),
                since_look: HashMap::new(),
                in_trouble: false,
            };
            writer.run(stop)
        });
    }

    /// Writes all that is there; for the server's end and for tests.
    pub(crate) async fn flush(&self) -> Result<(), Error> {
        let Some(store) = self.store() else { return Ok(()) };
        while !self.write_some(store).await?.is_empty() {}
        Ok(())
    }

    /// Writes some of what is there; tells what that was.
    async fn write_some(&self, store: &ConsoleStore) -> Result<Vec<TapeWrite>, Error> {
        // One at a time: what is taken is still there for the next one until it is written.
        let _turn = self.shared.turn.acquire().await;
        let writes = self.take_some();
        self.write(store, &writes).await?;
        Ok(writes)
    }

    /// What is to be written, up to some bytes of it: each tape once, those first that wait longest.
    fn take_some(&self) -> Vec<TapeWrite> {
        // What floods is listed again while this looks: its turn comes after the others'.
        let mut waiting = std::mem::take(&mut *self.shared.waiting()).into_iter();
        let (mut writes, mut bytes) = (Vec::new(), 0);
        while bytes < AT_ONCE {
            let Some(key) = waiting.next() else { break };
            let write = self.known(key).and_then(|tape| {
                self.keep_one_as_told(&tape);
                tape.take()
            });
            if let Some(write) = write {
                bytes += printed(&write);
                writes.push(write);
            }
        }
        self.shared.waiting().splice(..0, waiting);
        writes
    }

    async fn write(&self, store: &ConsoleStore, writes: &[TapeWrite]) -> Result<(), Error> {
        let written = store.append(writes).await;
        for write in writes {
            let Some(tape) = self.known(write.key) else {
                continue;
            };
            match &written {
                Ok(()) => tape.wrote(write),
                Err(_) => tape.put_back(),
            }
        }
        written
    }
}

fn printed(write: &TapeWrite) -> usize {
    write
        .printed
        .iter()
        .map(|printed: &Printed| printed.bytes.len())
        .sum()
}

struct Writer {
    tapes: Tapes,
    store: ConsoleStore,
    /// Which VMs there are.
    inventory: Inventory,
    /// Bytes that came since a tape was looked through.
    since_look: HashMap<TapeKey, u64>,
    in_trouble: bool,
}

impl Writer {
    async fn run(mut self, stop: CancellationToken) -> Result<(), WorkerError> {
        let mut looked = Instant::now();
        loop {
            let shared = self.tapes.shared.clone();
            tokio::select! {
                () = shared.came.notified() => {}
                () = sleep(LOOKS) => {}
                () = stop.cancelled() => break,
            }
            tokio::select! {
                () = shared.hurry.notified() => {}
                () = sleep(GATHERS) => {}
                () = stop.cancelled() => break,
            }
            self.write_all(&stop).await;
            if looked.elapsed() >= LOOKS {
                looked = Instant::now();
                self.look_through_all().await;
            }
        }
        Ok(self.tapes.flush().await?)
    }

    async fn write_all(&mut self, stop: &CancellationToken) {
        loop {
            match self.tapes.write_some(&self.store).await {
                Ok(writes) if writes.is_empty() => return,
                Ok(writes) => {
                    self.in_trouble = false;
                    for write in &writes {
                        *self.since_look.entry(write.key).or_default() += printed(write) as u64;
                    }
                    if let Err(error) = self.look_through_full(&writes).await {
                        tracing::warn!(%error, "what consoles printed cannot be let go of");
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut self.in_trouble, true) {
                        tracing::error!(%error, "what consoles print cannot be written");
                    }
                    tokio::select! {
                        () = sleep(PAUSE) => {}
                        () = stop.cancelled() => return,
                    }
                }
            }
        }
    }

    /// Looks through those of which much came since.
    async fn look_through_full(&mut self, writes: &[TapeWrite]) -> Result<(), Error> {
        let recording = self.tapes.recording().clone();
        let mut any = false;
        for write in writes {
            let settings = recording.of(write.key.vm);
            let enough = LOOKS_AFTER.min(settings.window_bytes / 4);
            if self
                .since_look
                .get(&write.key)
                .is_some_and(|came| *came >= enough)
            {
                self.since_look.remove(&write.key);
                self.look_through(write.key, &settings).await?;
                any = true;
            }
        }
        if any {
            self.bound_all().await?;
        }
        Ok(())
    }

    async fn look_through_all(&mut self) {
        let keys: Vec<TapeKey> = self.tapes.all().keys().copied().collect();
        let recording = self.tapes.recording().clone();
        let looked = async {
            for key in keys {
                self.look_through(key, &recording.of(key.vm)).await?;
            }
            self.bound_all().await?;
            let picture = self.inventory.now();
            self.tapes.forget_gone(&picture).await
        };
        if let Err(error) = looked.await {
            tracing::warn!(%error, "what consoles printed cannot be let go of");
        }
    }

    async fn look_through(&self, key: TapeKey, settings: &RecordingSettings) -> Result<(), Error> {
        let now = self.tapes.shared.clock.now();
        let keep = Keep {
            boot_bytes: settings.boot_bytes,
            window_bytes: settings.window_bytes,
            since: UnixMillis(now.0.saturating_sub(u64::from(settings.days) * DAY_MS)),
        };
        while self.store.prune_some(key, keep).await? {}
        Ok(())
    }

    async fn bound_all(&self) -> Result<(), Error> {
        let total = self.tapes.recording().common().total_bytes;
        while self.store.prune_total_some(total).await? {}
        self.store.shrink_some().await
    }
}

#[cfg(test)]
mod tests;
