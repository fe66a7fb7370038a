//! Measurements. None means not known; zero means zero. What each value means is written at [`Metric`].
use crate::{Bytes, Metric, UnixMillis, VmId};
use serde::{Deserialize, Serialize};

/// What one VM used over the interval that ends at the batch's time; see [`Metric`] for each value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VmSample {
    /// [`Metric::Cpu`]: `vcpus` is the most.
    pub cpu: Option<f32>,
    /// [`Metric::Memory`].
    pub memory: Option<Bytes>,
    /// [`Metric::MemoryUsed`], by the guest's own word.
    pub memory_used: Option<Bytes>,
    /// [`Metric::DiskRead`].
    pub disk_read: Option<f32>,
    /// [`Metric::DiskWrite`].
    pub disk_write: Option<f32>,
    /// [`Metric::DiskReadOps`].
    pub disk_read_ops: Option<f32>,
    /// [`Metric::DiskWriteOps`].
    pub disk_write_ops: Option<f32>,
    /// [`Metric::DiskLatency`].
    pub disk_latency: Option<f32>,
    /// [`Metric::NetRx`].
    pub net_rx: Option<f32>,
    /// [`Metric::NetTx`].
    pub net_tx: Option<f32>,
}

/// What a host used over the interval that ends at the batch's time; see [`Metric`] for each value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostSample {
    /// [`Metric::Cpu`], by all domains together.
    pub cpu: Option<f32>,
    /// [`Metric::MemoryUsed`], by all domains and Xen.
    pub memory_used: Option<Bytes>,
    /// [`Metric::DiskRead`] of all its storage.
    pub disk_read: Option<f32>,
    /// [`Metric::DiskWrite`] of all its storage.
    pub disk_write: Option<f32>,
    /// [`Metric::NetRx`] of its physical interfaces.
    pub net_rx: Option<f32>,
    /// [`Metric::NetTx`] of its physical interfaces.
    pub net_tx: Option<f32>,
    /// [`Metric::Load`] of its control domain.
    pub load: Option<f32>,
}

/// A part of a VM or a host that is measured by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A CPU, from 0: virtual of a VM, physical of a host.
    Cpu(u16),
    /// A disk by the guest's name for it, e.g. `xvda`.
    Disk(String),
    /// A network interface: a VM's by number, a host's by name, e.g. `eth0`.
    Nic(String),
    /// A store of disks, by its name or UUID as its host tells it.
    Storage(String),
}

/// What a part used; only what fits it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct PartSample {
    /// Of this VM; none for the batch's host.
    pub vm: Option<VmId>,
    /// Which part.
    pub part: Part,
    /// What, and how much, in the metric's unit.
    pub values: Vec<(Metric, f32)>,
}

/// One tick of a host's measurements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleBatch {
    /// End of the interval, by our clock.
    pub at: UnixMillis,
    /// The host's own.
    pub host: HostSample,
    /// One per running domain, guests and control domain alike.
    pub vms: Vec<(VmId, VmSample)>,
    /// Parts, where they are measured by themselves.
    pub parts: Vec<PartSample>,
}

impl VmSample {
    /// The value of `metric`; none where it is not known, or not a VM's.
    pub fn get(&self, metric: Metric) -> Option<f32> {
        match metric {
            Metric::Cpu => self.cpu,
            Metric::Memory => self.memory.map(as_number),
            Metric::MemoryUsed => self.memory_used.map(as_number),
            Metric::DiskRead => self.disk_read,
            Metric::DiskWrite => self.disk_write,
            Metric::DiskReadOps => self.disk_read_ops,
            Metric::DiskWriteOps => self.disk_write_ops,
            Metric::DiskLatency => self.disk_latency,
            Metric::NetRx => self.net_rx,
            Metric::NetTx => self.net_tx,
            Metric::Load => None,
        }
    }

    /// Puts a value where it belongs; nothing where it is not a VM's.
    pub fn set(&mut self, metric: Metric, value: f32) {
        match metric {
            Metric::Cpu => self.cpu = Some(value),
            Metric::Memory => self.memory = Some(as_bytes(value)),
            Metric::MemoryUsed => self.memory_used = Some(as_bytes(value)),
            Metric::DiskRead => self.disk_read = Some(value),
            Metric::DiskWrite => self.disk_write = Some(value),
            Metric::DiskReadOps => self.disk_read_ops = Some(value),
            Metric::DiskWriteOps => self.disk_write_ops = Some(value),
            Metric::DiskLatency => self.disk_latency = Some(value),
            Metric::NetRx => self.net_rx = Some(value),
            Metric::NetTx => self.net_tx = Some(value),
            Metric::Load => {}
        }
    }
}

impl HostSample {
    /// The value of `metric`; none where it is not known, or not a host's.
    pub fn get(&self, metric: Metric) -> Option<f32> {
        match metric {
            Metric::Cpu => self.cpu,
            Metric::MemoryUsed => self.memory_used.map(as_number),
            Metric::DiskRead => self.disk_read,
            Metric::DiskWrite => self.disk_write,
            Metric::NetRx => self.net_rx,
            Metric::NetTx => self.net_tx,
            Metric::Load => self.load,
            Metric::Memory | Metric::DiskReadOps | Metric::DiskWriteOps | Metric::DiskLatency => None,
        }
    }

    /// Puts a value where it belongs; nothing where it is not a host's.
    pub fn set(&mut self, metric: Metric, value: f32) {
        match metric {
            Metric::Cpu => self.cpu = Some(value),
            Metric::MemoryUsed => self.memory_used = Some(as_bytes(value)),
            Metric::DiskRead => self.disk_read = Some(value),
            Metric::DiskWrite => self.disk_write = Some(value),
            Metric::NetRx => self.net_rx = Some(value),
            Metric::NetTx => self.net_tx = Some(value),
            Metric::Load => self.load = Some(value),
            Metric::Memory | Metric::DiskReadOps | Metric::DiskWriteOps | Metric::DiskLatency => {}
        }
    }
}

/// A float keeps 7 digits of a size, more than is ever shown.
fn as_number(bytes: Bytes) -> f32 {
    bytes.0 as f32
}

fn as_bytes(value: f32) -> Bytes {
    Bytes(value as u64)
}
