//! What status pages are made of: services with rules, availability, incidents and maintenance, and what a reader sees.
mod availability;
mod judge;
mod notice;
mod page;
mod percent;
mod service;
pub mod view;

pub use availability::{Availability, Span, Window, taken_out};
pub use judge::{Part, Past, Tally, judge, push};
pub use notice::{Counts, Incident, IncidentStage, IncidentUpdate, Maintenance};
pub use page::{Audience, Language, Shown, StatusPage};
pub use service::{Check, CheckKind, Members, Rule, Service};

use crate::{CheckId, HostId, ServiceId, VmId};
use serde::{Deserialize, Serialize};

/// How something is, as far as it is known; worse ones are greater. Nothing known is worse than up, and better than what is known
/// to be bad: it hides no outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It works.
    Up,
    /// Nobody knows: its host is not reachable, or this server was not running. Never counted as up or down.
    Unknown,
    /// Its rule holds, but a part of it does not work.
    Degraded,
    /// It does not work.
    Down,
}

/// What a standing is recorded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    /// A VM: up while it runs.
    Vm(VmId),
    /// A host, or a pool with its members: up while it answers.
    Host(HostId),
    /// An outside check: up while it passes.
    Check(CheckId),
    /// A service, by its rule at the time.
    Service(ServiceId),
}
