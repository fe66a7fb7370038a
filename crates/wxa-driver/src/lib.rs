//! The contract every hypervisor driver fulfils.
//!
//! A driver owns its connection to one host (or pool), translates between the hypervisor's words and ours, and
//! decides nothing: rights, tasks, back-off and records are core's.
pub mod conformance;
pub mod console;
pub mod error;
pub mod event;
pub mod history;
pub mod member;
pub mod recording;

pub use console::ConsoleIo;
pub use error::{Error, ErrorKind, UNKNOWN_CERTIFICATE};
pub use event::{DriverEvent, Member};
pub use history::{Archive, History};
pub use member::{MemberDomain, MemberShell};
pub use recording::{LogPlace, Logging, Recorded, Switch};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use wxa_model::{
    Action, Arrival, Cancel, ConsoleKind, HostDetails, HostFacts, HostId, KnownMember, VmAct, VmId, VmPlace,
    rules::Can,
};

/// The most tasks of others that a driver tells of at once: those under way first, then the latest that have ended.
pub const POOL_TASKS: usize = 100;

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
    /// What the hypervisor calls the task, for [`Driver::follow`] and [`Driver::cancel`], as soon as that is known; none
    /// where it has no tasks. Opaque to everybody else.
    pub native: Option<String>,
    /// Whether the hypervisor can be asked to give it up now.
    pub cancel: Cancel,
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

    /// The other members of a pool as it last told them through a connection that was trusted: whoever starts anew finds it
    /// by them. None before it told any, and for what is no pool.
    fn members(&self) -> Option<Vec<KnownMember>> {
        None
    }

    /// The guests that run here and came from other hosts, by their runs: whoever starts anew knows by them which VMs they are. None
    /// before the host was looked at, and where that is no question.
    fn arrivals(&self) -> Option<Vec<Arrival>> {
        None
    }

    /// Looks closely at the host: hardware, versions, storage, network, health. Takes seconds; the caller bounds how
    /// often. What one command does not tell is [`wxa_model::Told::Untold`] and leaves the rest.
    ///
    /// # Errors
    /// Only when the host as a whole cannot be asked: connecting failed, or the connection was lost.
    async fn details(&self) -> Result<HostDetails, Error>;

    /// Reports everything on the host, then every change and measurement, until the connection is lost.
    ///
    /// Begins with `ResyncBegin`, `Facts`, one `Member` for each host of a pool, one `Listed` for each VM, one `Task` for each of
    /// others and `ResyncEnd`; what was not listed is gone. The channel is bounded: a receiver that is slow slows the driver, which then merges or skips
    /// measurements but never state. Returns only with an error (the receiver having gone away is `Internal`).
    ///
    /// # Errors
    /// Why it ended. A connection that stays silent for 10 s counts as lost ([`ErrorKind::TimedOut`]).
    async fn watch(&self, events: mpsc::Sender<DriverEvent>) -> Error;

    /// Does `act` and returns when the hypervisor has done it.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] with the host's own words when it was not done; [`ErrorKind::TimedOut`] with
    /// `maybe_done` when it may have been.
    async fn perform(&self, act: VmAct, progress: &ProgressSink) -> Result<(), Error>;

    /// Goes on waiting for a task that [`Driver::perform`] began, perhaps in an earlier run of the server, and returns when
    /// it has ended. `native` is what [`Progress::native`] told then.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] when the task has failed, whatever it failed of, and [`ErrorKind::Cancelled`];
    /// [`ErrorKind::TimedOut`] with `maybe_done` when the hypervisor knows no such task any more. With any other kind, and
    /// with the code [`UNKNOWN_CERTIFICATE`], it could not be asked: how the task ended is not known.
    async fn follow(&self, native: &str, progress: &ProgressSink) -> Result<(), Error> {
        let _ = (native, progress);
        Err(Error::new(
            ErrorKind::TimedOut { maybe_done: true },
            "The host keeps no record of what it was told to do.",
        ))
    }

    /// Those tasks are ours, though another driver of the same host has begun them: they are not told as what others do.
    /// `natives` are what [`Progress::native`] told. Nothing where there are no tasks.
    fn recognise(&self, natives: &[String]) {
        let _ = natives;
    }

    /// Asks the hypervisor to give up a task, one of ours or of somebody else's. That it has is told by the task.
    ///
    /// # Errors
    /// [`ErrorKind::NotSupported`] where there are no tasks, [`ErrorKind::Refused`] and [`ErrorKind::PermissionDenied`] with
    /// the host's own words, [`ErrorKind::NotFound`] when there is no such task any more.
    async fn cancel(&self, native: &str) -> Result<(), Error> {
        let _ = native;
        Err(Error::new(
            ErrorKind::NotSupported { action: None },
            "What has begun on the host cannot be withdrawn from here.",
        ))
    }

    /// On which members of its pool a VM that does not run could run now, and the pool's reason for each of the others. The pool
    /// is asked each time: for when somebody is about to choose, not for lists of VMs. Room may be gone a moment later.
    ///
    /// # Errors
    /// [`ErrorKind::NotSupported`] where there is nothing to choose from; as for any call to the host.
    async fn places(&self, vm: VmId) -> Result<Vec<VmPlace>, Error> {
        let _ = vm;
        Err(Error::new(
            ErrorKind::NotSupported { action: None },
            "Only a pool has hosts to choose from.",
        ))
    }

    /// Attaches to a console of a running VM. A graphical one is a fresh RFB session each time, which asks for no password: where a
    /// display has one, the driver that knows it answers.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] when somebody else holds it, either here or as the stream's end; [`ErrorKind::Refused`] when the VM
    /// does not run, [`ErrorKind::NotSupported`] when it has no such console, [`ErrorKind::PermissionDenied`] when the account on
    /// the host may not open it.
    async fn console(&self, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error>;

    /// The last `limit` bytes that the host itself recorded of the VM's console; empty where it records nothing.
    ///
    /// # Errors
    /// As for any call to the host.
    async fn console_log(&self, vm: VmId, limit: usize) -> Result<Bytes, Error>;

    /// Follows what the host itself records of all its guests' consoles, without holding any of them: from the places in `known` on,
    /// of other guests from the beginning of what is there. Returns only with an error. The channel is bounded: a receiver that is
    /// slow slows it, and nothing is lost by that which the host still has.
    ///
    /// # Errors
    /// [`ErrorKind::NotSupported`] where the host records nothing (now); as for any stream from the host.
    async fn record(
        &self,
        known: Vec<((VmId, ConsoleKind), LogPlace)>,
        told: mpsc::Sender<Recorded>,
    ) -> Error {
        let _ = (known, told);
        Error::new(
            ErrorKind::NotSupported { action: None },
            "This host does not record its guests' consoles.",
        )
    }

    /// Whether the host records its guests' consoles by itself, and what would change that.
    ///
    /// # Errors
    /// [`ErrorKind::NotSupported`] where there is no such thing, as in pools; as for any call to the host.
    async fn logging(&self) -> Result<Logging, Error> {
        Err(Error::new(
            ErrorKind::NotSupported { action: None },
            "This host has no such setting.",
        ))
    }

    /// Switches that on or off. Guests are not disturbed.
    ///
    /// # Errors
    /// As for [`Driver::logging`]; [`ErrorKind::PermissionDenied`] when the account on the host may not.
    async fn set_logging(&self, switch: Switch) -> Result<(), Error> {
        let _ = switch;
        Err(Error::new(
            ErrorKind::NotSupported { action: None },
            "This host has no such setting.",
        ))
    }

    /// The command an administrator would type on the host for `act`; none for an unknown VM or member.
    fn equivalent_command(&self, act: VmAct) -> Option<String>;

    /// What a host, or a pool's member, recorded of itself before anybody watched. Asked for once, by who keeps it.
    ///
    /// # Errors
    /// [`ErrorKind::NotSupported`] where hosts record nothing, as plain Xen; as for any call to the host.
    async fn history(&self, host: HostId, archive: Archive) -> Result<History, Error> {
        let _ = (host, archive);
        let kind = ErrorKind::NotSupported { action: None };
        Err(Error::new(kind, "This host records no measurements."))
    }
}
