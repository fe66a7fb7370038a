//! The worker of one session: attached while somebody looks, and waiting for the guest when it cannot be.
use super::{
    ConsoleStatus, HISTORY,
    overlap::repeated,
    session::Session,
    setback::{FAILED, RESTARTING, setback},
    sighting::Sighting,
};
use crate::{hosts_worker::Hosts, inventory::Inventory};
use bytes::Bytes;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::{ConsoleIo, Driver, Error, ErrorKind};
use wxa_model::ConsoleKind;

/// How long the console stays attached after its last viewer: a page that is loaded anew keeps it.
const GRACE: Duration = Duration::from_secs(2);
/// A host's tool may let us in and only then say that somebody else holds the console. Before output has come or so
/// much time has passed, it is not said that we are connected; longer where it was held a moment ago.
const SETTLES: Duration = Duration::from_millis(700);
const SETTLES_HELD: Duration = Duration::from_secs(3);
/// The longest wait for the host's log.
const LOG: Duration = Duration::from_secs(5);
/// After a log was read, what comes soon after attaching may be its end once more: it is collected until it pauses, and
/// compared.
const FIRST_WITHIN: Duration = Duration::from_secs(3);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const FIRST_LONGEST: Duration = Duration::from_millis(500);

type Output = mpsc::Receiver<Result<Bytes, Error>>;
type Viewers = watch::Receiver<Vec<(u64, String)>>;

