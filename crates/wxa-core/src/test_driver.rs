//! A driver that does what a test tells it, and the live state around it. Tests of core's workers only: everything
//! else is tested against the simulator.
use crate::{
    Clock, HostBatch,
    console::tapes::Tapes,
    inventory::{HostRecord, Inventory, Published},
    live::{Live, LiveConfig},
    supervisor::Supervisor,
    testing::ManualClock,
};
use async_trait::async_trait;
use bytes::Bytes;
use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use uuid::Uuid;
use wxa_driver::{
    Archive, Capabilities, ConsoleIo, Driver, DriverEvent, Error, ErrorKind, History, LogPlace, Progress,
    ProgressSink, Recorded,
};
use wxa_model::{
    Action, Bytes as Size, ConsoleKind, HostDetails, HostFacts, HostId, HostKind, PowerState, SampleBatch,
    Site, SiteId, SysrqKey, Vm, VmAct, VmId, VmRole,
};

/// The longest a test waits for anything.
pub const SOON: Duration = Duration::from_secs(60);
pub const SITE: SiteId = SiteId(Uuid::from_u128(1));
pub const HOST: HostId = HostId(Uuid::from_u128(2));

/// A `watch` call under way.
pub struct Watching {
    pub events: mpsc::Sender<DriverEvent>,
    pub end: oneshot::Sender<Error>,
}

/// A `perform` call under way.
pub struct Performing {
    pub action: Action,
    pub vm: VmId,
    /// The member that was chosen.
    pub on: Option<HostId>,
    /// The SysRq key.
    pub key: Option<SysrqKey>,
    pub progress: mpsc::Sender<Progress>,
    pub end: oneshot::Sender<Result<(), Error>>,
}

/// A `follow` call under way.
pub struct Following {
    pub native: String,
    pub progress: mpsc::Sender<Progress>,
    pub end: oneshot::Sender<Result<(), Error>>,
}

/// A `console` call under way.
pub struct Opening {
    pub vm: VmId,
    pub kind: ConsoleKind,
    pub answer: oneshot::Sender<Result<ConsoleIo, Error>>,
}

/// A `record` call under way.
pub struct Recording {
    pub known: Vec<((VmId, ConsoleKind), LogPlace)>,
    pub told: mpsc::Sender<Recorded>,
    pub end: oneshot::Sender<Error>,
}

impl Recording {
    /// A guest's log, from a place on.
    pub async fn tell(&self, vm: VmId, file: u64, offset: u64, text: &str) {
        let told = Recorded::Printed {
            vm,
            kind: ConsoleKind::Pv,
            from: LogPlace { file, offset },
            bytes: Bytes::copy_from_slice(text.as_bytes()),
        };
        self.told.send(told).await.unwrap();
    }

    pub async fn caught_up(&self) {
        self.told.send(Recorded::CaughtUp).await.unwrap();
    }
}

/// The test's end of a driver.
pub struct Script {
    pub driver: Arc<ScriptedDriver>,
    pub watches: mpsc::Receiver<Watching>,
    pub performs: mpsc::Receiver<Performing>,
    pub follows: mpsc::Receiver<Following>,
    pub consoles: mpsc::Receiver<Opening>,
}

pub struct ScriptedDriver {
    watches: mpsc::Sender<Watching>,
    performs: mpsc::Sender<Performing>,
    follows: mpsc::Sender<Following>,
    consoles: mpsc::Sender<Opening>,
    pub log: Mutex<Bytes>,
    /// Where calls of `record` go; without it the host records nothing.
    records: Mutex<Option<mpsc::Sender<Recording>>>,
    /// What its hosts recorded, and how often they were asked.
    pub archives: Mutex<Vec<(Archive, History)>>,
    pub archives_asked: AtomicU32,
    /// Whether they do not answer instead.
    pub archives_fail: AtomicBool,
}

impl Script {
    pub fn new() -> Self {
        let (watches, watch_calls) = mpsc::channel(8);
        let (performs, perform_calls) = mpsc::channel(8);
        let (follows, follow_calls) = mpsc::channel(8);
        let (consoles, console_calls) = mpsc::channel(8);
        let log = Mutex::default();
        Self {
            driver: Arc::new(ScriptedDriver {
                watches,
                performs,
                follows,
                consoles,
                log,
                records: Mutex::default(),
                archives: Mutex::default(),
                archives_asked: AtomicU32::new(0),
                archives_fail: AtomicBool::new(false),
            }),
            watches: watch_calls,
            performs: perform_calls,
            follows: follow_calls,
            consoles: console_calls,
        }
    }

