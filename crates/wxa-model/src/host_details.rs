//! What a host tells about itself when somebody looks closer: asked for at most every minute, never streamed.
use crate::{Bytes, PoolDetails, UnixMillis, VmId};
use serde::{Deserialize, Serialize};

/// What was asked for, or why the host did not tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told<T> {
    /// The answer.
    Told(T),
    /// A sentence for an administrator: what was tried and what the host said.
    Untold(String),
}

impl<T> Told<T> {
    /// The answer, where there is one.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Told(answer) => Some(answer),
            Self::Untold(_) => None,
        }
    }

    /// Why there is none.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Told(_) => None,
            Self::Untold(why) => Some(why),
        }
    }
}

/// A host, looked at closely. Each part comes from a command of its own: one that fails leaves the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostDetails {
    /// The hypervisor, and the machine as it sees it.
    pub xen: Told<Xen>,
    /// The control domain's own view of its machine.
    pub machine: Told<Machine>,
    /// Installed packages of hypervisor, tools and kernels.
    pub packages: Told<Vec<Package>>,
    /// Groups that physical CPUs are in.
    pub pools: Told<Vec<CpuPool>>,
    /// Each domain's virtual CPUs.
    pub vcpus: Told<Vec<DomainVcpus>>,
    /// LVM volume groups.
    pub groups: Told<Vec<VolumeGroup>>,
    /// LVM logical volumes.
    pub volumes: Told<Vec<Volume>>,
    /// Mounted file systems that are kept on some disk.
    pub filesystems: Told<Vec<FileSystem>>,
    /// Network links: bridges and what is plugged into them.
    pub links: Told<Vec<NetLink>>,
    /// Lines of the hypervisor's log that look like trouble, oldest first.
    pub complaints: Told<Vec<String>>,
    /// How far its clock is from ours.
    pub skew: Told<Skew>,
    /// What only a pool has; none for a plain host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolDetails>,
}

/// The hypervisor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Xen {
    /// Its version, e.g. `4.17.7`.
    pub version: String,
    /// The command line it was booted with.
    pub command_line: String,
    /// What made it: compiler and version.
    pub compiler: String,
    /// Who made it.
    pub built_by: String,
    /// When, as it says itself.
    pub built_at: String,
    /// Names this very build; empty when it has none.
    pub build_id: String,
    /// The source it was made from; empty when it does not know.
    pub changeset: String,
    /// Kinds of guests it runs, e.g. `hvm-3.0-x86_64`.
    pub guest_kinds: Vec<String>,
    /// What the processors let it do, e.g. `hvm`, `hap`, `shadow`.
    pub capabilities: Vec<String>,
    /// Scheduler in use.
    pub scheduler: String,
    /// The control domain's kernel release.
    pub kernel: String,
    /// That kernel's build, e.g. `#1 SMP … Debian 6.1.119-1`.
    pub kernel_build: String,
    /// The machine's architecture.
    pub architecture: String,
    /// Hardware threads that are used.
    pub cpus: u32,
    /// Processor packages; 0 unknown.
    pub sockets: u32,
    /// Cores in a package; 0 unknown.
    pub cores_per_socket: u32,
    /// Threads of a core; 0 unknown.
    pub threads_per_core: u32,
    /// Nominal clock in MHz; 0 unknown.
    pub cpu_mhz: u32,
    /// Memory that is managed.
    pub memory_total: Bytes,
    /// Memory free for new domains.
    pub memory_free: Bytes,
    /// Memory set aside for domains that are being made.
    pub memory_claimed: Bytes,
    /// Memory by NUMA node.
    pub nodes: Vec<NumaNode>,
}

/// One NUMA node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumaNode {
    /// Its number.
    pub id: u32,
    /// Its memory.
    pub memory: Bytes,
    /// What is free of it.
    pub free: Bytes,
    /// Hardware threads on it; 0 unknown.
    pub cpus: u32,
}

