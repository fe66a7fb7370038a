//! What is kept of each console: a tape, addressed by byte offset, in memory and in the file.
//!
//! Whoever hears a guest puts what it prints on its tape at once; one writer brings what came into the file a few times a
//! second. Memory is bounded for each tape, and more of it stays only while somebody looks.
mod boots;
mod gone;
mod merge;
mod moments;
mod tape;
mod told;
mod writer;

pub(super) use tape::{Tape, Watcher};

use super::{HISTORY, settings::Recording, understanding::Understanding};
use crate::{clock::Clock, inventory::Inventory, system::QueueStatus};
use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{Notify, Semaphore};
use wxa_driver::LogPlace;
use wxa_model::{ConsoleKind, HostId, VmId};
use wxa_store::{
    ConsoleStore, Error, TapeKey,
    consoles::{MarkRecord, Printed, TapeRecord},
};

/// Bytes of a tape that stay in memory while somebody looks.
const WIDE: usize = HISTORY;
/// Bytes of a tape that stay in memory while nobody does.
const NARROW: usize = 48 << 10;
/// What is left of those once they are in the file, where nothing will be compared with them: a pool has a thousand such consoles.
const FEW: usize = 2 << 10;

/// All tapes. Cloning gives another handle.
#[derive(Clone, Debug)]
pub(crate) struct Tapes {
    shared: Arc<Shared>,
    all: Arc<Mutex<HashMap<TapeKey, Arc<Tape>>>>,
}

/// What all tapes have in common.
struct Shared {
    /// The file; none where nothing is kept beyond memory.
    store: Option<ConsoleStore>,
    clock: Arc<dyn Clock>,
    understanding: Understanding,
    recording: Recording,
    /// What guests there are, with their tags; none before anybody records.
    inventory: OnceLock<Inventory>,
    /// Those with something to be written.
    waiting: Mutex<Vec<TapeKey>>,
    /// Something is to be written.
    came: Notify,
    /// Somebody waits for room.
    hurry: Notify,
    /// Held by who writes.
    turn: Semaphore,
    lost: AtomicU64,
}

impl Shared {
    fn list(&self, key: TapeKey) {
        self.waiting().push(key);
        self.came.notify_one();
    }

