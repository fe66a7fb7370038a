//! Sites and hosts.
use crate::{Bytes, HostId, SiteId, UnixMillis};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A place with its own machines, e.g. a data centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Ours.
    pub id: SiteId,
    /// As the administrator calls it.
    pub name: String,
}

/// A hypervisor host that was added to the console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Ours.
    pub id: HostId,
    /// Where it stands.
    pub site: SiteId,
    /// Whether it stands alone.
    #[serde(default)]
    pub kind: HostKind,
    /// As the administrator calls it; a pool's member, as its pool calls it.
    pub name: String,
    /// How it is reached: `user@address:port`, the jump host where there is one, or `this machine`; without any secret.
    pub address: String,
    /// Whether we hear from it.
    pub link: Link,
    /// The last moment the host told us anything; none before the first word.
    pub last_word: Option<UnixMillis>,
    /// What it last said about itself; none before the first word.
    pub facts: Option<HostFacts>,
    /// Folder with the guests' definitions.
    #[serde(default)]
    pub config_dir: String,
    /// Tags given by people, in order.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Notes written by people: plain text.
    #[serde(default)]
    pub notes: String,
}

/// What stands behind a host of the inventory. A pool is one place with one connection, so it is a host to grants, tasks
/// and records; its members are places inside it (decision 0030).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostKind {
    /// A host that is reached by itself.
    #[default]
    Plain,
    /// A XAPI pool. VMs that run nowhere, and are tied to no member, are on the pool itself.
    Pool,
    /// A host in a pool, known and reached through it.
    Member {
        /// Which.
        pool: HostId,
    },
}

impl HostKind {
    /// The pool that a member is in.
    pub fn pool(self) -> Option<HostId> {
        match self {
            Self::Plain | Self::Pool => None,
            Self::Member { pool } => Some(pool),
        }
    }
}

impl Host {
    /// The one whose connection serves it: its pool's for a member, else its own.
    pub fn reached_through(&self) -> HostId {
        self.kind.pool().unwrap_or(self.id)
    }
}

/// How commands get to a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// Over SSH.
    #[default]
    Ssh,
    /// The server runs in its control domain: commands are processes beside it.
    Local,
    /// XAPI over HTTPS: the host added is any member of an XCP-ng or XenServer pool.
    Xapi,
}

/// The state of our connection to a host. Everything but `Up` makes what is shown of the host stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// First connection, or reading everything anew after a reconnect.
    Connecting,
    /// Connected and current.
    Up,
    /// Not connected; it is tried again by itself.
    Down {
        /// When the host was last heard, or when it was first tried.
        since: UnixMillis,
        /// What happened, in words for an administrator; no secrets.
        why: String,
        /// When the next attempt begins; 0 where we make none: a pool's member that its own pool does not hear.
        retry_at: UnixMillis,
    },
    /// The host refused our credentials; not tried again until they change.
    Unauthenticated {
        /// What the host said.
        why: String,
    },
    /// The host shows another key than the pinned one: nothing is sent to it until an administrator decides.
    KeyChanged {
        /// The pinned fingerprint, `SHA256:…` as OpenSSH prints it.
        pinned: String,
        /// The fingerprint it shows now.
        seen: String,
    },
    /// Another pool answers at the address than the one that was added: nothing of it is shown, until an administrator
    /// decides.
    OtherPool {
        /// The UUID of the one that was added.
        kept: Uuid,
        /// The UUID of the one that answers.
        seen: Uuid,
    },
    /// The same of the jump host through which it is reached.
    JumpKeyChanged {
        /// The jump host's pinned fingerprint.
        pinned: String,
        /// The fingerprint it shows now.
        seen: String,
    },
}

impl Link {
    /// Whether what we show of the host is current.
    pub fn is_up(&self) -> bool {
        matches!(self, Self::Up)
    }
}

/// What a host says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HostFacts {
    /// Its own host name.
    pub hostname: String,
    /// Hypervisor version, e.g. `4.17.7`.
    pub xen_version: String,
    /// Kernel release of the control domain.
    pub kernel: String,
    /// Physical CPUs (hardware threads) that Xen uses.
    pub cpus: u32,
    /// Threads per core; 0 unknown.
    pub threads_per_core: u32,
    /// Nominal CPU clock in MHz; 0 unknown.
    pub cpu_mhz: u32,
    /// Memory that Xen manages.
    pub memory_total: Bytes,
    /// Memory free for new domains.
    pub memory_free: Bytes,
    /// Scheduler in use, e.g. `credit2`; empty unknown.
    pub scheduler: String,
    /// When the host booted, by its own account; none unknown.
    pub booted_at: Option<UnixMillis>,
    /// Whether the host records its guests' consoles.
    pub guest_logging: GuestLogging,
    /// The product and its version, e.g. `XCP-ng 8.3.0`; empty for plain Xen.
    #[serde(default)]
    pub product: String,
    /// The UUID that a pool, or a pool's member, carries in XAPI; none for plain Xen.
    #[serde(default)]
    pub uuid: Option<Uuid>,
    /// Whether it coordinates its pool.
    #[serde(default)]
    pub coordinator: bool,
    /// Whether it takes no new VMs (XAPI's `host.enabled` is false).
    #[serde(default)]
    pub maintenance: bool,
}

/// Whether a host records what its guests print while nobody is attached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestLogging {
    /// Not known yet.
    #[default]
    Unknown,
    /// `xenconsoled --log=guest` runs: nothing is missed.
    On,
    /// Only what is printed while someone is attached is seen.
    Off,
}
