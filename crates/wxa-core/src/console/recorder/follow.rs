//! The loop of one connection: follow, lose, wait, follow again.
use super::{RecorderState, Recorders, homes::Homes};
use crate::{backoff::Backoff, console::settings::RecordingWay, supervisor::WorkerError};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::{Driver, Error, ErrorKind, LogPlace, Recorded};
use wxa_model::{ConsoleKind, HostId, VmId, rules::unheard};

/// After a failure.
const RETRY: Backoff = Backoff {
    first: Duration::from_secs(1),
    most: Duration::from_secs(60),
};
/// A host that records nothing is asked again so often: somebody may have switched it on there.
const ASKS_AGAIN: Duration = Duration::from_secs(60);
/// What was followed for so long was a good connection.
const STEADY: Duration = Duration::from_secs(30);
/// Reports between driver and us; the driver waits when there are more. Each has at most 64 KiB.
const REPORTS: usize = 16;
/// A host may tell what a guest printed a moment before it is known here that there is such a guest.
const LISTED_WITHIN: Duration = Duration::from_secs(1);
/// What is put on a tape at a time.
const SLICE: usize = 16 << 10;

pub(super) async fn run(
    recorders: Recorders,
    host: HostId,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    let follower = Follower {
        recorders,
        host,
        homes: Mutex::default(),
    };
    let mut failures = 0u32;
    loop {
        tokio::select! {
            () = follower.wanted() => {}
            () = stop.cancelled() => return Ok(()),
        }
        let begun = Instant::now();
        let error = tokio::select! {
            error = follower.follow() => error,
            () = follower.unwanted() => continue,
            // What the host logs was switched over: it says anew whether it does.
            () = follower.recorders.inner.again.notified() => continue,
            () = stop.cancelled() => return Ok(()),
        };
        failures = if begun.elapsed() >= STEADY {
            1
        } else {
            failures.saturating_add(1)
        };
        let pause = match error.kind {
            ErrorKind::NotSupported { .. } => {
                follower.say(RecorderState::NoLogs(error.message));
                ASKS_AGAIN
            }
            _ => {
                tracing::debug!(%host, kind = ?error.kind, %error, "a host's record of consoles is not followed");
                follower.say(RecorderState::Trouble(error.message));
                RETRY.delay(failures, rand::random())
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = follower.recorders.inner.again.notified() => failures = 0,
            () = follower.unwanted() => {}
            () = stop.cancelled() => return Ok(()),
        }
    }
}

struct Follower {
    recorders: Recorders,
    host: HostId,
    homes: Mutex<Homes>,
}

impl Follower {
    fn say(&self, state: RecorderState) {
        self.recorders.set(self.host, state);
    }

    /// Why the host's record cannot or shall not be followed now.
    fn obstacle(&self) -> Option<RecorderState> {
        if self.recorders.way(self.host) != RecordingWay::Logs {
            return Some(RecorderState::Off);
        }
        let picture = self.recorders.inner.inventory.now();
        let (host, _) = picture.host(self.host)?;
        unheard(host).map(RecorderState::Unheard)
    }

    /// Resolves when the host's record is to be followed and can be.
    async fn wanted(&self) {
        self.until(|obstacle| match obstacle {
            Some(state) => {
                self.say(state);
                false
            }
            None => true,
        })
        .await;
    }

    /// Resolves when it is not to be any more. A connection that was lost tells that itself.
    async fn unwanted(&self) {
        self.until(|obstacle| {
            self.look_who_left();
            obstacle == Some(RecorderState::Off)
        })
        .await;
    }

    async fn until(&self, is_so: impl Fn(Option<RecorderState>) -> bool) {
        let mut pictures = self.recorders.inner.inventory.watch();
        let mut settings = self.recorders.inner.tapes.recording().watch();
        while !is_so(self.obstacle()) {
            let changed = tokio::select! {
                changed = pictures.changed() => changed.is_ok(),
                changed = settings.changed() => changed.is_ok(),
            };
            if !changed {
                // The server stops.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Follows until that fails.
    async fn follow(&self) -> Error {
        let Some(driver) = self.recorders.inner.hosts.driver(self.host) else {
            return Error::new(ErrorKind::Unreachable, "The host is not connected.");
        };
        self.say(RecorderState::Starting);
        // Of guests that are elsewhere now, too: they may come back to what the host has of them.
        let known = self.recorders.inner.tapes.places(self.host);
        self.take_all(driver.as_ref(), known).await
    }

    async fn take_all(&self, driver: &dyn Driver, known: Vec<((VmId, ConsoleKind), LogPlace)>) -> Error {
        let (told, mut reports) = mpsc::channel(REPORTS);
        let recording = driver.record(known, told);
        tokio::pin!(recording);
        let error = loop {
            tokio::select! {
                Some(report) = reports.recv() => self.take(report).await,
                error = &mut recording => break error,
            }
        };
        while let Ok(report) = reports.try_recv() {
            self.take(report).await;
        }
        error
    }

    async fn take(&self, report: Recorded) {
        match report {
            Recorded::CaughtUp => self.say(RecorderState::Following),
            Recorded::Printed {
                vm,
                kind,
                from,
                bytes,
            } => self.printed(vm, kind, from, &bytes).await,
            Recorded::Missed { vm, kind, bytes, at } => {
                if self.is_own(vm, kind).await {
                    let tape = self.recorders.inner.tapes.tape(vm, kind);
                    tape.flushed().await;
                    tape.missed(self.host, bytes, at);
                }
            }
        }
    }

    async fn printed(&self, vm: VmId, kind: ConsoleKind, from: LogPlace, bytes: &[u8]) {
        if !self.is_own(vm, kind).await {
            return;
        }
        let tapes = &self.recorders.inner.tapes;
        let tape = tapes.tape(vm, kind);
        if self.is_off(vm) {
            tape.passed(self.host, from, bytes.len() as u64);
            return;
        }
        let mut place = from;
        for slice in bytes.chunks(SLICE) {
            tape.room(slice.len()).await;
            tape.told(self.host, place, slice);
            place.offset = place.offset.saturating_add(slice.len() as u64);
        }
    }

    fn is_off(&self, vm: VmId) -> bool {
        let picture = self.recorders.inner.inventory.now();
        let tags = picture
            .vm(vm)
            .map(|(_, place)| place.tags.clone())
            .unwrap_or_default();
        self.recorders
            .inner
            .tapes
            .recording()
            .refusal(vm, tags.iter())
            .is_some()
    }

    /// Whether it is a guest of this connection, or was a moment ago: another one's tape is not this host's to write.
    async fn is_own(&self, vm: VmId, kind: ConsoleKind) -> bool {
        if !kind.is_text() {
            return false;
        }
        let mut pictures = self.recorders.inner.inventory.watch();
        let listed = pictures.wait_for(|picture| picture.vm(vm).is_some());
        if !matches!(timeout(LISTED_WITHIN, listed).await, Ok(Ok(_))) {
            return false;
        }
        let is_home = self.is_home(vm);
        let mut homes = self.homes.lock().unwrap_or_else(PoisonError::into_inner);
        homes.takes(vm, is_home, Instant::now())
    }

    fn is_home(&self, vm: VmId) -> bool {
        let picture = self.recorders.inner.inventory.now();
        picture
            .vm(vm)
            .is_some_and(|(_, place)| place.reached_through() == Some(self.host))
    }

    fn look_who_left(&self) {
        let mut homes = self.homes.lock().unwrap_or_else(PoisonError::into_inner);
        homes.look(|vm| self.is_home(vm), Instant::now());
    }
}