    fn lose(&self, bytes: u64) {
        self.lost.fetch_add(bytes, Ordering::Relaxed);
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<TapeKey>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

/// What tapes are made of.
pub(crate) struct TapesParts {
    /// The file; none where nothing is kept beyond memory.
    pub(crate) store: Option<ConsoleStore>,
    /// What the file has.
    pub(crate) known: Vec<TapeRecord>,
    /// What is kept of which guest.
    pub(crate) recording: Recording,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Tapes {
    pub(crate) fn new(parts: TapesParts) -> Self {
        let shared = Arc::new(Shared {
            store: parts.store,
            understanding: Understanding::new(parts.clock.now()),
            clock: parts.clock,
            recording: parts.recording,
            inventory: OnceLock::new(),
            waiting: Mutex::default(),
            came: Notify::new(),
            hurry: Notify::new(),
            turn: Semaphore::new(1),
            lost: AtomicU64::new(0),
        });
        let all = parts
            .known
            .into_iter()
            .map(|record| (record.key, Arc::new(Tape::new(shared.clone(), record))));
        Self {
            all: Arc::new(Mutex::new(all.collect())),
            shared,
        }
    }

    /// Without a file.
    #[cfg(test)]
    pub(crate) fn in_memory(clock: Arc<dyn Clock>) -> Self {
        Self::new(TapesParts {
            store: None,
            known: Vec::new(),
            recording: Recording::default(),
            clock,
        })
    }

    /// Whose tags and hosts say whether they are recorded.
    pub(super) fn know(&self, inventory: Inventory) {
        // A second one would be the same.
        let _known = self.shared.inventory.set(inventory);
    }

    /// The file; none where nothing is kept beyond memory.
    pub(crate) fn store(&self) -> Option<&ConsoleStore> {
        self.shared.store.as_ref()
    }

    /// Gives the tapes of VMs, and places in hosts' records, to their new ids.
    pub(super) async fn rename(&self, vms: &[(VmId, VmId)], hosts: &[(HostId, HostId)]) -> Result<(), Error> {
        self.flush().await?;
        let Some(store) = self.store() else { return Ok(()) };
        store.rename(vms, hosts).await?;
        let known = store.tapes().await?;
        let mut all = self.all();
        for record in known {
            if vms.iter().any(|(_, to)| *to == record.key.vm) {
                let tape = || Arc::new(Tape::new(self.shared.clone(), record.clone()));
                all.entry(record.key).or_insert_with(tape);
            }
        }
        all.retain(|key, _| !vms.iter().any(|(from, _)| *from == key.vm));
        drop(all);
        self.understanding().rename(vms);
        Ok(())
    }

    /// Writes what is left and closes the file.
    pub(crate) async fn close(&self) {
        if let Err(error) = self.flush().await {
            tracing::error!(%error, "the last of what consoles printed could not be written");
        }
        if let Some(store) = self.store() {
            store.close().await;
        }
    }

    /// What is kept of which guest.
    pub(crate) fn recording(&self) -> &Recording {
        &self.shared.recording
    }

    /// The tape of a console; begun where there is none.
    pub(super) fn tape(&self, vm: VmId, kind: ConsoleKind) -> Arc<Tape> {
        let key = TapeKey { vm, kind };
        let mut all = self.all();
        let tape = all.entry(key).or_insert_with(|| {
            let record = TapeRecord {
                key,
                epoch: (rand::random::<u64>() >> 12) + 1,
                end: 0,
                bytes: 0,
                places: Vec::new(),
            };
            Arc::new(Tape::new(self.shared.clone(), record))
        });
        tape.clone()
    }

    /// The tape of a console; none where nothing was ever on it.
    pub(super) fn known(&self, key: TapeKey) -> Option<Arc<Tape>> {
        self.all().get(&key).cloned()
    }

    /// The tapes of a VM.
    fn of_vm(&self, vm: VmId) -> Vec<Arc<Tape>> {
        let all = self.all();
        [ConsoleKind::Pv, ConsoleKind::Serial]
            .iter()
            .filter_map(|kind| all.get(&TapeKey { vm, kind: *kind }).cloned())
            .collect()
    }

    /// Where a host's own record goes on, of every guest that it ever told of.
    pub(super) fn places(&self, host: HostId) -> Vec<((VmId, ConsoleKind), LogPlace)> {
        let all = self.all();
        let told = |tape: &Arc<Tape>| Some(((tape.key.vm, tape.key.kind), tape.place(host)?));
        all.values().filter_map(told).collect()
    }

    /// What is kept of `from..to` of a tape, in order, at most `most` bytes: from the file, then from memory.
    pub(super) async fn read(
        &self,
        tape: &Tape,
        from: u64,
        to: u64,
        most: usize,
    ) -> Result<Vec<Printed>, Error> {
        let mut all = match self.store() {
            Some(store) => store.read(tape.key, from, to, most).await?,
            None => Vec::new(),
        };
        let bytes: usize = all.iter().map(|printed| printed.bytes.len()).sum();
        if bytes < most {
            let from = all.last().map_or(from, Printed::end);
            let mut room = most - bytes;
            for mut printed in tape.unwritten(from, to) {
                printed.bytes.truncate(room);
                room -= printed.bytes.len();
                if printed.bytes.is_empty() {
                    break;
                }
                all.push(printed);
            }
        }
        Ok(all)
    }

    /// The end of the last stretch that is kept before `before`; none when nothing is.
    pub(super) async fn kept_before(&self, tape: &Tape, before: u64) -> Result<Option<u64>, Error> {
        if let Some(last) = tape.unwritten(0, before).last() {
            return Ok(Some(last.end()));
        }
        match self.store() {
            Some(store) => store.kept_before(tape.key, before).await,
            None => Ok(None),
        }
    }

    /// Those who understand what is printed.
    pub(super) fn understanding(&self) -> &Understanding {
        &self.shared.understanding
    }

    /// What tapes there are, and where each ends.
    pub(super) fn ends(&self) -> Vec<(TapeKey, u64)> {
        let all: Vec<_> = self.all().values().cloned().collect();
        all.iter().map(|tape| (tape.key, tape.end())).collect()
    }

    /// The stretches that are kept of a tape, the latest `most`, oldest first.
    pub(super) async fn spans(&self, tape: &Tape, most: usize) -> Result<Vec<(u64, u64)>, Error> {
        let mut spans = match self.store() {
            Some(store) => store.spans(tape.key, most).await?,
            None => Vec::new(),
        };
        for printed in tape.unwritten(0, u64::MAX) {
            match spans.last_mut() {
                Some(last) if last.1 >= printed.offset => last.1 = printed.end().max(last.1),
                _ => spans.push((printed.offset, printed.end())),
            }
        }
        spans.drain(..spans.len().saturating_sub(most));
        Ok(spans)
    }

    /// The latest marks of a tape: of one kind, or all.
    pub(super) async fn marks(
        &self,
        tape: &Tape,
        what: Option<&str>,
        most: u32,
    ) -> Result<Vec<MarkRecord>, Error> {
        let mut marks = match self.store() {
            Some(store) => store.marks(tape.key, what, most).await?,
            None => Vec::new(),
        };
        for mark in tape.new_marks() {
            if what.is_some_and(|what| what != mark.what) {
                continue;
            }
            // More may be known of a boot now than was written.
            marks.retain(|known| known.offset != mark.offset || known.what != mark.what);
            marks.push(mark);
        }
        marks.sort_by_key(|mark| mark.offset);
        Ok(marks)
    }

    /// How far the writer is behind, and how many bytes could not be written in time.
    pub(crate) fn queue(&self) -> QueueStatus {
        QueueStatus {
            name: "consoles",
            waiting: self.shared.waiting().len(),
            room: self.all().len(),
            dropped: self.shared.lost.load(Ordering::Relaxed),
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<TapeKey, Arc<Tape>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