    /// The host records its guests' consoles from now on.
    pub fn records(&self) -> mpsc::Receiver<Recording> {
        let (records, calls) = mpsc::channel(8);
        *self.driver.records.lock().unwrap() = Some(records);
        calls
    }

    /// The next `watch` call, with everything listed.
    pub async fn listed(&mut self, vms: Vec<Vm>) -> Watching {
        let watching = soon(self.watches.recv()).await.unwrap();
        watching.list(vms).await;
        watching
    }

    /// The next `console` call, answered with a stream of which the test holds the other end.
    pub async fn connect_console(&mut self) -> Guest {
        soon(self.consoles.recv()).await.unwrap().connects()
    }
}

impl Opening {
    /// Answers with a stream of which the test holds the other end.
    pub fn connects(self) -> Guest {
        let (prints, output) = mpsc::channel(64);
        let (input, typed) = mpsc::channel(4);
        self.answer.send(Ok(ConsoleIo { output, input })).unwrap();
        Guest { prints, typed }
    }
}

/// A guest's end of its console.
pub struct Guest {
    pub prints: mpsc::Sender<Result<Bytes, Error>>,
    pub typed: mpsc::Receiver<Bytes>,
}

impl Guest {
    pub async fn print(&self, text: &'static str) {
        self.prints
            .send(Ok(Bytes::from_static(text.as_bytes())))
            .await
            .unwrap();
    }
}

impl Watching {
    pub async fn say(&self, event: DriverEvent) {
        self.events.send(event).await.unwrap();
    }

    pub async fn list(&self, vms: Vec<Vm>) {
        self.say(DriverEvent::ResyncBegin).await;
        self.say(DriverEvent::Facts(HostFacts::default())).await;
        for vm in vms {
            self.say(DriverEvent::Listed(vm)).await;
        }
        self.say(DriverEvent::ResyncEnd).await;
    }

    pub fn lose(self, kind: ErrorKind, why: &str) {
        self.end.send(Error::new(kind, why)).unwrap();
    }
}

#[async_trait]
impl Driver for ScriptedDriver {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            actions: Action::ALL.to_vec(),
            consoles: vec![ConsoleKind::Pv, ConsoleKind::Serial, ConsoleKind::Graphical],
        }
    }

    async fn probe(&self) -> Result<HostFacts, Error> {
        Ok(HostFacts::default())
    }

    async fn details(&self) -> Result<HostDetails, Error> {
        Err(Error::new(ErrorKind::Internal, "no test looks closely"))
    }

    async fn watch(&self, events: mpsc::Sender<DriverEvent>) -> Error {
        let (end, ended) = oneshot::channel();
        let _ = self.watches.send(Watching { events, end }).await;
        match ended.await {
            Ok(error) => error,
            Err(_) => pending().await,
        }
    }

    async fn perform(&self, VmAct { action, vm, on, key }: VmAct, sink: &ProgressSink) -> Result<(), Error> {
        let (progress, reports) = mpsc::channel(64);
        let (end, ended) = oneshot::channel();
        let _ = self
            .performs
            .send(Performing {
                action,
                vm,
                on,
                key,
                progress,
                end,
            })
            .await;
        as_told(reports, ended, sink).await
    }

    async fn follow(&self, native: &str, sink: &ProgressSink) -> Result<(), Error> {
        let (progress, reports) = mpsc::channel(64);
        let (end, ended) = oneshot::channel();
        let native = native.to_owned();
        let following = Following {
            native,
            progress,
            end,
        };
        let _ = self.follows.send(following).await;
        as_told(reports, ended, sink).await
    }

    async fn console(&self, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
        let (answer, answered) = oneshot::channel();
        let _ = self.consoles.send(Opening { vm, kind, answer }).await;
        answered
            .await
            .unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "no answer")))
    }

    async fn console_log(&self, _vm: VmId, _limit: usize) -> Result<Bytes, Error> {
        Ok(self.log.lock().unwrap().clone())
    }

    async fn record(
        &self,
        known: Vec<((VmId, ConsoleKind), LogPlace)>,
        told: mpsc::Sender<Recorded>,
    ) -> Error {
        let records = self.records.lock().unwrap().clone();
        let Some(records) = records else {
            return Error::new(
                ErrorKind::NotSupported { action: None },
                "This host logs nothing.",
            );
        };
        let (end, ended) = oneshot::channel();
        let _ = records.send(Recording { known, told, end }).await;
        match ended.await {
            Ok(error) => error,
            Err(_) => pending().await,
        }
    }

    async fn history(&self, _host: HostId, archive: Archive) -> Result<History, Error> {
        self.archives_asked.fetch_add(1, Ordering::Relaxed);
        if self.archives_fail.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Unreachable, "no answer"));
        }
        let archives = self.archives.lock().unwrap();
        let found = archives.iter().find(|(known, _)| *known == archive);
        Ok(found.map(|(_, history)| history.clone()).unwrap_or_default())
    }

    fn equivalent_command(&self, VmAct { action, .. }: VmAct) -> Option<String> {
        Some(format!("xl {}", action.name()))
    }
}

