//! The one owner of which hosts are attached: it makes the live state follow the stored records.
//!
//! Whoever changes the records nudges it and waits. It also looks by itself every few seconds, because the command
//! line changes them from another process.
use super::{learnt::Learnt, list::address, registry, unusable::Unusable};
use crate::{
    Connect,
    clock::Clock,
    inventory,
    live::Live,
    seal::SealingKey,
    supervisor::{Restart, Supervisor, WorkerError},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use wxa_driver::Driver;
use wxa_model::{HostId, HostKind, Site, SiteId, Transport, UnixMillis};
use wxa_store::{HostRecord, Store};

const LOOK_EVERY: Duration = Duration::from_secs(2);
/// XAPI forgets tasks an hour after they have ended; clocks may differ.
const POOLS_KEEP_TASKS_MS: u64 = 2 * 3_600_000;
/// Nudges that may wait; those who nudge wait when there are more.
const MAILBOX: usize = 16;

/// Access to the keeper. Cloning gives another handle.
#[derive(Clone)]
pub(crate) struct Keeper {
    nudges: mpsc::Sender<oneshot::Sender<()>>,
    offers: Arc<Mutex<Offers>>,
}

/// Drivers that have reached their host already, to be used at the next attaching.
type Offers = HashMap<HostId, Arc<dyn Driver>>;

/// What the keeper works with.
#[derive(Clone)]
pub(crate) struct KeeperParts {
    pub(crate) store: Store,
    pub(crate) connect: Arc<dyn Connect>,
    pub(crate) sealing_key: Arc<SealingKey>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) live: Live,
}

impl Keeper {
    /// For the command line: nothing is ever attached.
    pub(crate) fn idle() -> Self {
        Self {
            nudges: mpsc::channel(1).0,
            offers: Arc::default(),
        }
    }

    /// Starts the keeper; the stored hosts are attached at the first nudge.
    pub(crate) fn start(parts: KeeperParts, supervisor: &Supervisor) -> Self {
        let (nudges, mailbox) = mpsc::channel(MAILBOX);
        let offers: Arc<Mutex<Offers>> = Arc::default();
        let worker = Worker {
            parts,
            offers: offers.clone(),
            sites: HashMap::new(),
            hosts: HashMap::new(),
            told: HashMap::new(),
        };
        let mut run = Some((worker, mailbox));
        supervisor.spawn("stored hosts", Restart::Never, move |stop| {
            let run = run.take();
            async move {
                let (worker, mailbox) = run.ok_or("the keeper's mailbox is lost")?;
                worker.run(mailbox, stop).await
            }
        });
        Self { nudges, offers }
    }

    /// Attaches the host anew at the next nudge, with this driver.
    pub(crate) fn offer(&self, host: HostId, driver: Arc<dyn Driver>) {
        lock(&self.offers).insert(host, driver);
    }

    /// Takes an offer back: what it was for did not happen.
    pub(crate) fn withdraw(&self, host: HostId) {
        lock(&self.offers).remove(&host);
    }

    /// Nudges, and waits until the live state is as the records are now.
    pub(crate) async fn settled(&self) {
        let (done, settled) = oneshot::channel();
        if self.nudges.send(done).await.is_ok() {
            let _ = settled.await;
        }
    }
}

/// What a driver told, and whether it is in the database.
struct Told {
    learnt: Learnt,
    is_kept: bool,
}

struct Worker {
    parts: KeeperParts,
    offers: Arc<Mutex<Offers>>,
    sites: HashMap<SiteId, Site>,
    hosts: HashMap<HostId, HostRecord>,
    /// What was learnt of each host, as it was told last.
    told: HashMap<HostId, Told>,
}

impl Worker {
    async fn run(
        mut self,
        mut mailbox: mpsc::Receiver<oneshot::Sender<()>>,
        stop: CancellationToken,
    ) -> Result<(), WorkerError> {
        loop {
            let nudge = tokio::select! {
                nudge = mailbox.recv() => match nudge {
                    Some(nudge) => Some(nudge),
                    None => return Ok(()),
                },
                () = sleep(LOOK_EVERY) => None,
                () = stop.cancelled() => return Ok(()),
            };
            if let Err(error) = self.follow().await {
                tracing::error!(%error, "the stored hosts cannot be read");
            }
            if let Some(nudge) = nudge {
                let _ = nudge.send(());
            }
        }
    }

