//! Whose measurements, and what is kept of a slot of time.
use wxa_model::{HostId, Part, VmId};

/// What has a series. VMs and members are known by our ids, which outlive names, runs and migrations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SeriesKey {
    /// A VM as a whole.
    Vm(VmId),
    /// A host as a whole.
    Host(HostId),
    /// A part of a host: a store or a network interface.
    Part(HostId, Part),
}

/// What was measured in a slot of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stat {
    /// Smallest.
    pub min: f32,
    /// Mean.
    pub avg: f32,
    /// Largest.
    pub max: f32,
    /// Of how many measurements; never 0.
    pub count: u32,
}

impl Stat {
    /// One measurement.
    pub fn one(value: f32) -> Self {
        Self {
            min: value,
            avg: value,
            max: value,
            count: 1,
        }
    }

    /// Both together: every measurement counts the same.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let count = self.count.saturating_add(other.count);
        let sum = f64::from(self.avg) * f64::from(self.count) + f64::from(other.avg) * f64::from(other.count);
        Self {
            min: self.min.min(other.min),
            avg: (sum / f64::from(count.max(1))) as f32,
            max: self.max.max(other.max),
            count,
        }
    }
}

impl SeriesKey {
    /// As it is kept.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Vm(vm) => format!("vm:{vm}"),
            Self::Host(host) => format!("host:{host}"),
            Self::Part(host, Part::Cpu(number)) => format!("host:{host} cpu:{number}"),
            Self::Part(host, Part::Disk(name)) => format!("host:{host} disk:{name}"),
            Self::Part(host, Part::Nic(name)) => format!("host:{host} nic:{name}"),
            Self::Part(host, Part::Storage(name)) => format!("host:{host} storage:{name}"),
        }
    }

    /// None when it makes no sense.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let (whole, part) = match name.split_once(' ') {
            Some((whole, part)) => (whole, Some(part)),
            None => (name, None),
        };
        match (whole.split_once(':')?, part) {
            (("vm", id), None) => Some(Self::Vm(id.parse().ok()?)),
            (("host", id), None) => Some(Self::Host(id.parse().ok()?)),
            (("host", id), Some(part)) => {
                let part = match part.split_once(':')? {
                    ("cpu", number) => Part::Cpu(number.parse().ok()?),
                    ("disk", name) => Part::Disk(name.to_owned()),
                    ("nic", name) => Part::Nic(name.to_owned()),
                    ("storage", name) => Part::Storage(name.to_owned()),
                    _ => return None,
                };
                Some(Self::Part(id.parse().ok()?, part))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_key_is_read_as_it_was_written() {
        let host = HostId(Uuid::from_u128(7));
        for key in [
            SeriesKey::Vm(VmId(Uuid::from_u128(1))),
            SeriesKey::Host(host),
            SeriesKey::Part(host, Part::Nic("eth0".into())),
            SeriesKey::Part(host, Part::Storage("a name: with everything".into())),
        ] {
            assert_eq!(SeriesKey::from_name(&key.name()), Some(key));
        }
        assert_eq!(SeriesKey::from_name("vm:7"), None);
    }

    #[test]
    fn every_measurement_counts_the_same_in_a_sum_of_slots() {
        let (one, three) = (
            Stat::one(8.0),
            Stat {
                min: 1.0,
                avg: 4.0,
                max: 5.0,
                count: 3,
            },
        );
        let both = Stat {
            min: 1.0,
            avg: 5.0,
            max: 8.0,
            count: 4,
        };
        assert_eq!(one.and(three), both);
    }
}
