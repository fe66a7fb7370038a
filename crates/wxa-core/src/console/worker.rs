//! The worker of one session: attached while somebody looks, and waiting for the guest when it cannot be.
use super::{
    ConsoleStatus, HISTORY,
    keyboard::Keyboard,
    recorder::Recorders,
    session::{Released, Session},
    setback::{FAILED, RESTARTING, setback},
    sighting::Sighting,
    tapes::Tape,
    typist::Piece,
};
use crate::{hosts_worker::Hosts, inventory::Inventory};
use bytes::Bytes;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::{ConsoleIo, Driver, Error, ErrorKind};
use wxa_model::{ConsoleKind, HostId};

/// How long the console stays attached after its last viewer: a page that is loaded anew keeps it.
const GRACE: Duration = Duration::from_secs(2);
/// A host's tool may let us in and only then say that somebody else holds the console. Before output has come or so
/// much time has passed, it is not said that we are connected; longer where it was held a moment ago.
const SETTLES: Duration = Duration::from_millis(700);
const SETTLES_HELD: Duration = Duration::from_secs(3);
/// The longest wait for whether the host's own record is followed. A busy host needs seconds to tell what was recorded while nobody
/// asked; what is seen before that would stand before it.
const FOLLOWED: Duration = Duration::from_secs(15);
/// The longest wait for the host's log.
const LOG: Duration = Duration::from_secs(5);
/// After a log was read, what comes first after attaching may be its end once more: it is collected until it pauses, and
/// compared. A busy host takes its time for it, but what is typed meanwhile is soon echoed, and what comes later is new although
/// it may look like the end of the log: a guest may print one line again and again.
const FIRST_WITHIN: Duration = Duration::from_secs(30);
const FIRST_WITHIN_TYPED: Duration = Duration::from_secs(3);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const FIRST_LONGEST: Duration = Duration::from_millis(500);

type Output = mpsc::Receiver<Result<Bytes, Error>>;
type Viewers = watch::Receiver<Keyboard>;

/// Runs until the VM is gone or the server stops; viewers' streams end with it.
pub(super) async fn run(
    session: Arc<Session>,
    mut typed: mpsc::Receiver<Piece>,
    places: Places,
    stop: CancellationToken,
) {
    let _closes = CloseOnDrop(session.clone());
    let mut wanted = Wanted::new(&session);
    let mut worker = Worker {
        session,
        places,
        seeded: false,
        failures: 0,
        held: false,
    };
    loop {
        tokio::select! {
            () = wanted.begins() => {}
            () = worker.gone() => return,
            () = stop.cancelled() => return,
        }
        let mut released = worker.session.watch_released();
        released.mark_unchanged();
        tokio::select! {
            () = worker.attend(&mut typed) => return,
            () = wanted.ends() => {}
            _ = released.changed() => {
                // Nothing is attached any more.
                tokio::select! {
                    () = worker.stay_away(&mut released, &mut typed) => {}
                    () = worker.gone() => return,
                    () = stop.cancelled() => return,
                }
            }
            () = stop.cancelled() => return,
        }
        // Whatever was attached is dropped by now, and with it the host's lock. Who typed may have gone.
        discard(&mut typed);
        worker.failures = 0;
        worker.session.set_status(ConsoleStatus::Connecting);
    }
}

struct CloseOnDrop(Arc<Session>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Whether the console is to be attached: somebody looks, or it is recorded by staying attached.
struct Wanted {
    session: Arc<Session>,
    viewers: Viewers,
    kept: watch::Receiver<bool>,
}

impl Wanted {
    fn new(session: &Arc<Session>) -> Self {
        Self {
            session: session.clone(),
            viewers: session.presence.watch(),
            kept: session.watch_kept(),
        }
    }

    /// Resolves when it is.
    async fn begins(&mut self) {
        self.until(|session| !session.is_idle()).await;
    }

    /// Resolves when it has not been for a moment.
    async fn ends(&mut self) {
        loop {
            self.until(Session::is_idle).await;
            tokio::select! {
                () = sleep(GRACE) => return,
                () = self.begins() => {}
            }
        }
    }

    async fn until(&mut self, is_so: impl Fn(&Session) -> bool) {
        while !is_so(&self.session) {
            // The session holds the senders, so the channels are open.
            tokio::select! {
                _ = self.viewers.changed() => {}
                _ = self.kept.changed() => {}
            }
        }
    }
}

/// Where a session's guest is, and how it is reached.
#[derive(Clone)]
pub(super) struct Places {
    pub inventory: Inventory,
    pub hosts: Hosts,
    pub recorders: Recorders,
}

/// The console is attached; what this is dropped with is not any more.
struct Attached {
    tape: Arc<Tape>,
    host: HostId,
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.tape.detach(self.host);
    }
}

