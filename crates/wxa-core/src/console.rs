//! Consoles: one session per VM and kind, shared by everybody who looks.
//!
//! A session attaches when its first viewer comes and detaches shortly after the last has gone, because the hosts'
//! tools let only one party in. What the guest prints goes into a history ring that is addressed by offset; each
//! viewer reads from it by its own cursor and is only woken, so a slow viewer holds nobody up and costs no memory:
//! when the ring has moved past its cursor, it is told how much it missed.
mod api;
mod history;
mod overlap;
mod session;
mod setback;
mod sighting;
mod viewer;
mod visit;
mod worker;

pub use viewer::{ConsoleViewer, ViewerItem};

use crate::{
    Error,
    hosts_worker::Hosts,
    inventory::Inventory,
    supervisor::{Restart, Supervisor, WorkerHandle},
};
use session::Session;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wxa_model::{ConsoleKind, VmId};

/// Bytes of history that each session keeps.
pub const HISTORY: usize = 256 << 10;
/// Sessions that are kept, so at most 128 MiB of history; the one that was left longest ago goes first.
pub const SESSIONS: usize = 512;
/// Viewers of one console.
pub const VIEWERS: usize = 64;
/// How a visit ended when nothing else is known.
const LEFT: &str = "The viewer left.";

/// How our connection to a guest's console stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsoleStatus {
    /// Being attached.
    Connecting,
    /// Attached: what is typed reaches the guest.
    Connected,
    /// The guest does not run; attached by itself as soon as it does.
    NotRunning,
    /// Somebody else holds the console; tried again by itself.
    Held {
        /// Who, as far as the host tells.
        by: String,
    },
    /// The host cannot be reached or refused; tried again by itself.
    Failed {
        /// What happened.
        why: String,
    },
}

/// The consoles. Cloning gives another handle.
#[derive(Clone)]
pub struct Consoles {
    inner: Arc<Inner>,
}

struct Inner {
    supervisor: Supervisor,
    inventory: Inventory,
    hosts: Hosts,
    sessions: Mutex<Sessions>,
}

#[derive(Default)]
struct Sessions {
    by_key: HashMap<(VmId, ConsoleKind), Kept>,
    /// Counts openings, to find the session that was left longest ago.
    clock: u64,
}

struct Kept {
    session: Arc<Session>,
    worker: WorkerHandle,
    opened: u64,
}

impl Consoles {
    /// Without any session yet.
    pub fn new(supervisor: Supervisor, inventory: Inventory, hosts: Hosts) -> Self {
        Self {
            inner: Arc::new(Inner {
                supervisor,
                inventory,
                hosts,
                sessions: Mutex::default(),
            }),
        }
    }

    /// A new viewer called `name` of the console, who has `from` = (epoch, offset) of its history. Rights are the
    /// caller's to check.
    ///
    /// # Errors
    /// [`Error::TooMany`] when the console has too many viewers or every session is in use.
    pub(crate) fn open(
        &self,
        vm: VmId,
        kind: ConsoleKind,
        name: &str,
        from: Option<(u64, u64)>,
    ) -> Result<ConsoleViewer, Error> {
        let mut sessions = self.sessions();
        sessions.clock += 1;
        let opened = sessions.clock;
        let dead = sessions
            .by_key
            .get(&(vm, kind))
            .is_some_and(|kept| kept.worker.has_ended());
        if dead {
            sessions.by_key.remove(&(vm, kind));
        }
        if !sessions.by_key.contains_key(&(vm, kind)) {
            make_room(&mut sessions)?;
            let kept = self.start_session(vm, kind);
            sessions.by_key.insert((vm, kind), kept);
        }
        let kept = sessions.by_key.get_mut(&(vm, kind)).ok_or(Error::NotFound)?;
        kept.opened = opened;
        ConsoleViewer::join(&kept.session, name, from).ok_or(Error::TooMany { retry_after_s: 5 })
    }

    /// Sessions that are kept.
    pub(crate) fn count(&self) -> usize {
        self.sessions().by_key.len()
    }

    fn start_session(&self, vm: VmId, kind: ConsoleKind) -> Kept {
        let (session, input) = Session::new(vm, kind);
        let (inventory, hosts) = (self.inner.inventory.clone(), self.inner.hosts.clone());
        let mut run = Some((session.clone(), input));
        let name = format!("console {vm}");
        // A session that fails ends its viewers' streams; they come back and get a new one.
        let worker = self.inner.supervisor.spawn(name, Restart::Forget, move |stop| {
            let run = run.take();
            let (inventory, hosts) = (inventory.clone(), hosts.clone());
            async move {
                if let Some((session, input)) = run {
                    worker::run(session, input, inventory, hosts, stop).await;
                }
                Ok(())
            }
        });
        Kept {
            session,
            worker,
            opened: 0,
        }
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.inner.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes room for one more session.
fn make_room(sessions: &mut Sessions) -> Result<(), Error> {
    sessions.by_key.retain(|_, kept| !kept.worker.has_ended());
    if sessions.by_key.len() < SESSIONS {
        return Ok(());
    }
    let unused = sessions
        .by_key
        .iter()
        .filter(|(_, kept)| kept.session.viewer_count() == 0);
    let oldest = unused.min_by_key(|(_, kept)| kept.opened).map(|(key, _)| *key);
    let kept = oldest
        .and_then(|key| sessions.by_key.remove(&key))
        .ok_or(Error::TooMany { retry_after_s: 30 })?;
    kept.worker.stop();
    Ok(())
}

#[cfg(test)]
mod tests;
