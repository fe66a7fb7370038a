//! Reading what VMs used.
use serde::{Deserialize, Serialize};
use wxa_model::UnixMillis;

/// Whose use, and of which days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UsageQuery {
    /// Of what: `vm:ID`.
    pub of: String,
    /// From the day of this moment; 30 days before `to` when absent.
    pub from: Option<UnixMillis>,
    /// Up to and with the day of this moment; today when absent. At most 1,100 days.
    pub to: Option<UnixMillis>,
}

/// What was used, day by day of UTC; days of which nothing is known are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UsageView {
    /// Oldest first.
    pub days: Vec<UsageDayView>,
}

/// What was used on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageDayView {
    /// Its begin.
    pub day: UnixMillis,
    /// Milliseconds for which the VM ran, or may have run, and nothing is known of it: the server did not run, or the host was
    /// not heard.
    pub unknown_ms: u64,
    /// What is known. What is not there was not measured, which is not zero.
    pub amounts: Vec<UsageAmount>,
}

/// How much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageAmount {
    /// Of what.
    pub what: UsageOf,
    /// In the unit of `what`.
    pub amount: f64,
    /// Milliseconds of the day for which it is known.
    pub known_ms: u64,
}

/// What is counted, with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageOf {
    /// Seconds of one CPU fully busy.
    CpuSeconds,
    /// Bytes of allocated memory, times seconds.
    MemoryByteSeconds,
    /// Bytes of disks, times seconds.
    StorageByteSeconds,
    /// Bytes read from disks.
    DiskReadBytes,
    /// Bytes written to disks.
    DiskWriteBytes,
    /// Read requests to disks.
    DiskReadOps,
    /// Write requests to disks.
    DiskWriteOps,
    /// Bytes received from the network.
    NetRxBytes,
    /// Bytes sent to the network.
    NetTxBytes,
}
