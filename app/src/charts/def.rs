//! Which charts there are on a page, and which metrics each shows.
use crate::text::T;
use wxa_model::{Metric, Part};

/// A chart.
#[derive(Debug, PartialEq, Eq)]
pub struct Def {
    /// Names it in addresses of elements and files.
    pub key: &'static str,
    /// Over it.
    pub title: T,
    /// Its lines: two at most, the second of a pair is dashed where several objects are compared.
    pub metrics: &'static [Metric],
    /// What the lines of a pair are called.
    pub names: &'static [T],
    /// What its scale ends with.
    pub top: Top,
    /// The parts that it can show instead of their sum; none where there are none.
    pub by: Option<By>,
}

/// The kind of parts that a chart can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// CPUs.
    Cpu,
    /// A VM's disks.
    Disk,
    /// A host's disks, and the stores that it uses.
    Store,
    /// Network interfaces.
    Nic,
}

impl By {
    /// Whether a part is of that kind.
    pub fn has(self, part: &Part) -> bool {
        match self {
            Self::Cpu => matches!(part, Part::Cpu(_)),
            Self::Disk => matches!(part, Part::Disk(_)),
            Self::Store => matches!(part, Part::Disk(_) | Part::Storage(_)),
            Self::Nic => matches!(part, Part::Nic(_)),
        }
    }

    /// What it is called.
    pub fn words(self) -> T {
        match self {
            Self::Cpu => T::ByCpu,
            Self::Disk => T::ByDisk,
            Self::Store => T::ByStore,
            Self::Nic => T::ByNic,
        }
    }
}

/// What a scale ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Top {
    /// What is measured.
    Data,
    /// All CPUs.
    Cpus,
    /// All memory, of machines.
    Memory,
}

/// Which charts a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// In the order in which they stand.
    pub charts: &'static [Def],
}

impl Kind {
    /// The names of all their metrics, with commas.
    pub fn metrics(self) -> String {
        let all: Vec<&str> = self
            .charts
            .iter()
            .flat_map(|def| def.metrics)
            .map(|metric| metric.name())
            .collect();
        all.join(",")
    }
}

const CPU: Def = Def {
    key: "cpu",
    title: T::Cpu,
    metrics: &[Metric::Cpu],
    names: &[T::Cpu],
    top: Top::Cpus,
    by: Some(By::Cpu),
};
const MEMORY_OF_VM: Def = Def {
    key: "memory",
    title: T::Memory,
    metrics: &[Metric::Memory, Metric::MemoryUsed],
    names: &[T::MemoryAllocated, T::MemoryUsed],
    top: Top::Data,
    by: None,
};
const MEMORY_OF_HOST: Def = Def {
    key: "memory",
    title: T::Memory,
    metrics: &[Metric::MemoryUsed],
    names: &[T::MemoryUsed],
    top: Top::Memory,
    by: None,
};
const DISK: Def = Def {
    key: "disk",
    title: T::DiskThroughput,
    metrics: &[Metric::DiskRead, Metric::DiskWrite],
    names: &[T::DiskRead, T::DiskWritten],
    top: Top::Data,
    by: Some(By::Disk),
};
const DISK_OF_HOST: Def = Def {
    by: Some(By::Store),
    ..DISK
};
const DISK_OPS: Def = Def {
    key: "iops",
    title: T::DiskRequests,
    metrics: &[Metric::DiskReadOps, Metric::DiskWriteOps],
    names: &[T::DiskRead, T::DiskWritten],
    top: Top::Data,
    by: Some(By::Disk),
};
const DISK_LATENCY: Def = Def {
    key: "latency",
    title: T::DiskLatency,
    metrics: &[Metric::DiskLatency],
    names: &[T::DiskLatency],
    top: Top::Data,
    by: Some(By::Disk),
};
const NETWORK: Def = Def {
    key: "network",
    title: T::Network,
    metrics: &[Metric::NetRx, Metric::NetTx],
    names: &[T::NetReceived, T::NetSent],
    top: Top::Data,
    by: Some(By::Nic),
};
const LOAD: Def = Def {
    key: "load",
    title: T::Load,
    metrics: &[Metric::Load],
    names: &[T::Load],
    top: Top::Data,
    by: None,
};

/// Of a VM.
pub const VM: Kind = Kind {
    charts: &[CPU, MEMORY_OF_VM, DISK, DISK_OPS, DISK_LATENCY, NETWORK],
};
/// Of a host, a member, a pool, a site.
pub const HOST: Kind = Kind {
    charts: &[CPU, MEMORY_OF_HOST, NETWORK, DISK_OF_HOST, LOAD],
};
/// The most telling ones of a host, at the top of its overview.
pub const STRIP: Kind = Kind {
    charts: &[CPU, MEMORY_OF_HOST, NETWORK],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_name_and_every_chart_its_own_key() {
        for kind in [VM, HOST, STRIP] {
            for (n, def) in kind.charts.iter().enumerate() {
                assert_eq!(def.metrics.len(), def.names.len(), "{}", def.key);
                assert!((1..=2).contains(&def.metrics.len()));
                assert!(kind.charts.iter().skip(n + 1).all(|other| other.key != def.key));
            }
        }
        assert_eq!(STRIP.metrics(), "cpu,memory_used,net_rx,net_tx");
    }
}
