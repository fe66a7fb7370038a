//! What a XAPI pool tells about itself beyond its members and VMs: asked for with a pool's details, never streamed.
use crate::{Bytes, HostId, UnixMillis, VmId, host_details::Told};
use serde::{Deserialize, Serialize};

/// A pool, looked at closely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolDetails {
    /// Its storage repositories.
    pub repositories: Told<Vec<Repository>>,
    /// Its networks.
    pub networks: Told<Vec<PoolNetwork>>,
    /// Its own templates, without those that every pool has, by name.
    pub templates: Told<Vec<String>>,
    /// Those that every pool comes with, by name.
    #[serde(default)]
    pub default_templates: Vec<String>,
    /// Snapshots of its VMs.
    pub snapshots: Told<Vec<PoolSnapshot>>,
    /// What it reported itself, the newest first: a hundred at most.
    #[serde(default)]
    pub messages: Vec<PoolMessage>,
}

/// Something that a pool reports itself (XAPI's class `message`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolMessage {
    /// What kind of event, in XAPI's word, e.g. `VM_CRASHED`.
    pub name: String,
    /// What XAPI wrote about it: text, at times XML.
    pub body: String,
    /// From 1, data may be lost, over 3, something is degraded, to 5, for information; 0 unknown.
    pub priority: u8,
    /// What it is about.
    pub about: MessageAbout,
    /// When.
    pub at: Option<UnixMillis>,
}

/// What a pool's message is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageAbout {
    /// A VM that is there.
    Vm(VmId),
    /// A member that is there.
    Host(HostId),
    /// The pool.
    Pool,
    /// Something else, or what is gone: its class in XAPI's word.
    Other(String),
}

/// A storage repository (XAPI's class `SR`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Repository {
    /// Its UUID in XAPI, by which measurements name it ([`crate::Part::Storage`]).
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// What people wrote about it.
    pub description: String,
    /// Its type as XAPI says it, e.g. `lvm`, `ext`, `nfs`, `iso`.
    pub kind: String,
    /// Whether all members use it together.
    pub shared: bool,
    /// Whether it holds images of discs rather than disks.
    pub iso: bool,
    /// Its size; 0 for what has none.
    pub size: Bytes,
    /// What of it is taken.
    pub used: Bytes,
    /// The sum of its disks' virtual sizes: more than `size` when it is promised twice.
    pub promised: Bytes,
    /// How many disks it holds.
    pub disks: u32,
    /// Whether new disks go there by default.
    pub default: bool,
    /// Names of the members that have it attached.
    pub attached: Vec<String>,
    /// Names of the members that should have it attached but do not.
    pub detached: Vec<String>,
}

/// A network of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolNetwork {
    /// Its name.
    pub name: String,
    /// What people wrote about it.
    pub description: String,
    /// The bridge that stands for it on each member.
    pub bridge: String,
    /// Its VLAN; none for an untagged one.
    pub vlan: Option<u32>,
    /// Largest packet in bytes.
    pub mtu: u32,
    /// Physical interfaces, as `member: device`, e.g. `xcp-01: eth0`.
    pub interfaces: Vec<String>,
    /// Whether members are managed over it.
    pub management: bool,
    /// How many virtual interfaces are connected to it.
    pub vm_interfaces: u32,
}

/// A snapshot of a VM.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolSnapshot {
    /// Its name.
    pub name: String,
    /// The VM it was taken of; empty when that is gone.
    pub of: String,
    /// When, as milliseconds since 1970; none unknown.
    pub taken_at: Option<UnixMillis>,
}
