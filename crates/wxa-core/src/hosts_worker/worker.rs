//! The loop of one host: watch, lose, wait, watch again.
use super::{
    traffic::Meter,
    verdict::{Verdict, verdict},
};
use crate::{
    backoff::Backoff,
    clock::Clock,
    inventory::{Inventory, InventoryCmd},
    metrics::{Samples, only_own},
    supervisor::WorkerError,
};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::{Driver, DriverEvent, Error};
use wxa_model::{HostId, Link, UnixMillis};

/// Between attempts.
const RETRY: Backoff = Backoff {
    first: Duration::from_secs(1),
    most: Duration::from_secs(30),
};
/// A connection that was current for so long was a good one: the back-off begins anew after it.
const STEADY: Duration = Duration::from_secs(10);
/// Events between driver and worker; the driver waits when there are more.
pub(super) const EVENTS: usize = 256;

#[derive(Clone)]
pub(super) struct Worker {
    pub host: HostId,
    pub driver: Arc<dyn Driver>,
    pub inventory: Inventory,
    pub samples: Samples,
    pub clock: Arc<dyn Clock>,
    pub retry: Arc<Notify>,
    pub traffic: Arc<Meter>,
}

/// What one connection came to.
struct Connection {
    heard: Option<UnixMillis>,
    /// Since when everything was listed.
    current: Option<Instant>,
    /// The pool's members that this resync has named.
    members: HashSet<HostId>,
}

pub(super) async fn run(worker: Worker, stop: CancellationToken) -> Result<(), WorkerError> {
    let mut heard = None;
    let mut failures: u32 = 0;
    let tried_first = worker.clock.now();
    worker.link(Link::Connecting, None).await;
    loop {
        let mut connection = Connection {
            heard,
            current: None,
            members: HashSet::new(),
        };
        let error = tokio::select! {
            error = worker.watch(&mut connection) => error,
            () = stop.cancelled() => return Ok(()),
        };
        heard = connection.heard;
        worker.traffic.lost();
        tracing::warn!(host = %worker.host, kind = ?error.kind, %error, "connection to a host ended");
        let steady = connection.current.is_some_and(|since| since.elapsed() >= STEADY);
        failures = if steady { 1 } else { failures.saturating_add(1) };
        match verdict(&error) {
            Verdict::Stay(link) => {
                worker.link(link, heard).await;
                tokio::select! {
                    () = worker.retry.notified() => failures = 0,
                    () = stop.cancelled() => return Ok(()),
                }
            }
            Verdict::Retry(why) => {
                let pause = RETRY.delay(failures, rand::random());
                let now = worker.clock.now();
                let link = Link::Down {
                    since: heard.unwrap_or(tried_first),
                    why,
                    retry_at: UnixMillis(
                        now.0
                            .saturating_add(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)),
                    ),
                };
                worker.link(link, heard).await;
                tokio::select! {
                    () = sleep(pause) => {}
                    () = worker.retry.notified() => {}
                    () = stop.cancelled() => return Ok(()),
                }
            }
        }
    }
}

impl Worker {
    /// Watches until the connection is lost, and passes on all that was reported until then.
    async fn watch(&self, connection: &mut Connection) -> Error {
        let (events, mut reported) = mpsc::channel(EVENTS);
        let watching = self.driver.watch(events);
        tokio::pin!(watching);
        let error = loop {
            tokio::select! {
                Some(event) = reported.recv() => {
                    self.traffic.count(self.clock.now(), reported.len());
                    self.report(event, connection).await;
                }
                error = &mut watching => break error,
            }
        };
        while let Ok(event) = reported.try_recv() {
            self.report(event, connection).await;
        }
        error
    }

    async fn report(&self, event: DriverEvent, connection: &mut Connection) {
        let at = self.clock.now();
        connection.heard = Some(at);
        match event {
            DriverEvent::Samples(mut batch) => {
                only_own(&mut batch, self.host, &self.inventory.now());
                self.samples.push(self.host, batch);
            }
            DriverEvent::MemberSamples(member, mut batch) => {
                if connection.members.contains(&member) {
                    only_own(&mut batch, self.host, &self.inventory.now());
                    self.samples.push_through(self.host, member, batch);
                }
            }
            DriverEvent::Alive => {}
            DriverEvent::ResyncBegin => {
                connection.members.clear();
                self.tell(at, event).await;
            }
            DriverEvent::ResyncEnd => {
                connection.current.get_or_insert_with(Instant::now);
                let there = &connection.members;
                self.samples
                    .forget_members(self.host, at, |id| !there.contains(&id));
                self.tell(at, event).await;
            }
            DriverEvent::Member(member) => {
                connection.members.insert(member.id);
                self.tell(at, DriverEvent::Member(member)).await;
            }
            DriverEvent::MemberGone(member) => {
                connection.members.remove(&member);
                self.samples.forget_members(self.host, at, |id| id == member);
                self.tell(at, event).await;
            }
            DriverEvent::Listed(_)
            | DriverEvent::Changed(_)
            | DriverEvent::Gone(_)
            | DriverEvent::Task(_)
            | DriverEvent::TaskGone(_)
            | DriverEvent::Facts(_) => self.tell(at, event).await,
        }
    }

    async fn tell(&self, at: UnixMillis, event: DriverEvent) {
        let host = self.host;
        self.inventory
            .send(InventoryCmd::Driver { host, at, event })
            .await;
    }

    async fn link(&self, link: Link, heard: Option<UnixMillis>) {
        let host = self.host;
        self.inventory
            .send(InventoryCmd::Link { host, link, heard })
            .await;
    }
}
