//! How the values of a chart are counted and written: as people know them of disks, networks and CPUs.
use crate::{
    format,
    text::{T, t},
};
use wxa_model::{Bytes, Metric, TopBy, Unit};

/// What a chart counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Shares of what there is.
    Percent,
    /// CPUs busy.
    Cpus,
    /// Binary units.
    Bytes,
    /// MB/s, as disks are sold.
    Megabytes,
    /// Mbit/s, as networks are sold.
    Megabits,
    /// Requests per second.
    PerSecond,
    /// Milliseconds.
    Millis,
    /// A plain number.
    Number,
}

impl Quantity {
    /// How a metric is counted; CPU as a share where `shares` says that what there is is known.
    pub fn of(metric: Metric, shares: Shares) -> Self {
        match (metric.unit(), metric) {
            (Unit::Cpus, _) if shares == Shares::Known => Self::Percent,
            (Unit::Cpus, _) => Self::Cpus,
            (Unit::Bytes, _) => Self::Bytes,
            (Unit::BytesPerSecond, Metric::NetRx | Metric::NetTx) => Self::Megabits,
            (Unit::BytesPerSecond, _) => Self::Megabytes,
            (Unit::PerSecond, _) => Self::PerSecond,
            (Unit::Seconds, _) => Self::Millis,
            (Unit::Number, _) => Self::Number,
        }
    }

    /// How a top list is counted; its CPU as shares, because every VM tells how many it has.
    pub fn of_top(by: TopBy) -> Self {
        match by {
            TopBy::Cpu => Self::Percent,
            TopBy::Memory => Self::Bytes,
            TopBy::Disk => Self::Megabytes,
            TopBy::DiskOps => Self::PerSecond,
            TopBy::DiskLatency => Self::Millis,
            TopBy::Network => Self::Megabits,
        }
    }

    /// What a value in the metric's unit is multiplied with, on something that has `cpus`.
    pub fn factor(self, cpus: Option<u32>) -> f32 {
        match self {
            Self::Percent => 100.0 / cpus.unwrap_or(1).max(1) as f32,
            Self::Megabytes => 1e-6,
            Self::Megabits => 8e-6,
            Self::Millis => 1e3,
            Self::Cpus | Self::Bytes | Self::PerSecond | Self::Number => 1.0,
        }
    }

    /// A value on the scale, which only a browser draws, where the unit stands elsewhere; of bytes it goes with each.
    #[cfg(any(feature = "hydrate", test))]
    pub fn on_scale(self, value: f32) -> String {
        match self {
            Self::Bytes if value <= 0.0 => "0".into(),
            Self::Bytes => format::bytes(Bytes(value as u64)),
            Self::Percent => format!("{value:.0}"),
            _ => format::plain(value),
        }
    }

    /// A value with its unit.
    pub fn words(self, value: f32) -> String {
        match self {
            Self::Bytes => format::bytes(Bytes(value.max(0.0) as u64)),
            Self::Percent if value < 9.95 => format!("{} %", format::number(value)),
            Self::Percent => format!("{value:.0} %"),
            _ => {
                let (number, unit) = (format::number(value), self.unit());
                if unit.is_empty() {
                    number
                } else {
                    format!("{number} {unit}")
                }
            }
        }
    }

    /// The unit's sign; empty for none, and for bytes, where each value has its own.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::Cpus => t(T::UnitCpus),
            Self::Megabytes => "MB/s",
            Self::Megabits => "Mbit/s",
            Self::PerSecond => "/s",
            Self::Millis => "ms",
            Self::Bytes | Self::Number => "",
        }
    }
}

/// Whether it is known how many CPUs there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shares {
    /// It is.
    Known,
    /// It is not.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_and_networks_are_counted_as_they_are_sold() {
        let disk = Quantity::of(Metric::DiskRead, Shares::Known);
        assert_eq!(disk.words(2.5e6 * disk.factor(None)), "2.5 MB/s");
        let net = Quantity::of(Metric::NetTx, Shares::Known);
        assert_eq!(net.words(1e6 * net.factor(None)), "8.0 Mbit/s");
        let wait = Quantity::of(Metric::DiskLatency, Shares::Known);
        assert_eq!(wait.words(0.0415 * wait.factor(None)), "41.5 ms");
    }

    #[test]
    fn cpu_is_a_share_where_it_is_known_of_what() {
        let share = Quantity::of(Metric::Cpu, Shares::Known);
        assert_eq!(share.words(1.5 * share.factor(Some(4))), "38 %");
        assert_eq!(share.words(0.02 * share.factor(Some(4))), "0.5 %");
        let cpus = Quantity::of(Metric::Cpu, Shares::Unknown);
        assert_eq!(cpus.words(1.5 * cpus.factor(None)), "1.5 CPUs");
    }

    #[test]
    fn a_scale_is_short() {
        assert_eq!(Quantity::Percent.on_scale(50.0), "50");
        assert_eq!(Quantity::Bytes.on_scale(0.0), "0");
        assert_eq!(Quantity::Bytes.on_scale(2_147_483_648.0), "2 GiB");
        assert_eq!(Quantity::Megabytes.on_scale(10.0), "10");
        assert_eq!(Quantity::Megabytes.on_scale(2.5), "2.5");
    }
}
