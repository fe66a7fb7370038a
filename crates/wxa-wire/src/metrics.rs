//! Reading the history of measurements.
use serde::{Deserialize, Serialize};
use wxa_model::{HostId, Metric, Part, TopBy, UnixMillis, VmId};

/// Which measurements to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsQuery {
    /// Of what: `vm:ID`, `host:ID` (a plain host, a member or a pool) or `site:ID`. A pool's and a site's are the sums
    /// of its hosts, as far as known (see [`MetricSum`]).
    pub of: String,
    /// Which, by name, with commas: `cpu,memory`. All that are known when empty.
    pub metrics: String,
    /// Also those of its parts (CPUs, disks, interfaces, stores).
    pub parts: bool,
    /// From this moment; an hour before `to` when absent.
    pub from: Option<UnixMillis>,
    /// Up to this moment; now when absent.
    pub to: Option<UnixMillis>,
    /// At most so many points for each series; 600 when absent, never more than 4000. The step is the shortest that
    /// is stored for the range and keeps to it.
    pub points: Option<u32>,
}

/// The stored resolution that a reply was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// As measured: 1 s on plain Xen, 5 s by XAPI.
    #[default]
    Raw,
    /// Minutes, kept for a week.
    Minute,
    /// Hours, kept for two years.
    Hour,
}

/// A range of measurements: point `i` of every series covers the `step` milliseconds that begin at `from + i * step`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricsView {
    /// Begin of the first point, a multiple of `step`.
    pub from: UnixMillis,
    /// Milliseconds from point to point.
    pub step: u64,
    /// Points of each series.
    pub count: u32,
    /// What it was made from.
    pub resolution: Resolution,
    /// The series that have any value.
    pub series: Vec<MetricSeries>,
    /// For a pool and a site: what the sums are over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<MetricSum>,
}

/// What a sum is over: it counts those hosts that are known at a point, and says how many they are. Its mean is the sum of
/// their means; its smallest and largest are bounds, because not all are smallest or largest at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricSum {
    /// Hosts that are there now.
    pub hosts: u32,
    /// For each point, of how many of them anything is known.
    pub known: Vec<u32>,
}

/// One series: smallest, mean and largest value in each step; none for a gap, in all three at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricSeries {
    /// What.
    pub metric: Metric,
    /// Of which part; none for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Smallest; left out where every step holds one measurement, because it is the mean then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub min: Vec<Option<f32>>,
    /// Mean.
    pub avg: Vec<Option<f32>>,
    /// Largest; left out as `min` is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub max: Vec<Option<f32>>,
}

/// Which VMs use most now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopQuery {
    /// By what, by name, with commas: `cpu,memory,disk,disk_ops,disk_latency,network`. All of these when empty.
    pub by: String,
    /// At most so many in each list; 10 when absent, never more than 100.
    pub n: Option<u32>,
}

/// The VMs that use most by their latest measurement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TopView {
    /// End of the newest interval that is in it; 0 when nothing is measured.
    pub at: UnixMillis,
    /// In the order asked for.
    pub lists: Vec<TopList>,
}

/// One list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopList {
    /// By what.
    pub by: TopBy,
    /// Largest first; idle VMs are left out.
    pub entries: Vec<TopEntry>,
}

/// A VM in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopEntry {
    /// Which.
    pub vm: VmId,
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub host: HostId,
    /// How much, in the unit of [`TopBy::unit`].
    pub value: f32,
    /// The most it can be, where that is known: its CPUs, its memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<f32>,
}
