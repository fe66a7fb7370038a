//! A core for tests, in a folder of its own, with a clock that is moved by hand and hosts that answer as told.
use super::{Core, CoreConfig};
use crate::{
    Connect, Credential, Ctx, HostKey, HostSpec, JumpHost, MemberAccess, NewSession, test_driver,
    testing::ManualClock,
};
use async_trait::async_trait;
use bytes::Bytes;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::sync::mpsc;
use uuid::Uuid;
use wxa_driver::{Capabilities, ConsoleIo, Driver, DriverEvent, Error, ErrorKind, Member, ProgressSink};
use wxa_model::{
    Arrival, ConsoleKind, HostDetails, HostFacts, HostId, KnownMember, PowerState, Transport, Vm, VmAct,
    VmId, ids::VmIdentity,
};
use wxa_store::Store;

pub(crate) const PASSWORD: &str = "correct horse battery";
/// The key that the hosts show, unless told otherwise.
pub(crate) const KEY: &str = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The certificate that members of pools show.
pub(crate) const CERTIFICATE: &str =
    "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99";

/// Derefs to the core.
pub(crate) struct TestCore {
    pub(crate) core: Core,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) hosts: Arc<FakeHosts>,
    pub(crate) folder: TempDir,
}

impl std::ops::Deref for TestCore {
    type Target = Core;
    fn deref(&self) -> &Core {
        &self.core
    }
}

impl TestCore {
    pub(crate) async fn start() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(ManualClock::default()));
        let hosts = Arc::new(FakeHosts::default());
        let core = Core::start(config(&folder, &clock, &hosts)).await.unwrap();
        Self {
            core,
            clock,
            hosts,
            folder,
        }
    }

    pub(crate) fn config(&self) -> CoreConfig {
        config(&self.folder, &self.clock, &self.hosts)
    }

    /// Stops it and starts it again on the same folder.
    pub(crate) async fn restarted(self) -> Self {
        self.core.stop().await;
        let core = Core::start(self.config()).await.unwrap();
        Self { core, ..self }
    }

    /// Stops it, and what it left behind.
    pub(crate) async fn reopened_after_stop(&self) -> Store {
        self.core.stop().await;
        Store::open(&self.folder.path().join("webxenadmin.db"))
            .await
            .unwrap()
    }

    /// Makes the first administrator, `ada`.
    pub(crate) async fn with_admin(&self) -> NewSession {
        let token = self.setup_token_create().await.unwrap();
        self.setup_create(&stranger(), &token, "ada", &PASSWORD.into())
            .await
            .unwrap()
    }

    pub(crate) async fn resolve(&self, token: &SecretString) -> Result<Ctx, crate::Error> {
        self.session_resolve(token, "192.0.2.1", "r").await
    }
}

fn config(folder: &TempDir, clock: &Arc<ManualClock>, hosts: &Arc<FakeHosts>) -> CoreConfig {
    CoreConfig {
        data_dir: folder.path().to_owned(),
        connect: hosts.clone(),
        clock: clock.clone(),
    }
}

pub(crate) fn stranger() -> Ctx {
    Ctx::anonymous("192.0.2.1", "r")
}

/// Hosts that take `root` with the password `right`.
#[derive(Default)]
pub(crate) struct FakeHosts {
    /// What they show instead of [`KEY`].
    pub(crate) other_key: Mutex<Option<String>>,
    /// Whether nothing answers.
    pub(crate) unreachable: Mutex<bool>,
    /// What pools say of themselves.
    pub(crate) pool_uuid: Mutex<Option<Uuid>>,
    /// The member that pools have, where they have one.
    pub(crate) member_uuid: Mutex<Option<Uuid>>,
    /// The VM that runs on that member, where one does.
    pub(crate) vm_uuid: Mutex<Option<Uuid>>,
    /// The members that pools tell of, for the next start.
    pub(crate) told_members: Mutex<Option<Vec<KnownMember>>>,
    /// The guests that came from other hosts, which hosts tell of for the next start.
    pub(crate) told_arrivals: Mutex<Option<Vec<Arrival>>>,
    /// Whether no authority vouches for what pools show.
    pub(crate) untrusted: Mutex<bool>,
    /// Tasks that the hosts have done, by their own names for them; of others they know nothing.
    pub(crate) finished: Arc<Mutex<Vec<String>>>,
    /// The tasks that drivers were told to be ours.
    pub(crate) recognised: Arc<Mutex<Vec<String>>>,
    /// The specs of all drivers made so far.
    pub(crate) opened: Mutex<Vec<HostSpec>>,
}

impl FakeHosts {
    fn key(&self) -> String {
        self.other_key
            .lock()
            .unwrap()
            .clone()
            .unwrap_or_else(|| KEY.to_owned())
    }

    fn reachable(&self) -> Result<(), Error> {
        if *self.unreachable.lock().unwrap() {
            return Err(Error::new(ErrorKind::Unreachable, "connection refused"));
        }
        Ok(())
    }

    fn answer(&self, spec: &HostSpec) -> Result<HostFacts, Error> {
        self.reachable()?;
        let seen = match spec.transport {
            Transport::Xapi => CERTIFICATE.to_owned(),
            Transport::Ssh | Transport::Local => self.key(),
        };
        let pinned = spec.fingerprint.clone();
        if !spec.trust.is_pin() && *self.untrusted.lock().unwrap() {
            return Err(Error::new(ErrorKind::Untrusted, "The certificate has ended."));
        }
        let uuid = *self.pool_uuid.lock().unwrap();
        if let Some((kept, seen)) = spec.pool.zip(uuid)
            && kept != seen
        {
            return Err(Error::new(ErrorKind::OtherPool { kept, seen }, "another pool"));
        }
        if spec.trust.is_pin() && pinned != seen {
            return Err(Error::new(ErrorKind::KeyChanged { pinned, seen }, "another key"));
        }
        match &spec.credential {
            Credential::Password(password) if password.expose_secret() == "right" => Ok(HostFacts {
                hostname: "dom0".into(),
                uuid: *self.pool_uuid.lock().unwrap(),
                ..HostFacts::default()
            }),
            _ => Err(Error::new(
                ErrorKind::Unauthenticated,
                "the host refused the password",
            )),
        }
    }
}

