//! The driver: one plain Xen host behind the contract of `wxa-driver`.
use crate::{
    act,
    config::XlConfig,
    console, details, logging, record,
    transport::Connection,
    watch::{self, Depth, Known, Scan},
    world::{Sighting, World},
};
use async_trait::async_trait;
use bytes::Bytes;
use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{sync::mpsc, task::JoinSet};
use wxa_driver::{
    Capabilities, ConsoleIo, Driver, DriverEvent, Error, ErrorKind, LogPlace, Logging, ProgressSink,
    Recorded, Switch,
};
use wxa_model::{Action, Arrival, ConsoleKind, GuestLogging, HostDetails, HostFacts, VmAct, VmId, VmRole};

/// One plain Xen host over SSH.
#[derive(Debug)]
pub struct XlDriver {
    host: Host,
}

impl XlDriver {
    /// A driver that is not connected yet: the first call connects.
    pub fn new(config: XlConfig) -> Arc<Self> {
        let known = Known::new(&config);
        Arc::new(Self {
            host: Host {
                config,
                control: tokio::sync::Mutex::new(None),
                consoles: console::Lines::default(),
                known: Mutex::new(known),
                pumps: Mutex::new(JoinSet::new()),
            },
        })
    }
}

/// What all parts of the driver share.
#[derive(Debug)]
pub(crate) struct Host {
    config: XlConfig,
    control: tokio::sync::Mutex<Option<Arc<Connection>>>,
    consoles: console::Lines,
    known: Mutex<Known>,
    /// Consoles' pumps: they end with the driver.
    pumps: Mutex<JoinSet<()>>,
}

impl Host {
    /// How it is reached.
    pub(crate) fn config(&self) -> &XlConfig {
        &self.config
    }

    /// What is known of it.
    pub(crate) fn known(&self) -> &Mutex<Known> {
        &self.known
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its VMs as of the last look.
    pub(crate) fn world(&self) -> Arc<World> {
        self.lock().world()
    }

    /// What it said about itself.
    pub(crate) fn facts(&self) -> Option<HostFacts> {
        self.lock().facts().cloned()
    }

    /// Takes a look's results in.
    pub(crate) fn update(&self, scan: Scan) -> Arc<World> {
        self.lock().update(&self.config, scan, watch::now())
    }

    /// A domain of that name is being started from that file.
    pub(crate) fn starts(&self, name: &str, path: &str) {
        self.lock().starts(name, path);
    }

    /// Its xenconsoled was switched over: the next look but one would tell it too.
    pub(crate) fn logs_now(&self, switch: Switch) {
        self.lock().logs_now(match switch {
            Switch::On => GuestLogging::On,
            Switch::Off => GuestLogging::Off,
        });
    }

    /// The lines that consoles use.
    pub(crate) fn consoles(&self) -> &console::Lines {
        &self.consoles
    }

    /// The control connection, opened if there is none.
    pub(crate) async fn connection(&self) -> Result<Arc<Connection>, Error> {
        let mut control = self.control.lock().await;
        if let Some(connection) = control.as_ref().filter(|connection| !connection.is_closed()) {
            return Ok(connection.clone());
        }
        let connection = Arc::new(Connection::open(&self.config.reach).await?);
        *control = Some(connection.clone());
        Ok(connection)
    }

    /// A new control connection in place of the old one. Acts that run on the old one keep it until they end.
    pub(crate) async fn reconnect(&self) -> Result<Arc<Connection>, Error> {
        let mut control = self.control.lock().await;
        *control = None;
        let connection = Arc::new(Connection::open(&self.config.reach).await?);
        self.lock().forget_runs();
        *control = Some(connection.clone());
        Ok(connection)
    }

    /// Lets go of the control connection. Acts that run on it keep it until they end.
    async fn hang_up(&self) {
        *self.control.lock().await = None;
    }

    /// Looks at what runs now, and at everything if that was never done.
    pub(crate) async fn look(&self, connection: &Connection) -> Result<Arc<World>, Error> {
        let depth = if self.lock().looked_at_everything() {
            Depth::Domains
        } else {
            Depth::Everything
        };
        let scan = watch::scan(connection, &self.known, &self.config.config_dir, depth).await?;
        Ok(self.update(scan))
    }

    /// The VM as it is on the host right now.
    pub(crate) async fn sight(&self, connection: &Connection, vm: VmId) -> Result<Sighting, Error> {
        let world = self.look(connection).await?;
        let sighting = world
            .get(vm)
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "The VM is no longer on the host."))?;
        if sighting.vm.role == VmRole::ControlDomain {
            return Err(Error::new(
                ErrorKind::Refused {
                    code: "control_domain".to_owned(),
                },
                format!(
                    "{} runs the host itself and cannot be acted on.",
                    sighting.vm.name
                ),
            ));
        }
        Ok(sighting.clone())
    }

    /// Runs a console's pump for as long as the driver lives.
    pub(crate) fn pump(&self, pump: impl Future<Output = ()> + Send + 'static) {
        let mut pumps = self.pumps.lock().unwrap_or_else(PoisonError::into_inner);
        while pumps.try_join_next().is_some() {}
        pumps.spawn(pump);
    }
}

#[async_trait]
impl Driver for XlDriver {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            actions: Action::PLAIN.to_vec(),
            consoles: vec![ConsoleKind::Pv, ConsoleKind::Serial, ConsoleKind::Graphical],
        }
    }

    fn arrivals(&self) -> Option<Vec<Arrival>> {
        let known = self.host.lock();
        known
            .looked_at_everything()
            .then(|| known.world().arrivals().collect())
    }

    async fn probe(&self) -> Result<HostFacts, Error> {
        let connection = self.host.connection().await?;
        let scan = watch::scan(
            &connection,
            &self.host.known,
            &self.host.config.config_dir,
            Depth::Rare,
        )
        .await?;
        self.host.update(scan);
        self.host.facts().ok_or_else(|| {
            Error::new(
                ErrorKind::Malformed,
                "`xl info` printed nothing that makes sense.",
            )
        })
    }

    async fn details(&self) -> Result<HostDetails, Error> {
        details::details(&self.host).await
    }

    async fn watch(&self, events: mpsc::Sender<DriverEvent>) -> Error {
        let error = match watch::follow(&self.host, &events).await {
            Ok(never) => match never {},
            Err(error) => error,
        };
        // Whatever comes next begins with a connection that is known to work.
        self.host.hang_up().await;
        error
    }

    async fn perform(&self, act: VmAct, progress: &ProgressSink) -> Result<(), Error> {
        act::perform(&self.host, act, progress).await
    }

    async fn console(&self, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
        console::attach(&self.host, vm, kind).await
    }

    async fn console_log(&self, vm: VmId, limit: usize) -> Result<Bytes, Error> {
        console::log(&self.host, vm, limit).await
    }

    async fn record(
        &self,
        known: Vec<((VmId, ConsoleKind), LogPlace)>,
        told: mpsc::Sender<Recorded>,
    ) -> Error {
        match record::record(&self.host, known, &told).await {
            Ok(never) => match never {},
            Err(error) => error,
        }
    }

    async fn logging(&self) -> Result<Logging, Error> {
        logging::logging(&self.host).await
    }

    async fn set_logging(&self, switch: Switch) -> Result<(), Error> {
        logging::set_logging(&self.host, switch).await
    }

    fn equivalent_command(&self, VmAct { action, vm, key, .. }: VmAct) -> Option<String> {
        act::equivalent(action, key, self.host.world().get(vm)?)
    }
}
