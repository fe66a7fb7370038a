//! The worker of one viewer: before the guest's screen while there is one, and waiting for it when there is none.
use super::{
    relay::Relay,
    viewer::{ScreenItem, ScreenWord},
};
use crate::{
    console::{
        ConsoleStatus,
        rfb::{Client, Hand, Opened, Opening, Unusable},
        setback::{FAILED, RESTARTING, setback},
        sighting::Sighting,
    },
    hosts_worker::Hosts,
    inventory::Inventory,
};
use bytes::Bytes;
use std::{convert::Infallible, time::Duration};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::{ConsoleIo, Driver, Error, ErrorKind};
use wxa_model::{ConsoleKind, VmId};

/// How long a screen may take to open after it was reached.
const OPENS: Duration = Duration::from_secs(15);
/// How long a viewer may take to be ready for it.
const READY: Duration = Duration::from_secs(30);

/// What a viewer's worker knows.
pub(super) struct Worker {
    vm: VmId,
    hand: Hand,
    inventory: Inventory,
    hosts: Hosts,
    items: mpsc::Sender<ScreenItem>,
    words: mpsc::Receiver<ScreenWord>,
    /// Sessions so far.
    session: u64,
    /// Attempts in a row that showed nothing.
    failures: u32,
    told: Option<ConsoleStatus>,
}

/// How a session ended.
pub(super) enum End {
    /// The screen did: without an error when the guest stops, reboots or moves.
    Screen(Option<Error>),
    /// The viewer sent what is no RFB.
    Viewer(Unusable),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Screen(Some(error))
    }
}

impl Worker {
    pub(super) fn new(
        vm: VmId,
        hand: Hand,
        inventory: Inventory,
        hosts: Hosts,
        items: mpsc::Sender<ScreenItem>,
        words: mpsc::Receiver<ScreenWord>,
    ) -> Self {
        Self {
            vm,
            hand,
            inventory,
            hosts,
            items,
            words,
            session: 0,
            failures: 0,
            told: None,
        }
    }

    /// Runs until the viewer leaves, the VM is gone or the server stops. The viewer's stream ends with it.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let items = self.items.clone();
        tokio::select! {
            () = self.attend() => {}
            () = items.closed() => {}
            () = stop.cancelled() => {}
        }
    }

    /// Shows the screen for as long as the VM is there and the viewer speaks RFB.
    async fn attend(&mut self) {
        while let Some(seen) = self.look() {
            let driver = match seen.is_reachable() {
                true => self.hosts.driver(seen.through),
                false => None,
            };
            let pause = match (driver, seen.obstacle()) {
                (_, Some(obstacle)) => {
                    self.failures = 0;
                    self.tell(obstacle).await;
                    // The inventory tells when that is over.
                    Duration::from_secs(3600)
                }
                (None, None) => {
                    self.tell(ConsoleStatus::Connecting).await;
                    FAILED.most
                }
                (Some(driver), None) => match self.attach(driver.as_ref()).await {
                    Ok(pause) => pause,
                    Err(unusable) => {
                        // A viewer that has gone needs no telling.
                        let _ = self.items.send(ScreenItem::Unusable(unusable)).await;
                        return;
                    }
                },
            };
            self.wait(&seen, pause).await;
        }
    }

    /// Opens the screen and stays until it ends; returns how long to wait before the next attempt.
    async fn attach(&mut self, driver: &dyn Driver) -> Result<Duration, Unusable> {
        if self.failures == 0 {
            self.tell(ConsoleStatus::Connecting).await;
        }
        let end = match driver.console(self.vm, ConsoleKind::Graphical).await {
            Ok(io) => match self.show(io).await {
                Ok(never) => match never {},
                Err(end) => end,
            },
            Err(error) => error.into(),
        };
        self.failures = self.failures.saturating_add(1);
        let error = match end {
            End::Viewer(unusable) => return Err(unusable),
            End::Screen(error) => error,
        };
        let Some(error) = error else {
            self.tell(ConsoleStatus::Connecting).await;
            return Ok(RESTARTING.delay(self.failures, rand::random()));
        };
        tracing::debug!(vm = %self.vm, kind = ?error.kind, %error, "screen not shown");
        let setback = setback(error);
        self.tell(setback.status).await;
        Ok(setback.pause.delay(self.failures, rand::random()))
    }

    async fn show(&mut self, mut io: ConsoleIo) -> Result<Infallible, End> {
        let opened = match timeout(OPENS, open(&mut io)).await {
            Ok(opened) => opened?,
            Err(_) => {
                let sentence = format!("The screen did not open within {} s.", OPENS.as_secs());
                return Err(Error::new(ErrorKind::TimedOut { maybe_done: false }, sentence).into());
            }
        };
        self.session += 1;
        // Words of an earlier session are thrown away: they were not meant for what is shown now.
        self.say(ScreenItem::Begin(self.session)).await;
        if timeout(READY, self.ready()).await.is_err() {
            return Err(End::Viewer(Unusable::new("The viewer did not begin.")));
        }
        let (client, greeting) = Client::greet(self.hand, opened.init);
        self.failures = 0;
        self.tell(ConsoleStatus::Connected).await;
        let first = [Bytes::from_static(greeting)];
        let waiting = Some(opened.rest).filter(|rest| !rest.is_empty());
        Relay::new(client, first.into(), waiting)
            .run(&mut io, &self.items, &mut self.words)
            .await
    }

    async fn ready(&mut self) {
        loop {
            match self.words.recv().await {
                Some(ScreenWord::Ready(session)) if session == self.session => return,
                Some(ScreenWord::Ready(_) | ScreenWord::Bytes(_)) => {}
                // It leaves: so does the worker.
                None => std::future::pending().await,
            }
        }
    }

    async fn tell(&mut self, status: ConsoleStatus) {
        if self.told.as_ref() != Some(&status) {
            self.told = Some(status.clone());
            self.say(ScreenItem::Status(status)).await;
        }
    }

    async fn say(&self, item: ScreenItem) {
        // A viewer that has gone ends the worker.
        let _ = self.items.send(item).await;
    }

    fn look(&self) -> Option<Sighting> {
        Sighting::of(&self.inventory.now(), self.vm)
    }

    /// Waits until the inventory says something else than `seen`, at most for `pause`. What the viewer says meanwhile is thrown away.
    async fn wait(&mut self, seen: &Sighting, pause: Duration) {
        let enough = sleep(pause);
        tokio::pin!(enough);
        let mut published = self.inventory.watch();
        while self.look().as_ref() == Some(seen) {
            tokio::select! {
                () = &mut enough => return,
                changed = published.changed() => if changed.is_err() { return },
                Some(_) = self.words.recv() => {}
            }
        }
    }
}

/// Shakes hands with a screen.
async fn open(io: &mut ConsoleIo) -> Result<Opened, Error> {
    let mut opening = Opening::default();
    let malformed = |unusable: Unusable| Error::new(ErrorKind::Malformed, unusable.to_string());
    loop {
        let Some(bytes) = io.output.recv().await.transpose()? else {
            let sentence = "The screen closed at once: the VM is stopping or moving.";
            return Err(Error::new(ErrorKind::Busy, sentence));
        };
        let say = opening.feed(&bytes).map_err(malformed)?;
        if let Some(opened) = opening.opened() {
            return Ok(opened);
        }
        if !say.is_empty() {
            // A screen that reads no more ends its stream, too.
            let _ = io.input.send(say.into()).await;
        }
    }
}
