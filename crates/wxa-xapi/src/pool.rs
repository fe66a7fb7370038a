//! What all parts of the driver share: the way to the pool, our session there, and what is known of it.
mod calls;
mod idle;
mod own_tasks;
mod sign_in;
mod trust;

pub(crate) use calls::{Care, cookie};
pub(crate) use own_tasks::OwnTasks;
pub(crate) use trust::Told;

use crate::{
    config::XapiConfig,
    events::{Class, Event, Events},
    reference::Ref,
    rpc::Limits,
    text, watch,
    world::{Dirty, Ours, Place, World},
};
use idle::Idle;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
    time::Duration,
};
use tokio::task::JoinSet;
use trust::Trust;
use wxa_driver::{Error, ErrorKind};
use wxa_model::{HostFacts, KnownMember, VmId, VmRole};

/// The first answer of `event.from` holds everything: some 6 kB for each VM.
pub(crate) const EVERYTHING: Limits = Limits {
    bytes: 256 << 20,
    begins: Duration::from_secs(60),
    pauses: Duration::from_secs(20),
    within: Duration::from_secs(300),
};

/// Where we are signed in.
#[derive(Debug)]
pub(crate) struct Session {
    /// Whoever has it is us.
    pub(crate) reference: SecretString,
    /// The coordinator.
    pub(crate) address: String,
    /// Whether a member did not know it, and the coordinator was asked.
    doubted: AtomicBool,
}

/// A pool that was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// In which session.
    pub(crate) session: Arc<Session>,
    /// Where events go on.
    pub(crate) token: String,
    /// Classes whose objects the pool counts in another way than we do.
    pub(crate) odd: Vec<Class>,
}

/// The answer of `get_all_records`.
#[derive(Deserialize)]
struct Records(HashMap<String, serde_json::Value>);

/// A pool.
#[derive(Debug)]
pub(crate) struct Pool {
    config: XapiConfig,
    session: tokio::sync::Mutex<Option<Arc<Session>>>,
    trust: Mutex<Trust>,
    idle: Idle,
    world: Mutex<World>,
    own_tasks: OwnTasks,
    /// Consoles' pumps: they end with the driver.
    pumps: Mutex<JoinSet<()>>,
}

impl Pool {
    pub(crate) fn new(config: XapiConfig) -> Self {
        Self {
            session: tokio::sync::Mutex::new(None),
            trust: Mutex::new(Trust::new(&config)),
            idle: Idle::default(),
            world: Mutex::new(empty_world(&config)),
            own_tasks: OwnTasks::default(),
            pumps: Mutex::new(JoinSet::new()),
            config,
        }
    }

    pub(crate) fn config(&self) -> &XapiConfig {
        &self.config
    }

    /// What is known of it.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which of its tasks are ours.
    pub(crate) fn own_tasks(&self) -> &OwnTasks {
        &self.own_tasks
    }

    fn trust(&self) -> MutexGuard<'_, Trust> {
        self.trust.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads everything anew, and takes it for what the pool is.
    ///
    /// # Errors
    /// As for any call.
    pub(crate) async fn load(&self) -> Result<Loaded, Error> {
        let (loaded, world) = self.read().await?;
        *self.world() = world;
        Ok(loaded)
    }

    async fn read(&self) -> Result<(Loaded, World), Error> {
        let session = self.session().await?;
        let classes: Vec<&str> = Class::watched().map(Class::name).collect();
        let params = vec![json!(classes), json!(""), json!(30.0)];
        let everything: Events = self.call("event.from", params, EVERYTHING, Care::Reads).await?;
        let mut world = self.empty_world();
        let mut ignored = Dirty::default();
        for event in everything.events {
            world.apply(event, &mut ignored)?;
        }
        if !world.is_known() {
            return Err(Error::new(ErrorKind::Malformed, "The pool tells of no host."));
        }
        world.skew_ms = self.skew(&world).await?;
        let odd = world.miscounted(&everything.valid_ref_counts);
        self.trust().learn(world.addresses());
        let loaded = Loaded {
            session: self.session().await.unwrap_or(session),
            token: everything.token,
            odd,
        };
        Ok((loaded, world))
    }