struct Worker {
    session: Arc<Session>,
    places: Places,
    /// What the host kept of the console was asked for, where nothing of it was on the tape.
    seeded: bool,
    /// Attempts in a row that did not connect.
    failures: u32,
    /// The last of them found the console held by somebody else.
    held: bool,
}

impl Worker {
    /// Keeps the console attached for as long as the VM is there.
    async fn attend(&mut self, typed: &mut mpsc::Receiver<Piece>) {
        while let Some(seen) = self.look() {
            let driver = if seen.is_reachable() {
                self.places.hosts.driver(seen.through)
            } else {
                None
            };
            let Some(driver) = driver else {
                let status = seen.obstacle().unwrap_or(ConsoleStatus::Connecting);
                self.session.set_status(status);
                self.wait(&seen, FAILED.most, typed).await;
                continue;
            };
            self.read_log(driver.as_ref(), seen.through).await;
            if let Some(obstacle) = seen.obstacle() {
                self.session.set_status(obstacle);
                self.wait(&seen, Duration::from_secs(3600), typed).await;
                self.failures = 0;
                continue;
            }
            let pause = self.attach(driver.as_ref(), seen.through, typed).await;
            self.wait(&seen, pause, typed).await;
        }
    }

    /// Attaches and stays until the stream ends; returns how long to wait before the next attempt.
    async fn attach(
        &mut self,
        driver: &dyn Driver,
        host: HostId,
        typed: &mut mpsc::Receiver<Piece>,
    ) -> Duration {
        // The guest's record may show its prompt before we are attached: what is typed while it is said that we attach is meant for
        // it. What was typed beside another word is not.
        if self.failures == 0 && self.session.set_status(ConsoleStatus::Connecting) {
            discard(typed);
        }
        let error = match driver.console(self.session.vm, self.session.kind).await {
            Ok(mut io) => {
                if self.failures > 0 {
                    discard(typed);
                }
                self.pump(&mut io, host, typed).await.err()
            }
            Err(error) => Some(error),
        };
        self.failures = self.failures.saturating_add(1);
        self.held = error.as_ref().is_some_and(|error| error.kind == ErrorKind::Busy);
        let Some(error) = error else {
            self.session.set_status(ConsoleStatus::Connecting);
            return RESTARTING.delay(self.failures, rand::random());
        };
        tracing::debug!(vm = %self.session.vm, kind = ?error.kind, %error, "console not attached");
        let setback = setback(error);
        self.session.set_status(setback.status);
        setback.pause.delay(self.failures, rand::random())
    }

    /// Moves bytes both ways until the guest's end closes. No timer is in this path, and a guest that does not read
    /// does not hold up what it prints.
    async fn pump(
        &mut self,
        io: &mut ConsoleIo,
        host: HostId,
        typed: &mut mpsc::Receiver<Piece>,
    ) -> Result<(), Error> {
        let ConsoleIo { output, input } = io;
        let tape = self.session.tape.clone();
        let mut may_repeat = tape.attach(host);
        let _attached = Attached {
            tape: tape.clone(),
            host,
        };
        let attached = Instant::now();
        let settles = sleep(if self.held { SETTLES_HELD } else { SETTLES });
        tokio::pin!(settles);
        let mut settled = false;
        let mut is_typed = false;
        let mut to_guest: Option<Piece> = None;
        loop {
            tokio::select! {
                printed = output.recv() => {
                    let Some(bytes) = printed.transpose()? else { return Ok(()) };
                    let within = if is_typed { FIRST_WITHIN_TYPED } else { FIRST_WITHIN };
                    if std::mem::take(&mut may_repeat) && attached.elapsed() <= within {
                        self.print_first(bytes, host, output).await?;
                    } else {
                        tape.seen(host, &bytes);
                    }
                    if !settled {
                        settled = true;
                        self.connected();
                    }
                }
                Some(piece) = typed.recv(), if to_guest.is_none() => to_guest = Some(piece),
                permit = input.reserve(), if to_guest.is_some() => {
                    // Who typed it may have lost the keyboard while the guest did not read.
                    let allowed = to_guest.take().and_then(|piece| piece.allowed(&self.session));
                    if let (Ok(permit), Some(bytes)) = (permit, allowed) {
                        is_typed = true;
                        permit.send(bytes);
                    }
                }
                () = &mut settles, if !settled => {
                    settled = true;
                    self.connected();
                }
            }
        }
    }

    fn connected(&mut self) {
        self.failures = 0;
        self.held = false;
        self.session.set_status(ConsoleStatus::Connected);
    }