/// Tells progress and the end as the test says.
async fn as_told(
    mut reports: mpsc::Receiver<Progress>,
    mut ended: oneshot::Receiver<Result<(), Error>>,
    sink: &ProgressSink,
) -> Result<(), Error> {
    loop {
        tokio::select! {
            biased;
            Some(report) = reports.recv() => { sink.send_replace(report); }
            result = &mut ended => return result.unwrap_or_else(|_| panic!("the scripted driver was told to panic")),
        }
    }
}

/// Live state with one attached host.
pub struct Bench {
    pub live: Live,
    pub clock: Arc<ManualClock>,
    pub script: Script,
}

impl Bench {
    pub async fn start() -> Self {
        let clock = Arc::new(ManualClock::default());
        let tapes = Tapes::in_memory(clock.clone());
        Self::start_with(clock, tapes).await
    }

    /// With tapes of its own.
    pub async fn start_with(clock: Arc<ManualClock>, tapes: Tapes) -> Self {
        let live = Live::start(LiveConfig {
            epoch: 7,
            clock: clock.clone(),
            supervisor: Supervisor::new(),
            tapes,
        });
        let script = Script::new();
        live.inventory
            .put_site(Site {
                id: SITE,
                name: "Home".into(),
            })
            .await;
        live.hosts.attach(record(HOST), script.driver.clone()).await;
        Self { live, clock, script }
    }

    pub fn now(&self) -> wxa_model::UnixMillis {
        self.clock.now()
    }

    /// Stops, and checks that nobody had to be cut off.
    pub async fn stop(self) {
        assert_eq!(self.live.supervisor.stop(Duration::from_secs(5)).await, [""; 0]);
    }
}

pub fn record(id: HostId) -> HostRecord {
    HostRecord {
        id,
        site: SITE,
        kind: HostKind::Plain,
        name: "xen-1".into(),
        address: "root@xen-1:22".into(),
        config_dir: "/etc/xen".into(),
    }
}

pub fn vm_id(n: u128) -> VmId {
    VmId(Uuid::from_u128(0x100 + n))
}

pub fn vm(n: u128, power: PowerState) -> Vm {
    Vm {
        id: vm_id(n),
        host: HOST,
        name: format!("vm-{n}"),
        role: VmRole::Guest,
        power,
        guest_type: None,
        vcpus: 1,
        memory: Size::mib(128),
        memory_max: Size::mib(128),
        xen_uuid: None,
        native_id: (power != PowerState::Halted).then(|| n.to_string()),
        config_path: Some(format!("/etc/xen/vm-{n}.cfg")),
        config_problem: None,
        autostart: false,
        started_at: None,
        disks: vec![],
        nics: vec![],
        consoles: vec![],
        no_console: None,
        understood: None,
        pool_tags: Vec::new(),
        guest: None,
        refused: Vec::new(),
        tags: vec![],
        notes: String::new(),
    }
}

fn sample() -> wxa_model::VmSample {
    wxa_model::VmSample {
        cpu: Some(0.5),
        ..wxa_model::VmSample::default()
    }
}

pub fn batch(host: HostId, at: u64, vms: &[VmId]) -> HostBatch {
    HostBatch {
        host,
        batch: SampleBatch {
            at: wxa_model::UnixMillis(at),
            vms: vms.iter().map(|vm| (*vm, sample())).collect(),
            ..SampleBatch::default()
        },
    }
}

/// Awaits something that must happen soon.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(SOON, what).await.expect("it did not happen in time")
}

/// Waits for a picture in which `condition` holds.
pub async fn until(inventory: &Inventory, condition: impl Fn(&Published) -> bool) -> Arc<Published> {
    let mut published = inventory.watch();
    let found = timeout(SOON, published.wait_for(|published| condition(published))).await;
    match found {
        Ok(Ok(published)) => published.clone(),
        _ => panic!("not in time; the picture is {:#?}", inventory.now()),
    }
}
