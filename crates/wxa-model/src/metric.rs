//! Everything that is measured, with its unit and meaning: the one table behind pages, API and Prometheus.
use serde::{Deserialize, Serialize};

/// A kind of measurement. All are gauges over the interval between two samples; None, never zero, where nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// CPU time used per second of real time: 1.0 is one CPU fully busy.
    Cpu,
    /// Memory that the hypervisor has allocated to a VM, in bytes; what the guest uses of it is [`Self::MemoryUsed`].
    Memory,
    /// Memory in use, in bytes: inside a VM by its guest's own word, on a host by all domains and Xen.
    MemoryUsed,
    /// Bytes per second read from disks.
    DiskRead,
    /// Bytes per second written to disks.
    DiskWrite,
    /// Read requests per second that disks completed.
    DiskReadOps,
    /// Write requests per second that disks completed.
    DiskWriteOps,
    /// Mean time that a disk request took, in seconds.
    DiskLatency,
    /// Bytes per second received from the network.
    NetRx,
    /// Bytes per second sent to the network.
    NetTx,
    /// Processes that run or wait to, averaged over a minute, in a host's control domain.
    Load,
}

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// CPUs busy: 1.5 is one and a half.
    Cpus,
    /// Bytes, shown in binary units.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// Requests per second.
    PerSecond,
    /// Seconds, shown as milliseconds where short.
    Seconds,
    /// A plain number.
    Number,
}

impl Metric {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 11] = [
        Self::Cpu,
        Self::Memory,
        Self::MemoryUsed,
        Self::DiskRead,
        Self::DiskWrite,
        Self::DiskReadOps,
        Self::DiskWriteOps,
        Self::DiskLatency,
        Self::NetRx,
        Self::NetTx,
        Self::Load,
    ];

    /// Its one name in addresses, API and storage.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::MemoryUsed => "memory_used",
            Self::DiskRead => "disk_read",
            Self::DiskWrite => "disk_write",
            Self::DiskReadOps => "disk_read_ops",
            Self::DiskWriteOps => "disk_write_ops",
            Self::DiskLatency => "disk_latency",
            Self::NetRx => "net_rx",
            Self::NetTx => "net_tx",
            Self::Load => "load",
        }
    }

    /// The metric of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// What its values count.
    pub fn unit(self) -> Unit {
        match self {
            Self::Cpu => Unit::Cpus,
            Self::Memory | Self::MemoryUsed => Unit::Bytes,
            Self::DiskRead | Self::DiskWrite | Self::NetRx | Self::NetTx => Unit::BytesPerSecond,
            Self::DiskReadOps | Self::DiskWriteOps => Unit::PerSecond,
            Self::DiskLatency => Unit::Seconds,
            Self::Load => Unit::Number,
        }
    }

    /// What it means, in one sentence, for API documentation and exporters.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Cpu => "CPU time used per second of real time; 1 is one CPU fully busy.",
            Self::Memory => "Memory that the hypervisor has allocated.",
            Self::MemoryUsed => {
                "Memory in use: in a VM by its guest's own word, on a host by all domains and Xen."
            }
            Self::DiskRead => "Bytes per second read from disks.",
            Self::DiskWrite => "Bytes per second written to disks.",
            Self::DiskReadOps => "Read requests per second that disks completed.",
            Self::DiskWriteOps => "Write requests per second that disks completed.",
            Self::DiskLatency => "Mean time that a disk request took.",
            Self::NetRx => "Bytes per second received from the network.",
            Self::NetTx => "Bytes per second sent to the network.",
            Self::Load => {
                "Processes that run or wait to, averaged over a minute, in the host's control domain."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_found_by_its_name() {
        for metric in Metric::ALL {
            assert_eq!(Metric::from_name(metric.name()), Some(metric));
        }
    }
}