/// Runs until the VM is gone or the server stops; viewers' streams end with it.
pub(super) async fn run(
    session: Arc<Session>,
    mut typed: mpsc::Receiver<Bytes>,
    inventory: Inventory,
    hosts: Hosts,
    stop: CancellationToken,
) {
    let _closes = CloseOnDrop(session.clone());
    let mut viewers = session.watch_viewers();
    let mut worker = Worker {
        session,
        inventory,
        hosts,
        seed: Seed::Wanted,
        failures: 0,
        held: false,
    };
    loop {
        tokio::select! {
            () = first_viewer(&mut viewers) => {}
            () = worker.gone() => return,
            () = stop.cancelled() => return,
        }
        tokio::select! {
            () = worker.attend(&mut typed) => return,
            () = last_viewer_left(&mut viewers) => {}
            () = stop.cancelled() => return,
        }
        // Whatever was attached is dropped by now, and with it the host's lock.
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

async fn first_viewer(viewers: &mut Viewers) {
    // The session holds the sender, so the channel is open.
    let _ = viewers.wait_for(|viewers| !viewers.is_empty()).await;
}

async fn last_viewer_left(viewers: &mut Viewers) {
    loop {
        let _ = viewers.wait_for(Vec::is_empty).await;
        tokio::select! {
            () = sleep(GRACE) => return,
            () = first_viewer(viewers) => {}
        }
    }
}

struct Worker {
    session: Arc<Session>,
    inventory: Inventory,
    hosts: Hosts,
    seed: Seed,
    /// Attempts in a row that did not connect.
    failures: u32,
    /// The last of them found the console held by somebody else.
    held: bool,
}

/// Whether what the host recorded was put at the history's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seed {
    /// Not yet.
    Wanted,
    /// It was, and what is read next may repeat its end.
    MayRepeat,
    /// It was, or live output came first.
    Settled,
}

impl Worker {
    /// Keeps the console attached for as long as the VM is there.
    async fn attend(&mut self, typed: &mut mpsc::Receiver<Bytes>) {
        while let Some(seen) = self.look() {
            let driver = if seen.is_reachable() {
                self.hosts.driver(seen.through)
            } else {
                None
            };
            let Some(driver) = driver else {
                let status = seen.obstacle().unwrap_or(ConsoleStatus::Connecting);
                self.session.set_status(status);
                self.wait(&seen, FAILED.most, typed).await;
                continue;
            };
            self.read_log(driver.as_ref()).await;
            if let Some(obstacle) = seen.obstacle() {
                self.session.set_status(obstacle);
                self.wait(&seen, Duration::from_secs(3600), typed).await;
                self.failures = 0;
                continue;
            }
            let pause = self.attach(driver.as_ref(), typed).await;
            self.wait(&seen, pause, typed).await;
        }
    }

    /// Attaches and stays until the stream ends; returns how long to wait before the next attempt.
    async fn attach(&mut self, driver: &dyn Driver, typed: &mut mpsc::Receiver<Bytes>) -> Duration {
        if self.failures == 0 {
            self.session.set_status(ConsoleStatus::Connecting);
        }
        let error = match driver.console(self.session.vm, self.session.kind).await {
            Ok(mut io) => {
                while typed.try_recv().is_ok() {}
                self.pump(&mut io, typed).await.err()
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
    async fn pump(&mut self, io: &mut ConsoleIo, typed: &mut mpsc::Receiver<Bytes>) -> Result<(), Error> {
        let ConsoleIo { output, input } = io;
        let attached = Instant::now();
        let settles = sleep(if self.held { SETTLES_HELD } else { SETTLES });
        tokio::pin!(settles);
        let mut settled = false;
        let mut to_guest: Option<Bytes> = None;
        loop {
            tokio::select! {
                printed = output.recv() => {
                    let Some(bytes) = printed.transpose()? else { return Ok(()) };
                    if self.seed == Seed::Settled {
                        self.session.print(&bytes);
                    } else {
                        self.print_first(bytes, attached, output).await?;
                    }
                    if !settled {
                        settled = true;
                        self.connected();
                    }
                }
                Some(bytes) = typed.recv(), if to_guest.is_none() => to_guest = Some(bytes),
                permit = input.reserve(), if to_guest.is_some() => {
                    if let (Ok(permit), Some(bytes)) = (permit, to_guest.take()) {
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

    /// Prints the first output. Where a log was read before, what comes right after attaching is collected, and printed
    /// without what the log had already.
    async fn print_first(
        &mut self,
        bytes: Bytes,
        attached: Instant,
        output: &mut Output,
    ) -> Result<(), Error> {
        let may_repeat = std::mem::replace(&mut self.seed, Seed::Settled) == Seed::MayRepeat;
        if !may_repeat || attached.elapsed() > FIRST_WITHIN {
            self.session.print(&bytes);
            return Ok(());
        }
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
        let known = self.session.history().tail(HISTORY);
        self.session
            .print(first.get(repeated(&known, &first)..).unwrap_or_default());
        ended
    }

    /// Puts what the host recorded at the history's beginning, once.
    async fn read_log(&mut self, driver: &dyn Driver) {
        if self.seed != Seed::Wanted || self.session.kind == ConsoleKind::Graphical {
            return;
        }
        match timeout(LOG, driver.console_log(self.session.vm, HISTORY)).await {
            Ok(Ok(log)) if log.is_empty() => self.seed = Seed::Settled,
            Ok(Ok(log)) => {
                self.session.print(&log);
                self.seed = Seed::MayRepeat;
            }
            Ok(Err(error)) => tracing::debug!(vm = %self.session.vm, %error, "no console log"),
            Err(_) => tracing::debug!(vm = %self.session.vm, "the console log took too long"),
        }
    }

    fn look(&self) -> Option<Sighting> {
        Sighting::of(&self.inventory.now(), self.session.vm)
    }

    /// Waits until the inventory says something else than `seen`, at most for `pause`. What is typed meanwhile is
    /// thrown away: it must not reach whatever the guest shows later.
    async fn wait(&self, seen: &Sighting, pause: Duration, typed: &mut mpsc::Receiver<Bytes>) {
        let enough = sleep(pause);
        tokio::pin!(enough);
        let mut published = self.inventory.watch();
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
        let mut published = self.inventory.watch();
        while self.look().is_some() {
            if published.changed().await.is_err() {
                return;
            }
        }
    }
}