    /// Asks the pool about itself, without its VMs.
    ///
    /// # Errors
    /// As for any call.
    pub(crate) async fn ask_facts(&self) -> Result<HostFacts, Error> {
        let mut world = self.empty_world();
        for class in [Class::Pool, Class::Host, Class::HostMetrics, Class::Certificate] {
            let method = format!("{}.get_all_records", class.api_name());
            match self.call(&method, Vec::new(), Limits::QUICK, Care::Reads).await {
                Ok(Records(records)) => {
                    for (reference, record) in records {
                        world.apply(
                            Event::live(class, Ref::read(&reference), record)?,
                            &mut Dirty::default(),
                        )?;
                    }
                }
                // Old pools do not have it.
                Err(error)
                    if class == Class::Certificate && matches!(error.kind, ErrorKind::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if !world.is_known() {
            return Err(Error::new(ErrorKind::Malformed, "The pool tells of no host."));
        }
        world.skew_ms = self.skew(&world).await?;
        self.trust().learn(world.addresses());
        Ok(world.facts())
    }

    /// Reads all tasks anew.
    ///
    /// # Errors
    /// As for any call.
    pub(crate) async fn read_tasks(&self) -> Result<(), Error> {
        let Records(records) = self
            .call("task.get_all_records", Vec::new(), EVERYTHING, Care::Reads)
            .await?;
        self.world().replace_tasks(records)
    }

    fn empty_world(&self) -> World {
        empty_world(&self.config)
    }

    /// Our clock minus the pool's, in milliseconds; 0 where it is so little that it may be the way there and back.
    async fn skew(&self, world: &World) -> Result<i64, Error> {
        let Some(master) = world.master() else {
            return Ok(0);
        };
        let params = vec![json!(master.to_string())];
        let asked = self.call("host.get_servertime", params, Limits::QUICK, Care::Reads);
        let told: String = match asked.await {
            Ok(told) => told,
            Err(error) if error.is_transient() => return Err(error),
            // It is of little use: without it, moments are as the pool says.
            Err(_) => return Ok(0),
        };
        let Some(theirs) = text::seconds(&told) else {
            return Ok(0);
        };
        // XAPI tells whole seconds.
        let ours = i64::try_from(watch::now().0).unwrap_or(i64::MAX);
        let skew = ours.saturating_sub(theirs.saturating_mul(1000));
        Ok(if skew.abs() < 5000 { 0 } else { skew / 1000 * 1000 })
    }

    /// Knows the pool, reading everything if that was never done.
    pub(crate) async fn known(&self) -> Result<(), Error> {
        if self.world().is_known() {
            return Ok(());
        }
        let (_, world) = self.read().await?;
        let mut known = self.world();
        // Whoever watches has read it meanwhile, and goes on from there.
        if !known.is_known() {
            *known = world;
        }
        Ok(())
    }

    /// The members as the pool told them; none before it did.
    pub(crate) fn members(&self) -> Option<Vec<KnownMember>> {
        self.trust().told()
    }

    /// What the members' certificates are may have changed.
    pub(crate) fn learn_members(&self) {
        let addresses = self.world().addresses();
        self.trust().learn(addresses);
    }

    /// Where a VM is.
    ///
    /// # Errors
    /// `NotFound`, or why the pool cannot be asked.
    pub(crate) async fn place(&self, vm: VmId) -> Result<Place, Error> {
        self.known().await?;
        let place = self.world().place(vm);
        place.ok_or_else(|| Error::new(ErrorKind::NotFound, "The VM is no longer in the pool."))
    }

    /// The same for what may be acted on.
    ///
    /// # Errors
    /// `Refused` for a control domain too.
    pub(crate) async fn guest(&self, vm: VmId) -> Result<Place, Error> {
        let place = self.place(vm).await?;
        if place.role == VmRole::ControlDomain {
            return Err(Error::new(
                ErrorKind::Refused {
                    code: "control_domain".to_owned(),
                },
                format!("{} runs the host itself and cannot be acted on.", place.name),
            ));
        }
        Ok(place)
    }

    /// A coordinator that did not answer is looked for anew by whatever comes next.
    ///
    /// # Errors
    /// Those that come in.
    pub(crate) async fn judge<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &outcome
            && matches!(
                error.kind,
                ErrorKind::Unreachable | ErrorKind::Untrusted | ErrorKind::TimedOut { .. }
            )
        {
            self.hang_up().await;
        }
        outcome
    }

    /// Runs a console's pump for as long as the driver lives.
    pub(crate) fn pump(&self, pump: impl Future<Output = ()> + Send + 'static) {
        let mut pumps = self.pumps.lock().unwrap_or_else(PoisonError::into_inner);
        while pumps.try_join_next().is_some() {}
        pumps.spawn(pump);
    }
}

/// A pool of which nothing is known yet.
fn empty_world(config: &XapiConfig) -> World {
    let ours = Ours {
        site: config.site,
        pool: config.host,
    };
    let mut world = World::new(ours);
    world.shell.clone_from(&config.shell);
    world
}
