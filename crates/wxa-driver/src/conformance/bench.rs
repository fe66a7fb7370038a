//! A driver that is being watched, and what it has reported.
use crate::{Driver, DriverEvent, Error, Member, POOL_TASKS, Progress};
use async_trait::async_trait;
use std::{
    collections::BTreeMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::timeout,
};
use wxa_model::{
    Action, Bytes, ConsoleKind, HostFacts, HostId, Metric, Part, PoolTask, SampleBatch, TaskId, Vm, VmAct,
    VmId, VmRole,
};

/// What a driver did wrong.
#[derive(Debug)]
pub struct Broken(pub String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self(format!("{:?}: {}", error.kind, error.message))
    }
}

/// Fails with a sentence unless `holds`.
///
/// # Errors
/// When it does not hold.
pub fn check(holds: Result<(), String>) -> Result<(), Broken> {
    holds.map_err(Broken)
}

/// A guest to try things on.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Its name.
    pub name: String,
    /// The console its shell is on.
    pub console: ConsoleKind,
    /// What its console shows when the shell waits for a command.
    pub prompt: String,
    /// What must be typed before there is a shell: (what is shown, what is typed).
    pub sign_in: Vec<(String, String)>,
    /// How long it may take from start to prompt.
    pub boots_within: Duration,
    /// How long any other act may take.
    pub acts_within: Duration,
    /// What the guest's terminal shows when it gets Ctrl-].
    pub escape_shown: Option<String>,
}

/// Somebody else on the host: an administrator who types commands there.
#[async_trait]
pub trait HostShell: Send + Sync {
    /// Runs a command as root and returns what it printed.
    async fn run(&self, command: &str) -> Result<String, Broken>;
}

/// What is known of a part.
pub type PartValues = Vec<(Metric, f32)>;

/// Everything a driver has reported so far.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Whether the first resync is complete.
    pub synced: bool,
    /// The VMs.
    pub vms: BTreeMap<VmId, Vm>,
    /// The hosts of a pool; none of a plain host.
    pub members: BTreeMap<HostId, Member>,
    /// What others do on a pool.
    pub tasks: BTreeMap<TaskId, PoolTask>,
    /// The latest measurements of each member.
    pub member_samples: BTreeMap<HostId, SampleBatch>,
    /// What the host said about itself.
    pub facts: Option<HostFacts>,
    /// The latest measurements; a pool's are those of its members together.
    pub samples: Option<SampleBatch>,
    /// What was last told of each part, with its VM; a host's own parts have none.
    pub parts: BTreeMap<(Option<VmId>, Part), PartValues>,
    /// How many batches came; of a pool, from the member that told most.
    pub batches: usize,
    member_batches: BTreeMap<HostId, usize>,
    /// When the host was last said to answer.
    pub alive: Option<Instant>,
    /// The longest time between two words that the host answers.
    pub longest_silence: Duration,
    /// When each VM was last reported.
    pub reported: BTreeMap<VmId, Instant>,
    /// Events that should not have come when they came.
    pub faults: Vec<String>,
    /// How the watch ended.
    pub ended: Option<String>,
}

impl View {
    /// The VM of that name; a running one before others.
    pub fn named(&self, name: &str) -> Option<&Vm> {
        let mut vms: Vec<&Vm> = self.vms.values().filter(|vm| vm.name == name).collect();
        vms.sort_by_key(|vm| vm.native_id.is_none());
        vms.first().copied()
    }

    /// The domain that runs the host.
    pub fn control_domain(&self) -> Option<&Vm> {
        self.vms.values().find(|vm| vm.role == VmRole::ControlDomain)
    }

    fn take(&mut self, event: DriverEvent) {
        let now = Instant::now();
        match event {
            DriverEvent::ResyncBegin => {
                self.vms.clear();
                self.members.clear();
                self.tasks.clear();
                self.synced = false;
            }
            DriverEvent::ResyncEnd if self.facts.is_none() => self.fault("the resync ended without facts"),
            DriverEvent::ResyncEnd => self.synced = true,
            DriverEvent::Listed(vm) if self.synced => {
                self.fault(&format!("{} was listed outside a resync", vm.name))
            }
            DriverEvent::Listed(vm) => {
                let name = vm.name.clone();
                if self.vms.insert(vm.id, vm).is_some() {
                    self.fault(&format!("{name} was listed twice, or two VMs have one id"));
                }
            }
            DriverEvent::Changed(vm) => {
                if !self.synced {
                    self.fault(&format!("{} changed during a resync", vm.name));
                }
                self.reported.insert(vm.id, now);
                self.vms.insert(vm.id, vm);
            }
            DriverEvent::Gone(id) => {
                self.reported.insert(id, now);
                if self.vms.remove(&id).is_none() {
                    self.fault("a VM went that was not there");
                }
            }
            DriverEvent::Member(member) => {
                if !self.synced && !self.vms.is_empty() {
                    self.fault(&format!("{} was told after VMs during a resync", member.name));
                }
                self.members.insert(member.id, member);
            }
            DriverEvent::MemberGone(id) => {
                self.member_samples.remove(&id);
                if self.members.remove(&id).is_none() {
                    self.fault("a member went that was not there");
                }
            }
            DriverEvent::Task(task) => {
                self.tasks.insert(task.id, task);
                if self.tasks.len() > POOL_TASKS {
                    self.fault("more tasks of others were told than anybody reads");
                }
            }
            DriverEvent::TaskGone(id) => {
                if self.tasks.remove(&id).is_none() {
                    self.fault("a task went that was not there");
                }
            }
            DriverEvent::MemberSamples(id, batch) => self.take_member_samples(id, batch),
            DriverEvent::Facts(facts) => self.facts = Some(facts),
            DriverEvent::Samples(batch) => {
                self.batches += 1;
                self.take_parts(&batch);
                self.samples = Some(batch);
            }
            DriverEvent::Alive => {
                if let Some(last) = self.alive {
                    self.longest_silence = self.longest_silence.max(now.duration_since(last));
                }
                self.alive = Some(now);
            }
        }
    }

