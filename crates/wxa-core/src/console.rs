//! Consoles: one session per VM and kind, shared by everybody who looks.
//!
//! A session attaches when its first viewer comes and detaches shortly after the last has gone, because the hosts'
//! tools let only one party in. What the guest prints, watched or not, goes on a tape that is addressed by offset ([`tapes`]); each
//! viewer reads from it by its own cursor and is only woken, so a slow viewer holds nobody up and costs no memory:
//! what is not kept any more when it comes to it is told as missed. One viewer at a time types (decision 0049).
mod api;
mod cast;
mod download;
mod guests;
mod history;
mod keep;
mod keyboard;
mod links;
mod overlap;
mod past;
mod plain;
mod presence;
mod readings;
pub(crate) mod recorder;
mod recording;
mod release;
pub mod rfb;
mod screen;
mod search;
mod session;
mod setback;
pub(crate) mod settings;
mod sighting;
pub(crate) mod tapes;
mod typist;
pub(crate) mod understanding;
mod viewer;
mod visit;
mod worker;

pub use cast::Cast;
pub use download::{PastFile, PastFormat, PastPart};
pub use guests::{ConsoleGuest, GuestStay};
pub use keyboard::{
    Came, Comer, KeyboardRight, KeyboardState, KeyboardWord, PresentViewer, SILENT as KEYBOARD_SILENT,
};
pub use links::{ConsoleLinkEntry, NewConsoleLink};
pub use past::{ConsolePast, PastBoot, PastMark, PastStretch};
pub use plain::{Line as PlainLine, Lines as PlainLines};
pub use recording::{HostRecordingFacts, VmRecordingFacts};
pub use screen::{ScreenItem, ScreenViewer, ScreenWatcher, ScreenWord, Screens};
pub use search::{Found, Hit};
pub use settings::{RecordingSettings, RecordingWay, VmRecording};
pub use typist::{ConsoleOver, TypingRoom, Typist};
pub use viewer::{ConsoleViewer, ReplayFrom, ViewerItem};

use crate::{
    Error,
    hosts_worker::Hosts,
    inventory::Inventory,
    supervisor::{Restart, Supervisor, WorkerHandle},
};
use recorder::Recorders;
use session::Session;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tapes::Tapes;
use worker::Places;
use wxa_model::{ConsoleKind, VmId};

