//! Measurements. None means not known; zero means zero.
use crate::{Bytes, UnixMillis, VmId};
use serde::{Deserialize, Serialize};

/// What one VM used over the interval that ends at the batch's time. Rates are per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VmSample {
    /// CPU time used per second of real time: 1.0 is one CPU fully busy, `vcpus` is the most.
    pub cpu: Option<f32>,
    /// Memory allocated to the VM by the hypervisor (what the guest uses inside is not known here).
    pub memory: Option<Bytes>,
    /// Bytes per second read from its disks.
    pub disk_read: Option<f32>,
    /// Bytes per second written to its disks.
    pub disk_write: Option<f32>,
    /// Bytes per second received by the guest.
    pub net_rx: Option<f32>,
    /// Bytes per second sent by the guest.
    pub net_tx: Option<f32>,
}

/// What a host used over the interval that ends at the batch's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HostSample {
    /// CPU time used per second by all domains together: 1.0 is one physical CPU fully busy.
    pub cpu: Option<f32>,
    /// Memory in use by all domains and Xen.
    pub memory_used: Option<Bytes>,
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
}