    fn take_parts(&mut self, batch: &SampleBatch) {
        for part in &batch.parts {
            self.parts
                .insert((part.vm, part.part.clone()), part.values.clone());
        }
    }

    fn take_member_samples(&mut self, id: HostId, batch: SampleBatch) {
        self.take_parts(&batch);
        if !self.members.contains_key(&id) {
            self.fault("a member was measured that was not told");
        }
        let told = self.member_batches.entry(id).or_default();
        *told += 1;
        self.batches = self.batches.max(*told);
        self.member_samples.insert(id, batch);
        let mut sum = SampleBatch::default();
        for batch in self.member_samples.values() {
            sum.at = sum.at.max(batch.at);
            if let Some(cpu) = batch.host.cpu {
                sum.host.cpu = Some(sum.host.cpu.unwrap_or_default() + cpu);
            }
            if let Some(used) = batch.host.memory_used {
                let before = sum.host.memory_used.unwrap_or_default();
                sum.host.memory_used = Some(Bytes(before.0.saturating_add(used.0)));
            }
            sum.vms.extend_from_slice(&batch.vms);
        }
        self.samples = Some(sum);
    }

    fn fault(&mut self, what: &str) {
        self.faults.push(what.to_owned());
    }
}

/// A driver, and a watch on it that goes on in the background.
#[derive(Debug)]
pub struct Bench {
    driver: Arc<dyn Driver>,
    view: watch::Receiver<View>,
    _watching: JoinSet<()>,
}

impl fmt::Debug for dyn Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Driver")
    }
}

impl Bench {
    /// Begins to watch and waits for the first resync.
    ///
    /// # Errors
    /// When it does not come within `within`, or not in order.
    pub async fn start(driver: Arc<dyn Driver>, within: Duration) -> Result<Self, Broken> {
        let (events_in, mut events) = mpsc::channel(64);
        let (view_in, view) = watch::channel(View::default());
        let mut watching = JoinSet::new();
        let watched = driver.clone();
        watching.spawn(async move {
            let ended = view_in.clone();
            let follow = async {
                let error = watched.watch(events_in).await;
                ended.send_modify(|view| view.ended = Some(format!("{:?}: {}", error.kind, error.message)));
            };
            let fold = async {
                let mut first = true;
                while let Some(event) = events.recv().await {
                    view_in.send_modify(|view| {
                        if first && event != DriverEvent::ResyncBegin {
                            view.fault("the first event is not ResyncBegin");
                        }
                        view.take(event);
                    });
                    first = false;
                }
            };
            tokio::join!(follow, fold);
        });
        let bench = Self {
            driver,
            view,
            _watching: watching,
        };
        bench.wait("the first resync", within, |view| view.synced).await?;
        Ok(bench)
    }

    /// The driver.
    pub fn driver(&self) -> &Arc<dyn Driver> {
        &self.driver
    }

    /// What it has reported until now.
    pub fn view(&self) -> View {
        self.view.borrow().clone()
    }

    /// Waits until what was reported fulfils `until`.
    ///
    /// # Errors
    /// When that takes longer than `within`, or the watch ends.
    pub async fn wait(
        &self,
        what: &str,
        within: Duration,
        mut until: impl FnMut(&View) -> bool,
    ) -> Result<View, Broken> {
        let mut view = self.view.clone();
        let waiting = async {
            loop {
                {
                    let now = view.borrow_and_update();
                    if until(&now) {
                        return Ok(now.clone());
                    }
                    if let Some(ended) = &now.ended {
                        return Err(Broken(format!(
                            "the watch ended while waiting for {what}: {ended}"
                        )));
                    }
                }
                if view.changed().await.is_err() {
                    return Err(Broken(format!("the watch is gone while waiting for {what}")));
                }
            }
        };
        match timeout(within, waiting).await {
            Ok(result) => result,
            Err(_) => {
                let seen: Vec<String> = self
                    .view()
                    .vms
                    .values()
                    .map(|vm| format!("{} {:?} {:?}", vm.name, vm.power, vm.native_id))
                    .collect();
                Err(Broken(format!(
                    "{what} did not come within {within:?}; seen: {}",
                    seen.join(", ")
                )))
            }
        }
    }

    /// The VM of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn vm(&self, name: &str) -> Result<Vm, Broken> {
        self.view()
            .named(name)
            .cloned()
            .ok_or_else(|| Broken(format!("{name} is not listed")))
    }

    /// Performs an act; the steps it told come back with its result.
    pub async fn perform(&self, action: Action, vm: VmId) -> (Result<(), Error>, Vec<String>) {
        self.perform_act(VmAct::new(action, vm)).await
    }

    /// The same, for an act that needs more words.
    pub async fn perform_act(&self, act: VmAct) -> (Result<(), Error>, Vec<String>) {
        let (progress, mut told) = watch::channel(Progress::default());
        let mut steps = Vec::new();
        let mut work = std::pin::pin!(self.driver.perform(act, &progress));
        loop {
            tokio::select! {
                result = &mut work => return (result, steps),
                changed = told.changed() => if changed.is_ok() {
                    steps.push(told.borrow_and_update().step.clone());
                },
            }
        }
    }
}
