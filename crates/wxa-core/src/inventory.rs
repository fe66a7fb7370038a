//! The inventory: one writer publishes a picture with a revision; every reader takes what it may see of it.
//!
//! What hosts report ([`DriverEvent`]), what administrators registered (sites, hosts) and what is being done (tasks)
//! meet here and nowhere else. Readers are never waited for: each takes the latest picture, or the difference since
//! the revision it has, whenever it likes.
mod api;
pub mod delta;
mod entries;
pub mod feed;
mod host_state;
pub mod index;
mod members;
pub mod published;
mod sightings;
mod state;

pub use feed::{FeedItem, InventoryFeed};
pub use index::{IndexBase, IndexFeed, IndexItem};
pub use published::{Place, Published};

use crate::{
    supervisor::{Restart, Supervisor, WorkerError},
    system::QueueStatus,
};
use index::SharedBases;
use state::State;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use wxa_driver::DriverEvent;
use wxa_model::{
    HostId, HostKind, Link, Object, Site, SiteId, Task, TaskId, UnixMillis, VmId, console::Understood,
};
use wxa_store::{OwnKey, OwnRecord};

/// Commands that may wait for the writer; senders wait when there are more.
const MAILBOX: usize = 1024;
/// Commands that are taken at a time.
const BATCH: usize = 256;
/// Between two pictures: what a host reports is published at once when nothing was a moment before, and what follows it goes
/// into the next picture with all that comes meanwhile. Every viewer is woken by each picture.
const PACE: Duration = Duration::from_millis(20);

/// Everything at a moment, as far as the caller may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Names the server's run: revisions of two epochs cannot be compared.
    pub epoch: u64,
    /// The picture's revision.
    pub revision: u64,
    /// The server's clock when it was taken.
    pub now: UnixMillis,
    /// Sites, hosts, VMs, tasks, in this order.
    pub objects: Vec<Object>,
}

/// What the registry knows of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRecord {
    /// Its id.
    pub id: HostId,
    /// The site it stands in.
    pub site: SiteId,
    /// Plain or a pool; members are not registered, their pool's driver tells of them.
    pub kind: HostKind,
    /// As the administrator calls it.
    pub name: String,
    /// `user@address:port`.
    pub address: String,
    /// Folder with guest definitions.
    pub config_dir: String,
}

/// What the writer is told.
#[derive(Debug)]
pub(crate) enum InventoryCmd {
    /// A site is there, or is called differently now.
    PutSite(Site),
    /// A site is forgotten.
    RemoveSite(SiteId),
    /// A host is registered, or its record changed.
    PutHost(HostRecord),
    /// People say something else about an object, whether it is seen now or not.
    PutOwn(OwnKey, OwnRecord),
    /// A guest's console told how far the guest has come, or nothing is known of it any more.
    PutUnderstood(VmId, Option<Understood>),
    /// A host is forgotten, with all that was seen on it.
    RemoveHost(HostId),
    /// The connection to a host changed.
    Link {
        /// Which host.
        host: HostId,
        /// How it stands now.
        link: Link,
        /// When it was last heard; none when never in this run.
        heard: Option<UnixMillis>,
    },
    /// A host reported something.
    Driver {
        /// Which host.
        host: HostId,
        /// When, by our clock.
        at: UnixMillis,
        /// What.
        event: DriverEvent,
    },
    /// A task began, went on or ended.
    PutTask(Task),
    /// More is known of a task; nothing happens when it is no longer listed.
    AmendTask(Task),
    /// A task is no longer listed.
    RemoveTask(TaskId),
    /// Answered when everything sent before is published.
    Barrier(oneshot::Sender<()>),
}

/// Access to the inventory. Cloning gives another handle.
#[derive(Clone, Debug)]
pub struct Inventory {
    commands: mpsc::Sender<InventoryCmd>,
    published: watch::Receiver<Arc<Published>>,
    shared: SharedBases,
}

impl Inventory {
    /// Starts the writer. `epoch` names this run of the server and is not 0.
    pub fn start(epoch: u64, supervisor: &Supervisor) -> Self {
        let (commands, mailbox) = mpsc::channel(MAILBOX);
        let (publish, published) = watch::channel(Arc::new(Published::empty(epoch)));
        let mut run = Some((mailbox, publish));
        supervisor.spawn("inventory", Restart::Never, move |stop| {
            let run = run.take();
            async move {
                let (mailbox, publish) = run.ok_or("the inventory's mailbox is lost")?;
                write(mailbox, publish, stop).await
            }
        });
        Self {
            commands,
            published,
            shared: SharedBases::default(),
        }
    }

    /// The latest picture.
    pub fn now(&self) -> Arc<Published> {
        self.published.borrow().clone()
    }

    /// Tells when there is a newer picture.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<Published>> {
        self.published.clone()
    }

    /// What is made once for all who are told the same.
    pub(crate) fn shared(&self) -> SharedBases {
        self.shared.clone()
    }

    /// Tells the writer something; waits while its mailbox is full. Nothing happens when the server is stopping.
    pub(crate) async fn send(&self, command: InventoryCmd) {
        let _ = self.commands.send(command).await;
    }

    /// Puts a site, or its new name.
    pub async fn put_site(&self, site: Site) {
        self.send(InventoryCmd::PutSite(site)).await;
    }

    /// Removes a site; its hosts are to be removed before.
    pub async fn remove_site(&self, site: SiteId) {
        self.send(InventoryCmd::RemoveSite(site)).await;
    }

    /// How full the writer's mailbox is.
    pub(crate) fn queue(&self) -> QueueStatus {
        QueueStatus {
            name: "inventory",
            waiting: MAILBOX.saturating_sub(self.commands.capacity()),
            room: MAILBOX,
            dropped: 0,
        }
    }

    /// Waits until everything told so far is published.
    pub async fn settled(&self) {
        let (done, settled) = oneshot::channel();
        self.send(InventoryCmd::Barrier(done)).await;
        let _ = settled.await;
    }
}

/// The writer: applies what is in its mailbox, publishes, repeats.
async fn write(
    mut mailbox: mpsc::Receiver<InventoryCmd>,
    publish: watch::Sender<Arc<Published>>,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    let mut state = State::new(publish.borrow().epoch);
    let mut batch = Vec::with_capacity(BATCH);
    let mut waiting = Vec::new();
    let mut ready = Instant::now();
    let mut pending = false;
    loop {
        tokio::select! {
            count = mailbox.recv_many(&mut batch, BATCH) => if count == 0 { return Ok(()) },
            () = sleep_until(ready), if pending => {}
            () = stop.cancelled() => return Ok(()),
        }
        let mut urgent = false;
        for command in batch.drain(..) {
            // What people do, and tasks, is seen at once; it is what hosts report that comes by the thousand.
            urgent |= !matches!(command, InventoryCmd::Driver { .. });
            match command {
                InventoryCmd::Barrier(done) => waiting.push(done),
                other => state.apply(other),
            }
        }
        pending = Instant::now() < ready && !urgent;
        if pending {
            continue;
        }
        if let Some(next) = state.commit() {
            publish.send_replace(Arc::new(next));
            ready = Instant::now() + PACE;
        }
        for done in waiting.drain(..) {
            let _ = done.send(());
        }
    }
}

#[cfg(test)]
mod tests;