/// What the control domain's kernel says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// The processor's model name; empty unknown.
    pub cpu_model: String,
    /// The operating system of the control domain; empty unknown.
    pub system: String,
    /// Mean number of processes that want to run, over 1, 5 and 15 minutes.
    pub load: Option<[f32; 3]>,
    /// How long the control domain has been up, in seconds.
    pub up_seconds: Option<u64>,
    /// The control domain's memory.
    pub memory: Option<Bytes>,
    /// What of it programs could still get.
    pub memory_available: Option<Bytes>,
    /// Its swap space.
    pub swap: Option<Bytes>,
    /// What is free of that.
    pub swap_free: Option<Bytes>,
    /// The system asks for a reboot.
    pub wants_reboot: bool,
    /// The packages that asked for it, where it says so.
    pub reboot_for: Vec<String>,
}

/// An installed package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A group of physical CPUs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuPool {
    /// Its name.
    pub name: String,
    /// How many CPUs.
    pub cpus: u32,
    /// Which, e.g. `0-3,8`; empty unknown.
    pub list: String,
    /// Its scheduler.
    pub scheduler: String,
    /// How many domains run on it.
    pub domains: u32,
}

/// The virtual CPUs of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainVcpus {
    /// The domain's name.
    pub name: String,
    /// How many are in use.
    pub online: u32,
    /// How many it could use.
    pub all: u32,
    /// Physical CPUs they may run on, e.g. `all` or `0-3`; several where they differ.
    pub may_run_on: Vec<String>,
}

/// An LVM volume group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeGroup {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: Bytes,
    /// What no volume takes.
    pub free: Bytes,
    /// How many volumes.
    pub volumes: u32,
    /// How many physical volumes.
    pub disks: u32,
}

/// An LVM logical volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Volume {
    /// Its group's name.
    pub group: String,
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: Bytes,
    /// What it is.
    pub kind: VolumeKind,
    /// The thin pool it is in; empty for none.
    pub pool: String,
    /// What it is a snapshot of; empty for none.
    pub origin: String,
    /// How full a thin pool, thin volume or snapshot is, in percent.
    pub used_percent: Option<f32>,
    /// Whether something has it open now.
    pub open: bool,
}

/// What a logical volume is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeKind {
    /// Ordinary.
    Plain,
    /// A pool that thin volumes share.
    ThinPool,
    /// A volume in such a pool.
    Thin,
    /// A snapshot.
    Snapshot,
    /// Anything else: mirrors, caches, …
    Other,
}

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSystem {
    /// What is mounted.
    pub source: String,
    /// E.g. `ext4`.
    pub kind: String,
    /// Where.
    pub mount: String,
    /// Its size.
    pub size: Bytes,
    /// What is used.
    pub used: Bytes,
    /// What ordinary programs may still write.
    pub available: Bytes,
}

impl FileSystem {
    /// How full it is for ordinary programs, 0 to 1.
    pub fn fullness(&self) -> f32 {
        let reachable = self.used.0.saturating_add(self.available.0);
        self.used.0 as f32 / reachable.max(1) as f32
    }
}

/// A network link of the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetLink {
    /// Its name on the host.
    pub name: String,
    /// What it is.
    pub kind: LinkKind,
    /// Whether it carries traffic; none unknown.
    pub up: Option<bool>,
    /// Its hardware address; empty unknown.
    pub mac: String,
    /// Largest packet in bytes; 0 unknown.
    pub mtu: u32,
    /// The bridge (or bond) it is plugged into; empty for none.
    pub master: String,
    /// The VM at its other end.
    pub vm: Option<VmId>,
}

/// What a network link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// A bridge that others are plugged into.
    Bridge,
    /// A network card.
    Card,
    /// Several cards taken together.
    Bond,
    /// A part of another link.
    Vlan,
    /// A guest's interface.
    Guest,
    /// Anything else.
    Other,
}

/// How far a host's clock is from ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skew {
    /// Milliseconds that it is ahead; negative when it is behind.
    pub ahead_ms: i64,
    /// Give or take so many milliseconds: the way there and back.
    pub within_ms: u64,
}

impl Skew {
    /// The least that the clocks must be apart.
    pub fn at_least_ms(&self) -> u64 {
        self.ahead_ms.unsigned_abs().saturating_sub(self.within_ms)
    }
}

/// Details with the moment they were told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailsAt {
    /// When, by our clock.
    pub at: UnixMillis,
    /// What.
    pub details: HostDetails,
}
