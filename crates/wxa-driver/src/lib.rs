//! The contract every hypervisor driver fulfils.
//!
//! A driver owns its connection to one host (or pool), translates between the hypervisor's words and ours, and
//! decides nothing: rights, tasks, back-off and records are core's.
pub mod conformance;
pub mod console;
pub mod error;
pub mod event;
pub mod member;

pub use console::ConsoleIo;
pub use error::{Error, ErrorKind};
pub use event::{DriverEvent, Member};
pub use member::{MemberDomain, MemberShell};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use wxa_model::{Action, ConsoleKind, HostDetails, HostFacts, VmId, rules::Can};

/// What a driver can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The actions it can perform.
    pub actions: Vec<Action>,
    /// The consoles it can open.
    pub consoles: Vec<ConsoleKind>,
}

impl Can for Capabilities {
    fn can(&self, action: Action) -> bool {
        self.actions.contains(&action)
    }
}

/// How far an act has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is being done now, in words.
    pub step: String,
    /// 0 to 100 where the hypervisor tells.
    pub percent: Option<u8>,
}

/// Where a driver reports progress: only the latest report is kept, so reporting never blocks.
pub type ProgressSink = watch::Sender<Progress>;

/// One host or pool. Methods may be called concurrently; dropping a future abandons the wait, not what the host was
/// already told to do.
#[async_trait]
pub trait Driver: Send + Sync + 'static {
    /// What it can do; constant for the driver's life.
    fn capabilities(&self) -> Capabilities;

    /// Connects if needed and asks the host about itself.
    ///
    /// # Errors
    /// Any kind of [`ErrorKind`] that connecting can meet.
    async fn probe(&self) -> Result<HostFacts, Error>;

    /// Looks closely at the host: hardware, versions, storage, network, health. Takes seconds; the caller bounds how
    /// often. What one command does not tell is [`wxa_model::Told::Untold`] and leaves the rest.
    ///
    /// # Errors
    /// Only when the host as a whole cannot be asked: connecting failed, or the connection was lost.
    async fn details(&self) -> Result<HostDetails, Error>;

    /// Reports everything on the host, then every change and measurement, until the connection is lost.
    ///
    /// Begins with `ResyncBegin`, `Facts`, one `Member` for each host of a pool, one `Listed` for each VM and `ResyncEnd`; what was not listed is
    /// gone. The channel is bounded: a receiver that is slow slows the driver, which then merges or skips
    /// measurements but never state. Returns only with an error (the receiver having gone away is `Internal`).
    ///
    /// # Errors
    /// Why it ended. A connection that stays silent for 10 s counts as lost ([`ErrorKind::TimedOut`]).
    async fn watch(&self, events: mpsc::Sender<DriverEvent>) -> Error;

    /// Does `action` to `vm` and returns when the hypervisor has done it.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] with the host's own words when it was not done; [`ErrorKind::TimedOut`] with
    /// `maybe_done` when it may have been.
    async fn perform(&self, action: Action, vm: VmId, progress: &ProgressSink) -> Result<(), Error>;

    /// Attaches to a console of a running VM.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] when somebody else holds it, either here or as the stream's end.
    async fn console(&self, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error>;

    /// The last `limit` bytes that the host itself recorded of the VM's console; empty where it records nothing.
    ///
    /// # Errors
    /// As for any call to the host.
    async fn console_log(&self, vm: VmId, limit: usize) -> Result<Bytes, Error>;

    /// The command an administrator would type on the host for `action`; none for an unknown VM.
    fn equivalent_command(&self, action: Action, vm: VmId) -> Option<String>;
}
