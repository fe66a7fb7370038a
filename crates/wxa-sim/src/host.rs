//! A simulated host as its users hold it: start, address, fingerprint, faults, stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::actor::WorldHandle;
use crate::config::{Pace, SimHostConfig};
use crate::hostkey;
use crate::ssh::server::{self, Control};
use crate::xapi::member::MemberFace;

/// A running simulated host. Dropping it ends its server, its connections and its guests.
#[derive(Debug)]
pub struct SimHost {
    name: String,
    seed: u64,
    pace: Pace,
    address: SocketAddr,
    key_generation: std::sync::atomic::AtomicU32,
    control: mpsc::Sender<(Control, oneshot::Sender<()>)>,
    world: WorldHandle,
    /// The world and the server; they end with this set.
    tasks: JoinSet<()>,
}

impl SimHost {
    /// Starts the host and listens. Must be called within a tokio runtime. Fails when the address cannot be bound or the
    /// authorised key cannot be read.
    pub async fn start(config: SimHostConfig) -> io::Result<Self> {
        Self::start_in(config, None).await
    }

    /// The same for the shell of a pool's member: what runs there is its pool's.
    pub(crate) async fn start_in(config: SimHostConfig, pool: Option<MemberFace>) -> io::Result<Self> {
        let (control, orders) = mpsc::channel(16);
        let (name, seed, pace) = (config.name.clone(), config.seed, config.pace);
        let access = server::Access::from_config(&config)?;
        let listener = tokio::net::TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let mut tasks = JoinSet::new();
        let world = WorldHandle::start(config, pool, &mut tasks);
        tasks.spawn(server::run(listener, access, world.clone(), orders));
        Ok(Self {
            name,
            seed,
            pace,
            address,
            key_generation: 0.into(),
            control,
            world,
            tasks,
        })
    }

    /// The host's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its SSH server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Fingerprint of the present host key, `SHA256:…` as OpenSSH prints it.
    pub fn fingerprint(&self) -> String {
        let generation = self.key_generation.load(std::sync::atomic::Ordering::SeqCst);
        hostkey::fingerprint(&hostkey::host_key(self.seed, &self.name, generation))
    }

    /// Its present host key as it stands in `known_hosts`: type and base64.
    pub fn public_key(&self) -> String {
        let generation = self.key_generation.load(std::sync::atomic::Ordering::SeqCst);
        hostkey::public_line(&hostkey::host_key(self.seed, &self.name, generation))
    }

    /// From now on nothing is read from or written to any connection, old or new; none is closed.
    pub async fn hang(&self) {
        self.order(Control::Hang).await;
    }

    /// Ends a [`hang`](Self::hang).
    pub async fn resume(&self) {
        self.order(Control::Resume).await;
    }

    /// The same as [`hang`](Self::hang), for those who cannot wait.
    pub(crate) fn hang_soon(&self) {
        let _ = self.control.try_send((Control::Hang, oneshot::channel().0));
    }

    /// The same as [`resume`](Self::resume), for those who cannot wait.
    pub(crate) fn resume_soon(&self) {
        let _ = self.control.try_send((Control::Resume, oneshot::channel().0));
    }

    /// Cuts all connections now. New ones are accepted.
    pub async fn cut(&self) {
        self.order(Control::Cut).await;
    }

    /// Closes the port: connections are refused. Those that exist stay.
    pub async fn refuse(&self) {
        self.order(Control::Refuse).await;
    }

    /// Opens the port again, at the same address.
    pub async fn accept(&self) {
        self.order(Control::Accept).await;
    }

    /// New connections meet another host key.
    pub async fn change_host_key(&self) {
        let generation = self
            .key_generation
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst)
            + 1;
        self.order(Control::UseKey(Box::new(hostkey::host_key(
            self.seed, &self.name, generation,
        ))))
        .await;
    }

    /// Restarts the host: connections are cut, the port is closed for a while, running guests are gone and those linked in
    /// /etc/xen/auto boot again. Returns when the port is open again: 12 s at the lifelike pace, 0.6 s at the quick one.
    pub async fn reboot(&self) {
        self.refuse().await;
        self.cut().await;
        tokio::time::sleep(crate::guest::boot::paced(self.pace, Duration::from_secs(12))).await;
        let _ = self.world.ask(|world| world.restart()).await;
        self.accept().await;
    }

    /// From now on commands that come over SSH misbehave as these lines say; an empty text mends them all. It is the
    /// content of `/etc/sim/faults`, one command a line: `xl list: garbage`.
    ///
    /// The command is a program with its first arguments, or all of them where ` $` ends it. It can be `missing`, `hangs`,
    /// give `garbage`, be `endless`, `truncated BYTES`, `slow` (a byte in 100 ms), `prints FILE` (of the host), `complains`
    /// (endless on standard error), or `fails STATUS WORDS`.
    pub async fn spoil(&self, faults: &str) {
        let faults = faults.to_owned();
        let write = |world: &mut crate::world::World| {
            world
                .files
                .write(crate::commands::spoilt::FAULTS, faults, world.now);
        };
        let _ = self.world.ask(write).await;
    }

    /// Runs a command line as root on the host, without SSH: for tests and demos that play the administrator at the machine.
    pub async fn run(&self, command: &str) -> CommandOutput {
        crate::commands::run_locally(&self.world, command).await
    }

    /// Ends the host and waits until its tasks are gone.
    pub async fn stop(mut self) {
        self.order(Control::Cut).await;
        self.tasks.shutdown().await;
    }

    async fn order(&self, control: Control) {
        let (done, wait) = oneshot::channel();
        if self.control.send((control, done)).await.is_ok() {
            let _ = wait.await;
        }
    }
}

/// What a command printed, and its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandOutput {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Exit status.
    pub status: i32,
}
