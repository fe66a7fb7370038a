//! Following what hosts themselves record of their guests' consoles: one worker for each connection, through one channel for all
//! its guests.
mod follow;
mod homes;

use super::{settings::RecordingWay, tapes::Tapes};
use crate::{
    hosts_worker::Hosts,
    inventory::Inventory,
    supervisor::{Restart, Supervisor, WorkerError, WorkerHandle},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use wxa_model::HostId;

/// How recording from one host stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RecorderState {
    /// It is being begun, or what was recorded meanwhile is being read.
    Starting,
    /// All that the host records comes.
    Following,
    /// The host records nothing by itself: a sentence.
    NoLogs(String),
    /// The host is not heard: a sentence.
    Unheard(String),
    /// It does not work now: a sentence.
    Trouble(String),
    /// It is not to be, or is done otherwise.
    Off,
}

/// Who follows what hosts record. Cloning gives another handle.
#[derive(Clone)]
pub(crate) struct Recorders {
    inner: Arc<Inner>,
}

struct Inner {
    tapes: Tapes,
    inventory: Inventory,
    hosts: Hosts,
    states: watch::Sender<BTreeMap<HostId, RecorderState>>,
    /// Something was changed on a host: those who wait try again.
    again: Notify,
}

impl Recorders {
    pub(super) fn new(tapes: Tapes, inventory: Inventory, hosts: Hosts) -> Self {
        Self {
            inner: Arc::new(Inner {
                tapes,
                inventory,
                hosts,
                states: watch::Sender::new(BTreeMap::new()),
                again: Notify::new(),
            }),
        }
    }

    /// Begins to follow every host, for as long as the server runs.
    pub(super) fn start(&self, supervisor: &Supervisor) {
        let (recorders, by) = (self.clone(), supervisor.clone());
        supervisor.spawn("console recorders", Restart::OnFailure, move |stop| {
            recorders.clone().manage(by.clone(), stop)
        });
    }

    /// How recording from a host stands; none where nobody records.
    pub(crate) fn state(&self, host: HostId) -> Option<RecorderState> {
        self.inner.states.borrow().get(&host).cloned()
    }

    /// Tells when that changes for any host.
    pub(super) fn watch(&self) -> watch::Receiver<BTreeMap<HostId, RecorderState>> {
        self.inner.states.subscribe()
    }

    /// Whether a host's own record is followed, as soon as that is known.
    pub(super) async fn follows(&self, host: HostId) -> bool {
        let mut states = self.inner.states.subscribe();
        // Whoever asks has heard the host: its record is begun with the same picture, a moment later.
        let is_open =
            |state: &RecorderState| matches!(state, RecorderState::Starting | RecorderState::Unheard(_));
        let known = states
            .wait_for(|states| !states.get(&host).is_some_and(is_open))
            .await;
        known.is_ok_and(|states| states.get(&host) == Some(&RecorderState::Following))
    }

    /// Tries again at once what did not work: something was changed.
    pub(crate) fn try_again(&self) {
        self.inner.again.notify_waiters();
    }

    /// Keeps one worker for each connection.
    async fn manage(self, supervisor: Supervisor, stop: CancellationToken) -> Result<(), WorkerError> {
        let mut workers: HashMap<HostId, WorkerHandle> = HashMap::new();
        let mut pictures = self.inner.inventory.watch();
        loop {
            let wanted: HashMap<HostId, String> = {
                let picture = pictures.borrow_and_update();
                let connected = picture.hosts().filter(|host| host.kind.pool().is_none());
                connected.map(|host| (host.id, host.name.clone())).collect()
            };
            let gone: HashSet<HostId> = workers
                .keys()
                .copied()
                .filter(|host| !wanted.contains_key(host))
                .collect();
            for host in gone {
                if let Some(worker) = workers.remove(&host) {
                    worker.stop();
                }
                self.inner.states.send_modify(|states| {
                    states.remove(&host);
                });
            }
            for (host, name) in wanted {
                workers
                    .entry(host)
                    .or_insert_with(|| self.follow(host, &name, &supervisor));
            }
            tokio::select! {
                changed = pictures.changed() => if changed.is_err() { return Ok(()) },
                () = stop.cancelled() => return Ok(()),
            }
        }
    }

    fn follow(&self, host: HostId, name: &str, supervisor: &Supervisor) -> WorkerHandle {
        self.set(host, RecorderState::Starting);
        let recorders = self.clone();
        supervisor.spawn(format!("recording {name}"), Restart::OnFailure, move |stop| {
            follow::run(recorders.clone(), host, stop)
        })
    }

    fn set(&self, host: HostId, state: RecorderState) {
        self.inner.states.send_if_modified(|states| {
            let differs = states.get(&host) != Some(&state);
            if differs {
                states.insert(host, state);
            }
            differs
        });
    }

    fn way(&self, host: HostId) -> RecordingWay {
        self.inner.tapes.recording().way(host)
    }
}

impl std::fmt::Debug for Recorders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorders").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
