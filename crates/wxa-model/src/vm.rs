//! Virtual machines as every page sees them, whatever hypervisor tool manages them.
use crate::{Bytes, GuestInfo, HostId, RefusedAction, UnixMillis, VmId, console::Understood};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A virtual machine, running or only defined.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Vm {
    /// Ours; kept over restarts, renames and migrations.
    pub id: VmId,
    /// The host it runs on or is defined on.
    pub host: HostId,
    /// Its name on the host.
    pub name: String,
    /// Guest or control domain.
    pub role: VmRole,
    /// What it is doing, as last seen on the host.
    pub power: PowerState,
    /// How Xen runs it; none where the definition could not be read.
    pub guest_type: Option<GuestType>,
    /// Virtual CPUs online (running) or configured (halted).
    pub vcpus: u32,
    /// Memory allocated now (running) or configured (halted).
    pub memory: Bytes,
    /// Upper limit of its memory where it differs from `memory`.
    pub memory_max: Bytes,
    /// Xen's UUID of the present run, or of the definition; none where it gets a new one at each start.
    pub xen_uuid: Option<Uuid>,
    /// What the hypervisor's own tool calls this run (a domid), for tooltips only; none while halted.
    pub native_id: Option<String>,
    /// The definition file on the host; none for a domain without one.
    pub config_path: Option<String>,
    /// Why the definition could not be read, with its line; such a VM cannot be started.
    pub config_problem: Option<String>,
    /// Whether the host starts it by itself at boot.
    pub autostart: bool,
    /// When the present run began; none while halted or unknown.
    pub started_at: Option<UnixMillis>,
    /// Its disks.
    #[serde(default)]
    pub disks: Vec<Disk>,
    /// Its network interfaces.
    #[serde(default)]
    pub nics: Vec<Nic>,
    /// The consoles that can be opened while it runs, by who may: text before graphical, the usual one first.
    #[serde(default)]
    pub consoles: Vec<ConsoleKind>,
    /// Why it has no text console, where the driver knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_console: Option<NoConsole>,
    /// What its guest tells of itself while it runs; none where nothing asks guests, or none has answered.
    #[serde(default)]
    pub guest: Option<GuestInfo>,
    /// How far its guest has come, as its console told; none where nothing is known of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understood: Option<Understood>,
    /// What its pool would refuse now although its power state allows it; empty on plain Xen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedAction>,
    /// Tags given by people, in order.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Tags that its pool keeps itself, as they are written there. They are shown and found; no right hangs on them
    /// (decision 0026), as whoever administers the pool could give them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pool_tags: Vec<String>,
    /// Notes written by people: plain text.
    #[serde(default)]
    pub notes: String,
}

impl Vm {
    /// Whether a text console is among those that it offers now.
    pub fn has_text_console(&self) -> bool {
        self.consoles.iter().any(|kind| kind.is_text())
    }

    /// Its pool's own tags that people did not give it here too; case makes no difference.
    pub fn other_pool_tags(&self) -> impl Iterator<Item = &String> {
        let given = |tag: &&String| {
            self.tags
                .iter()
                .any(|own| own.to_lowercase() == tag.to_lowercase())
        };
        self.pool_tags.iter().filter(move |tag| !given(tag))
    }

    /// The space that disks which it may write to provide; none where one of them is of unknown size, and where no disk is known.
    pub fn provided(&self) -> Option<Bytes> {
        let sizes = self
            .disks
            .iter()
            .filter(|disk| disk.writable)
            .map(|disk| disk.size);
        sizes
            .reduce(|sum, size| Some(Bytes(sum?.0.saturating_add(size?.0))))
            .flatten()
    }
}

/// Whether a domain is a guest or runs the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VmRole {
    /// An ordinary guest.
    #[default]
    Guest,
    /// Domain-0 or a helper domain: shown with its host, never stopped by a click.
    ControlDomain,
}

/// What a VM is doing. Staleness is not a power state: it comes from the host's link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerState {
    /// Scheduled, runnable or blocked waiting for work.
    Running,
    /// Stopped by the hypervisor, memory kept.
    Paused,
    /// Saved to disk, or suspended in memory.
    Suspended,
    /// Not running.
    Halted,
    /// Ended by a crash and kept for inspection.
    Crashed,
    /// Shut down but not gone yet, or rebooting.
    Stopping,
}

impl PowerState {
    /// The word that `state:` of the filter language goes by.
    pub fn key(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Suspended => "suspended",
            Self::Halted => "halted",
            Self::Crashed => "crashed",
            Self::Stopping => "stopping",
        }
    }
}

/// How Xen runs a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestType {
    /// Paravirtualised.
    Pv,
    /// Hardware-assisted without emulated devices.
    Pvh,
    /// Hardware-assisted with emulated devices.
    Hvm,
}

impl GuestType {
    /// The word that `type:` of the filter language goes by.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pv => "pv",
            Self::Pvh => "pvh",
            Self::Hvm => "hvm",
        }
    }

    /// As Xen spells it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pv => "PV",
            Self::Pvh => "PVH",
            Self::Hvm => "HVM",
        }
    }
}

/// A virtual disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Disk {
    /// As the guest sees it, e.g. `xvda`.
    pub device: String,
    /// Where it lives on the host.
    pub target: String,
    /// `raw`, `qcow2`, `phy`, …
    pub format: String,
    /// Whether the guest may write to it.
    pub writable: bool,
    /// How much space it provides, whatever of it is used; none where the host does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Bytes>,
}

/// A virtual network interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Nic {
    /// Its MAC address; empty where the host chooses one at start.
    pub mac: String,
    /// The bridge it is connected to; empty unknown.
    pub bridge: String,
}

/// A console a VM offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleKind {
    /// The paravirtual console (hvc0).
    Pv,
    /// The emulated serial port of an HVM guest (ttyS0).
    Serial,
    /// A framebuffer over RFB (VNC).
    Graphical,
}

impl ConsoleKind {
    /// Whether it is a terminal, not a screen.
    pub fn is_text(self) -> bool {
        match self {
            Self::Pv | Self::Serial => true,
            Self::Graphical => false,
        }
    }
}

/// Why a pool's HVM guest has no text console. XAPI itself offers none for them: theirs is `xl console -t serial` on the
/// member they run on, over SSH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoConsole {
    /// Nothing is known of how to reach the pool's members over SSH.
    NoSsh,
    /// The members are reached over SSH, but the key of the one that it runs on was not confirmed.
    KeyUnconfirmed,
    /// It has no emulated serial port that could be opened: `hvm_serial` is something else than `pty`.
    NoSerialPort,
}

impl NoConsole {
    /// The reason as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoSsh => {
                "XAPI has no text console for HVM guests, and this pool's members are not reached over SSH. An administrator can set \
                 that up in the pool's settings."
            }
            Self::KeyUnconfirmed => {
                "The SSH host key of the host that it runs on was not confirmed yet: an administrator can do that in the pool's \
                 settings."
            }
            Self::NoSerialPort => {
                "It has no serial port that can be opened: `hvm_serial` among its platform keys is something else than `pty`."
            }
        }
    }
}
