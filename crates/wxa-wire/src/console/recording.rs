//! Whether and how much of consoles is kept.
use serde::{Deserialize, Serialize};
use wxa_model::UnixMillis;

/// What is kept of each guest, unless said otherwise for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingSettings {
    /// Whether anything is.
    pub on: bool,
    /// Guests with one of these tags are not recorded.
    pub off_tags: Vec<String>,
    /// Bytes kept from the beginning of each boot: 0 to 16 MiB.
    pub boot_bytes: u64,
    /// Bytes kept of the latest output: 64 KiB to 1 GiB.
    pub window_bytes: u64,
    /// Days after which output goes: 1 to 3,650.
    pub days: u32,
    /// Bytes of all guests together; the oldest go first: 16 MiB to 1 TiB.
    pub total_bytes: u64,
}

/// How things stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingView {
    /// As set.
    pub settings: RecordingSettings,
    /// Consoles of which something is kept.
    pub consoles: u64,
    /// Bytes that are kept of them.
    pub bytes: u64,
}

/// For one guest: what differs from the settings of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VmRecordingParams {
    /// Whether it is recorded; as for all when absent.
    pub on: Option<bool>,
    /// As for all when absent.
    pub boot_bytes: Option<u64>,
    /// As for all when absent.
    pub window_bytes: Option<u64>,
    /// As for all when absent.
    pub days: Option<u32>,
}

/// How one guest is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VmRecordingView {
    /// What differs from the settings of all.
    pub own: VmRecordingParams,
    /// The settings of all.
    pub common: RecordingSettings,
    /// Why it is not recorded, a sentence; none when it is.
    pub not_recorded: Option<String>,
    /// Bytes that are kept.
    pub bytes: u64,
    /// When the oldest of them was printed.
    pub since: Option<UnixMillis>,
}

/// By which way the consoles of a host's guests are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostRecordingWay {
    /// From what the host itself logs, where it does; of a pool, by staying attached.
    #[default]
    Logs,
    /// By staying attached to each guest, which locks everybody else on the host out.
    Attached,
    /// Not at all.
    Off,
}

/// To change how a host's guests are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostRecordingParams {
    /// By which way.
    pub way: HostRecordingWay,
}

/// To change whether the host itself logs its guests' consoles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostLoggingParams {
    /// Whether it shall.
    pub on: bool,
}

/// How a host's guests are recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRecordingView {
    /// As chosen.
    pub way: HostRecordingWay,
    /// Whether the host itself logs its guests' consoles; none where it cannot be asked, or is a pool.
    pub logs: Option<bool>,
    /// What switching its logging on, or off where it is on, would change, line by line as an administrator would do it; empty where that is not offered.
    pub change: Vec<String>,
    /// Guests that are recorded now.
    pub recorded: u32,
    /// Why recording does not work now, a sentence.
    pub trouble: Option<String>,
}