#[async_trait]
impl Connect for FakeHosts {
    fn runs_on_a_host(&self) -> bool {
        false
    }

    async fn host_key(&self, _: &str, _: u16, _: Option<&JumpHost>) -> Result<HostKey, Error> {
        self.reachable()?;
        Ok(HostKey {
            fingerprint: self.key(),
            algorithm: "ssh-ed25519".into(),
            valid_until: None,
        })
    }

    async fn certificate(&self, _: &str, _: u16) -> Result<HostKey, Error> {
        self.reachable()?;
        Ok(HostKey {
            fingerprint: CERTIFICATE.into(),
            algorithm: "x509".into(),
            valid_until: None,
        })
    }

    async fn try_member(&self, access: &MemberAccess, _: &str, fingerprint: &str) -> Result<(), Error> {
        self.answer(&HostSpec {
            transport: Transport::Ssh,
            fingerprint: fingerprint.to_owned(),
            credential: access.credential.clone(),
            ..self.opened.lock().unwrap().last().cloned().unwrap()
        })
        .map(drop)
    }

    fn open(&self, spec: HostSpec) -> Result<Arc<dyn Driver>, Error> {
        self.opened.lock().unwrap().push(spec.clone());
        // What it will answer is settled here: enough for records, which is all that these tests are about.
        let uuid = *self.member_uuid.lock().unwrap();
        Ok(Arc::new(FakeHost {
            member: uuid.map(|uuid| Member {
                id: HostId::of_member(spec.site, uuid),
                name: "xcp-1".into(),
                address: spec.address.clone(),
                live: true,
                facts: HostFacts {
                    uuid: Some(uuid),
                    ..HostFacts::default()
                },
            }),
            vm: (*self.vm_uuid.lock().unwrap()).map(|vm| Vm {
                id: VmId::derive(spec.site, spec.host, &VmIdentity::Uuid(vm)),
                host: uuid.map_or(spec.host, |uuid| HostId::of_member(spec.site, uuid)),
                xen_uuid: Some(vm),
                ..test_driver::vm(1, PowerState::Running)
            }),
            told: self.told_members.lock().unwrap().clone(),
            arrivals: self.told_arrivals.lock().unwrap().clone(),
            finished: self.finished.clone(),
            recognised: self.recognised.clone(),
            answer: self.answer(&spec).map_err(|error| (error.kind, error.message)),
        }))
    }
}

struct FakeHost {
    member: Option<Member>,
    vm: Option<Vm>,
    told: Option<Vec<KnownMember>>,
    arrivals: Option<Vec<Arrival>>,
    finished: Arc<Mutex<Vec<String>>>,
    recognised: Arc<Mutex<Vec<String>>>,
    answer: Result<HostFacts, (ErrorKind, String)>,
}

impl FakeHost {
    fn error(&self) -> Error {
        match &self.answer {
            Ok(_) => Error::new(ErrorKind::NotFound, "not in this test"),
            Err((kind, message)) => Error::new(kind.clone(), message.clone()),
        }
    }
}

#[async_trait]
impl Driver for FakeHost {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            actions: Vec::new(),
            consoles: Vec::new(),
        }
    }

    async fn probe(&self) -> Result<HostFacts, Error> {
        self.answer.clone().map_err(|_| self.error())
    }

    fn members(&self) -> Option<Vec<KnownMember>> {
        self.told.clone()
    }

    fn arrivals(&self) -> Option<Vec<Arrival>> {
        self.arrivals.clone()
    }

    fn recognise(&self, natives: &[String]) {
        self.recognised.lock().unwrap().extend_from_slice(natives);
    }

    async fn details(&self) -> Result<HostDetails, Error> {
        Err(self.error())
    }

    async fn watch(&self, events: mpsc::Sender<DriverEvent>) -> Error {
        let Ok(facts) = self.probe().await else {
            return self.error();
        };
        let begin = [DriverEvent::ResyncBegin, DriverEvent::Facts(facts)];
        let member = self.member.clone().map(DriverEvent::Member);
        let vm = self.vm.clone().map(DriverEvent::Listed);
        let all = begin.into_iter().chain(member).chain(vm);
        for event in all.chain([DriverEvent::ResyncEnd]) {
            let _ = events.send(event).await;
        }
        events.closed().await;
        Error::new(ErrorKind::Internal, "the receiver has gone away")
    }

    async fn perform(&self, _: VmAct, _: &ProgressSink) -> Result<(), Error> {
        Err(self.error())
    }

    async fn follow(&self, native: &str, _: &ProgressSink) -> Result<(), Error> {
        if self.finished.lock().unwrap().iter().any(|done| done == native) {
            return Ok(());
        }
        self.answer.as_ref().map_err(|_| self.error())?;
        let forgotten = ErrorKind::TimedOut { maybe_done: true };
        Err(Error::new(forgotten, "nobody knows it any more"))
    }

    async fn console(&self, _: VmId, _: ConsoleKind) -> Result<ConsoleIo, Error> {
        Err(self.error())
    }

    async fn console_log(&self, _: VmId, _: usize) -> Result<Bytes, Error> {
        Err(self.error())
    }

    fn equivalent_command(&self, _: VmAct) -> Option<String> {
        None
    }
}