    /// Prints the first output where the host's log was read before: what comes right after attaching is collected, and printed
    /// without what the log had already.
    async fn print_first(&mut self, bytes: Bytes, host: HostId, output: &mut Output) -> Result<(), Error> {
        let longest = Instant::now() + FIRST_LONGEST;
        let mut first = bytes.to_vec();
        let mut ended = Ok(());
        while first.len() < HISTORY {
            let pause = (Instant::now() + FIRST_PAUSE).min(longest);
            match timeout_at(pause, output.recv()).await {
                Ok(Some(Ok(bytes))) => first.extend_from_slice(&bytes),
                Ok(Some(Err(error))) => {
                    ended = Err(error);
                    break;
                }
                Ok(None) | Err(_) => break,
            }
        }
        let older = self.before_memory().await;
        self.session.tape.seen_first(host, &older, &first);
        ended
    }

    /// What is on the tape right before that which is in memory, as far as that makes up a viewer's replay.
    async fn before_memory(&self) -> Vec<u8> {
        let tape = &self.session.tape;
        let (memory, end) = tape.in_memory();
        let from = end.saturating_sub(HISTORY as u64);
        let read = self.session.tapes.read(tape, from, memory, HISTORY).await;
        let mut older = Vec::new();
        let mut place = None;
        for piece in read.unwrap_or_default() {
            if place != Some(piece.offset) {
                older.clear();
            }
            place = Some(piece.end());
            older.extend(piece.bytes);
        }
        if place != Some(memory) {
            older.clear();
        }
        older
    }

    /// Whether there is anything to replay.
    async fn has_past(&self) -> bool {
        let tape = &self.session.tape;
        let (memory, end) = tape.in_memory();
        if memory < end {
            return true;
        }
        let from = end.saturating_sub(HISTORY as u64);
        let read = self.session.tapes.read(tape, from, end, 1).await;
        read.is_ok_and(|kept| !kept.is_empty())
    }

    /// Begins the tape with what the host recorded, once, where its record is not followed.
    async fn read_log(&mut self, driver: &dyn Driver, host: HostId) {
        if self.seeded || self.session.kind == ConsoleKind::Graphical {
            return;
        }
        // Where its record is followed it comes by itself, and where that is still being begun, too.
        let followed = timeout(FOLLOWED, self.places.recorders.follows(host)).await;
        if followed.unwrap_or(true) || self.has_past().await {
            self.seeded = true;
            return;
        }
        let vm = self.session.vm;
        match timeout(LOG, driver.console_log(vm, HISTORY)).await {
            Ok(Ok(log)) => {
                self.seeded = true;
                if !log.is_empty() {
                    self.session.tape.seed(&log);
                }
            }
            Ok(Err(error)) => tracing::debug!(%vm, %error, "no console log"),
            Err(_) => tracing::debug!(%vm, "the console log took too long"),
        }
    }

    /// Leaves the guest to whoever opens its console on the host, until that time is over.
    async fn stay_away(
        &self,
        released: &mut watch::Receiver<Option<Released>>,
        typed: &mut mpsc::Receiver<Piece>,
    ) {
        loop {
            let Some(Released { until, by }) = released.borrow_and_update().clone() else {
                return;
            };
            let why =
                format!("{by} released this console for a minute, so that it can be opened on the host.");
            self.session.set_status(ConsoleStatus::Failed { why });
            tokio::select! {
                () = sleep_until(until) => return,
                changed = released.changed() => if changed.is_err() { return },
                Some(_) = typed.recv() => {}
            }
        }
    }

    fn look(&self) -> Option<Sighting> {
        Sighting::of(&self.places.inventory.now(), self.session.vm)
    }

    /// Waits until the inventory says something else than `seen`, at most for `pause`. What is typed meanwhile is
    /// thrown away: it must not reach whatever the guest shows later.
    async fn wait(&self, seen: &Sighting, pause: Duration, typed: &mut mpsc::Receiver<Piece>) {
        let enough = sleep(pause);
        tokio::pin!(enough);
        let mut published = self.places.inventory.watch();
        while self.look().as_ref() == Some(seen) {
            tokio::select! {
                () = &mut enough => return,
                changed = published.changed() => if changed.is_err() { return },
                Some(_) = typed.recv() => {}
            }
        }
    }

    /// Resolves when the VM is not in the inventory any more.
    async fn gone(&self) {
        let mut published = self.places.inventory.watch();
        while self.look().is_some() {
            if published.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Throws away what waits there.
fn discard(typed: &mut mpsc::Receiver<Piece>) {
    while typed.try_recv().is_ok() {}
}
