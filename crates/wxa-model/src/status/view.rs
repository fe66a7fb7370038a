//! What a reader of a status page sees, and nothing else: no ids of ours, no addresses, no names that were not chosen.
mod headline;

pub use headline::{Headline, Trouble};

use super::{Availability, IncidentStage, Language, Standing};
use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// The most members that are named of a service.
pub const MEMBERS_MOST: usize = 100;

/// Everything on a status page. Also what its JSON export holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusView {
    /// What stands on top.
    pub title: String,
    /// A line below it; may be empty.
    pub about: String,
    /// The page's language, for readers who ask for no other.
    pub language: Language,
    /// IANA name of the page's time zone.
    pub time_zone: String,
    /// When it was put together.
    pub updated_at: UnixMillis,
    /// The worst of the services; none without services.
    pub standing: Option<Standing>,
    /// The services in the author's order.
    pub services: Vec<ServiceView>,
    /// Open incidents and those of the last days, newest first; none when the page shows none.
    pub incidents: Vec<IncidentView>,
    /// Maintenance now and to come, soonest first; none when the page shows none.
    pub maintenance: Vec<MaintenanceView>,
    /// How full things are, when the page shows it.
    pub capacity: Option<CapacityView>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceView {
    /// What readers know it as.
    pub name: String,
    /// What it is; may be empty.
    pub about: String,
    /// How it is now.
    pub standing: Standing,
    /// Since when; none when that is before everything recorded.
    pub since: Option<UnixMillis>,
    /// Whether a maintenance that touches it is going on.
    pub in_maintenance: bool,
    /// Its availability, when the page shows it.
    pub availability: Option<AvailabilityView>,
    /// Its members by name, when the page shows them: at most [`MEMBERS_MOST`], of more those that stand worst.
    pub members: Vec<MemberView>,
    /// How many more members it has than are in `members`, when the page shows them.
    #[serde(default)]
    pub more_members: u32,
}

/// Availability over the usual times, all ending now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AvailabilityView {
    /// Over 24 hours.
    pub day: Availability,
    /// Over 7 days.
    pub week: Availability,
    /// Over 30 days.
    pub month: Availability,
    /// Over 90 days.
    pub quarter: Availability,
    /// Each of the last ninety days in the page's time zone, oldest first, today last.
    pub days: Vec<Availability>,
}

/// A member of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// Its name.
    pub name: String,
    /// How it is.
    pub standing: Standing,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentView {
    /// Stays the same whatever is changed of it, and tells nothing: hexadecimal.
    #[serde(default)]
    pub key: String,
    /// What it is.
    pub title: String,
    /// The names of the services it touches; none for all.
    pub services: Vec<String>,
    /// When it began.
    pub began_at: UnixMillis,
    /// When it was over.
    pub ended_at: Option<UnixMillis>,
    /// What was told, newest first.
    pub updates: Vec<UpdateView>,
}

/// One thing told about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateView {
    /// When.
    pub at: UnixMillis,
    /// How far it was.
    pub stage: IncidentStage,
    /// What was told.
    pub text: String,
}

/// Planned work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceView {
    /// Stays the same whatever is changed of it, and tells nothing: hexadecimal.
    #[serde(default)]
    pub key: String,
    /// What it is.
    pub title: String,
    /// What readers will notice; may be empty.
    pub text: String,
    /// The names of the services it touches; none for all.
    pub services: Vec<String>,
    /// When it begins.
    pub from: UnixMillis,
    /// When it ends.
    pub until: UnixMillis,
    /// When it was told as it is now.
    #[serde(default)]
    pub told_at: UnixMillis,
}

/// How full things are, over what the author may see. What is not known is none, never 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CapacityView {
    /// Processors at work, of all, from 0 to 1.
    pub cpu: Option<f64>,
    /// Memory given to guests, of all, from 0 to 1.
    pub memory: Option<f64>,
    /// Storage in use, of all, from 0 to 1.
    pub storage: Option<f64>,
    /// VMs that run.
    pub vms: u32,
    /// Physical machines that they run on.
    pub machines: u32,
    /// Machines that are not heard of at the moment. They are in none of the other figures.
    #[serde(default)]
    pub unheard: u32,
}