    /// Sites first, then hosts, then what is gone, so that no host is ever shown without its site.
    async fn follow(&mut self) -> Result<(), wxa_store::Error> {
        // In this order: the site of a host that is read here is there when the sites are read.
        let hosts = self.parts.store.host_list().await?;
        let sites = self.parts.store.site_list().await?;
        for site in &sites {
            let site = Site {
                id: site.id,
                name: site.name.clone(),
            };
            if self.sites.get(&site.id) != Some(&site) {
                self.parts.live.inventory.put_site(site.clone()).await;
                self.sites.insert(site.id, site);
            }
        }
        for host in &hosts {
            let offered = lock(&self.offers).remove(&host.id);
            let known = self.hosts.get(&host.id);
            if offered.is_none() && known == Some(host) {
                continue;
            }
            if offered.is_none() && known.is_some_and(|known| is_renamed(known, host)) {
                self.parts.live.hosts.rename(shown(host)).await;
            } else {
                let driver = match offered {
                    Some(driver) => driver,
                    None => self.open(host).await?,
                };
                if host.transport == Transport::Xapi {
                    // Pools tell of tasks for an hour after their end: what we began through another driver is no act of others.
                    let since = UnixMillis(self.parts.clock.now().0.saturating_sub(POOLS_KEEP_TASKS_MS));
                    match self.parts.store.task_names(host.id, since).await {
                        Ok(names) => driver.recognise(&names),
                        // The driver may be one that was offered, and is not offered twice.
                        Err(error) => {
                            tracing::error!(host = %host.name, %error, "the tasks that were begun here cannot be read, and are shown as other people's");
                        }
                    }
                }
                self.parts.live.hosts.attach(shown(host), driver).await;
            }
            self.hosts.insert(host.id, host.clone());
        }
        let gone: Vec<_> = self
            .hosts
            .keys()
            .copied()
            .filter(|id| hosts.iter().all(|host| host.id != *id))
            .collect();
        for id in gone {
            self.parts.live.hosts.detach(id).await;
            self.hosts.remove(&id);
            self.told.remove(&id);
        }
        let gone: Vec<_> = self
            .sites
            .keys()
            .copied()
            .filter(|id| sites.iter().all(|site| site.id != *id))
            .collect();
        for id in gone {
            self.parts.live.inventory.remove_site(id).await;
            self.sites.remove(&id);
        }
        self.parts.live.inventory.settled().await;
        self.keep_learnt().await;
        Ok(())
    }

    /// Keeps what drivers have learnt of their hosts, for the next start. What cannot be kept now is tried again.
    async fn keep_learnt(&mut self) {
        for host in self.hosts.values() {
            let driver = self.parts.live.hosts.driver(host.id);
            let Some(learnt) = driver.and_then(|driver| Learnt::by(driver.as_ref())) else {
                continue;
            };
            let known = self.told.get(&host.id).filter(|told| told.learnt == learnt);
            if known.is_some_and(|told| told.is_kept) {
                continue;
            }
            let kept = learnt
                .keep(&self.parts.store, host.id, self.parts.clock.now())
                .await;
            if let (Err(error), None) = (&kept, known) {
                tracing::warn!(host = %host.name, %error, "what was learnt of a host could not be kept");
            }
            let is_kept = kept.is_ok();
            self.told.insert(host.id, Told { learnt, is_kept });
        }
    }

    /// A driver for the stored host; one that only tells why, when there is none to be had.
    async fn open(&self, host: &HostRecord) -> Result<Arc<dyn Driver>, wxa_store::Error> {
        let learnt = Learnt::of(&self.parts.store, host.id).await?;
        let spec = registry::stored_spec(&self.parts.sealing_key, host, learnt)
            .map_err(|_| "the stored credential cannot be read: give it again".to_owned());
        let driver = spec.and_then(|spec| self.parts.connect.open(spec).map_err(|error| error.message));
        Ok(driver.unwrap_or_else(|why| {
            tracing::error!(host = %host.name, why, "a stored host cannot be used");
            Arc::new(Unusable::new(why))
        }))
    }
}

fn shown(host: &HostRecord) -> inventory::HostRecord {
    inventory::HostRecord {
        id: host.id,
        site: host.site,
        kind: match host.transport {
            Transport::Ssh | Transport::Local => HostKind::Plain,
            Transport::Xapi => HostKind::Pool,
        },
        name: host.name.clone(),
        address: address(host),
        config_dir: host.config_dir.clone(),
    }
}

/// Whether nothing but the name is different: then there is no reason to connect anew.
fn is_renamed(known: &HostRecord, now: &HostRecord) -> bool {
    let renamed = HostRecord {
        name: now.name.clone(),
        ..known.clone()
    };
    renamed == *now
}

fn lock(offers: &Mutex<Offers>) -> MutexGuard<'_, Offers> {
    offers.lock().unwrap_or_else(PoisonError::into_inner)
}