/// Bytes that are replayed to whoever opens a console, and kept in memory while somebody looks.
pub const HISTORY: usize = 256 << 10;
/// Sessions that there are, so at most 256 MiB in memory when all are watched; the one that was left longest ago goes first.
pub const SESSIONS: usize = 1024;
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
    places: Places,
    tapes: Tapes,
    sessions: Mutex<Sessions>,
    guests: Arc<guests::Guests>,
    readings: readings::Readings,
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
    pub(crate) fn new(supervisor: Supervisor, inventory: Inventory, hosts: Hosts, tapes: Tapes) -> Self {
        tapes.know(inventory.clone());
        let recorders = Recorders::new(tapes.clone(), inventory.clone(), hosts.clone());
        Self {
            inner: Arc::new(Inner {
                supervisor,
                places: Places {
                    inventory,
                    hosts,
                    recorders,
                },
                tapes,
                sessions: Mutex::default(),
                guests: Arc::default(),
                readings: readings::Readings::default(),
            }),
        }
    }

    fn readings(&self) -> &readings::Readings {
        &self.inner.readings
    }

    /// What is kept of them.
    pub(crate) fn tapes(&self) -> &Tapes {
        &self.inner.tapes
    }

    /// Who follows what hosts record themselves.
    pub(crate) fn recorders(&self) -> &Recorders {
        &self.inner.places.recorders
    }

    /// Records for as long as the server runs.
    pub(crate) fn record(&self) {
        let (supervisor, places) = (&self.inner.supervisor, &self.inner.places);
        self.inner
            .tapes
            .keep(supervisor, self.inner.places.inventory.clone());
        self.inner.tapes.mark_boots(&places.inventory, supervisor);
        understanding::tell(&self.inner.tapes, &places.inventory, supervisor);
        places.recorders.start(supervisor);
        self.keep_attached();
    }

    /// Keeps those consoles attached though nobody looks, and no others. Returns whether there was room for all.
    fn keep_only(&self, wanted: &HashSet<(VmId, ConsoleKind)>) -> bool {
        let mut had_room = true;
        let mut sessions = self.sessions();
        for (key, kept) in &sessions.by_key {
            kept.session.set_kept(wanted.contains(key));
        }
        for (vm, kind) in wanted {
            match self.session(&mut sessions, *vm, *kind, Room::Unused) {
                Ok(session) => session.set_kept(true),
                Err(_) => had_room = false,
            }
        }
        had_room
    }

    /// The session of a console; begun where there is none.
    fn session(
        &self,
        sessions: &mut Sessions,
        vm: VmId,
        kind: ConsoleKind,
        room: Room,
    ) -> Result<Arc<Session>, Error> {
        let dead = sessions
            .by_key
            .get(&(vm, kind))
            .is_some_and(|kept| kept.worker.has_ended());
        if dead {
            sessions.by_key.remove(&(vm, kind));
        }
        if !sessions.by_key.contains_key(&(vm, kind)) {
            make_room(sessions, room)?;
            let kept = self.start_session(vm, kind);
            sessions.by_key.insert((vm, kind), kept);
        }
        let kept = sessions.by_key.get(&(vm, kind)).ok_or(Error::NotFound)?;
        Ok(kept.session.clone())
    }

    /// A new viewer of the console, who begins to read at `from`. Rights are the caller's to check.
    ///
    /// # Errors
    /// [`Error::TooMany`] when the console has too many viewers or every session is in use.
    pub(crate) fn open(
        &self,
        vm: VmId,
        kind: ConsoleKind,
        comer: Comer,
        from: ReplayFrom,
    ) -> Result<ConsoleViewer, Error> {
        let mut sessions = self.sessions();
        sessions.clock += 1;
        let opened = sessions.clock;
        let session = self.session(&mut sessions, vm, kind, Room::Unwatched)?;
        if let Some(kept) = sessions.by_key.get_mut(&(vm, kind)) {
            kept.opened = opened;
        }
        ConsoleViewer::join(&session, comer, from).ok_or(Error::TooMany { retry_after_s: 5 })
    }

    /// Whether a console is attached now, watched or not.
    fn is_attached(&self, vm: VmId, kind: ConsoleKind) -> bool {
        let sessions = self.sessions();
        let kept = sessions.by_key.get(&(vm, kind));
        kept.is_some_and(|kept| *kept.session.watch_status().borrow() == ConsoleStatus::Connected)
    }

    /// The sessions of a VM's consoles.
    fn sessions_of(&self, vm: VmId) -> Vec<Arc<Session>> {
        let sessions = self.sessions();
        let own = sessions.by_key.iter().filter(|((of, _), _)| *of == vm);
        own.map(|(_, kept)| kept.session.clone()).collect()
    }

    /// What is open by guest links.
    pub(crate) fn guests(&self) -> &Arc<guests::Guests> {
        &self.inner.guests
    }

    /// Sessions that are kept.
    pub(crate) fn count(&self) -> usize {
        self.sessions().by_key.len()
    }

    fn start_session(&self, vm: VmId, kind: ConsoleKind) -> Kept {
        let (session, input) = Session::new(vm, kind, self.inner.tapes.clone());
        let places = self.inner.places.clone();
        let mut run = Some((session.clone(), input));
        let name = format!("console {vm}");
        // A session that fails ends its viewers' streams; they come back and get a new one.
        let worker = self.inner.supervisor.spawn(name, Restart::Forget, move |stop| {
            let run = run.take();
            let places = places.clone();
            async move {
                if let Some((session, input)) = run {
                    worker::run(session, input, places, stop).await;
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

/// Whose place a new session may take when there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// That of one that nobody needs.
    Unused,
    /// Else also that of one that is only recorded: whoever wants to look is not refused for that. It is attached anew when there is room.
    Unwatched,
}

/// Makes room for one more session.
fn make_room(sessions: &mut Sessions, room: Room) -> Result<(), Error> {
    sessions.by_key.retain(|_, kept| !kept.worker.has_ended());
    if sessions.by_key.len() < SESSIONS {
        return Ok(());
    }
    let free = sessions.by_key.iter().filter(|(_, kept)| match room {
        Room::Unused => kept.session.is_idle(),
        Room::Unwatched => !kept.session.is_watched(),
    });
    let oldest = free.min_by_key(|(_, kept)| (!kept.session.is_idle(), kept.opened));
    let oldest = oldest.map(|(key, _)| *key);
    let kept = oldest
        .and_then(|key| sessions.by_key.remove(&key))
        .ok_or(Error::TooMany { retry_after_s: 30 })?;
    kept.worker.stop();
    Ok(())
}

#[cfg(test)]
mod tests;
