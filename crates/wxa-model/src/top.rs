//! Top lists: what VMs can be ranked by, and the ranking itself, the same in server and browser.
use crate::{Metric, Unit, VmSample};
use serde::{Deserialize, Serialize};

/// What a top list ranks by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopBy {
    /// CPUs busy.
    Cpu,
    /// Memory allocated.
    Memory,
    /// Bytes per second read and written.
    Disk,
    /// Requests per second that disks completed.
    DiskOps,
    /// Mean time of a disk request.
    DiskLatency,
    /// Bytes per second received and sent.
    Network,
}

impl TopBy {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::DiskOps,
        Self::DiskLatency,
        Self::Network,
    ];

    /// Its name in addresses and replies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::DiskOps => "disk_ops",
            Self::DiskLatency => "disk_latency",
            Self::Network => "network",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }

    /// What its values count.
    pub fn unit(self) -> Unit {
        self.metrics().0.unit()
    }

    /// The value of a sample; of two directions the sum. None where nothing is known.
    pub fn of(self, sample: &VmSample) -> Option<f32> {
        let (one, other) = self.metrics();
        match (sample.get(one), other.and_then(|other| sample.get(other))) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        }
    }

    fn metrics(self) -> (Metric, Option<Metric>) {
        match self {
            Self::Cpu => (Metric::Cpu, None),
            Self::Memory => (Metric::Memory, None),
            Self::Disk => (Metric::DiskRead, Some(Metric::DiskWrite)),
            Self::DiskOps => (Metric::DiskReadOps, Some(Metric::DiskWriteOps)),
            Self::DiskLatency => (Metric::DiskLatency, None),
            Self::Network => (Metric::NetRx, Some(Metric::NetTx)),
        }
    }
}

/// The `most` largest of `all`, largest first; what has no value, or none above zero, is left out.
pub fn top<K>(all: impl IntoIterator<Item = (K, Option<f32>)>, most: usize) -> Vec<(K, f32)> {
    let mut ranked: Vec<(K, f32)> = Vec::with_capacity(most.saturating_add(1).min(64));
    for (key, value) in all {
        let Some(value) = value.filter(|value| *value > 0.0) else {
            continue;
        };
        let place = ranked.partition_point(|(_, other)| *other >= value);
        if place < most {
            ranked.insert(place, (key, value));
            ranked.truncate(most);
        }
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_come_first_and_what_is_idle_or_unknown_is_left_out() {
        let all = [
            ("a", Some(1.0)),
            ("b", None),
            ("c", Some(3.0)),
            ("d", Some(0.0)),
            ("e", Some(2.0)),
            ("f", Some(f32::NAN)),
        ];
        assert_eq!(top(all, 2), [("c", 3.0), ("e", 2.0)]);
        assert_eq!(top(all, 9).len(), 3);
        assert!(top(all, 0).is_empty());
    }

    #[test]
    fn both_directions_count_and_one_alone_does_too() {
        let sample = VmSample {
            disk_read: Some(2.0),
            disk_write: Some(3.0),
            net_rx: Some(4.0),
            ..VmSample::default()
        };
        assert_eq!(TopBy::Disk.of(&sample), Some(5.0));
        assert_eq!(TopBy::Network.of(&sample), Some(4.0));
        assert_eq!(TopBy::Cpu.of(&sample), None);
        for by in TopBy::ALL {
            assert_eq!(TopBy::from_name(by.name()), Some(by));
        }
    }
}
