//! Incidents and planned maintenance, written by people in plain words.
use crate::{NoticeId, ServiceId, UnixMillis};
use serde::{Deserialize, Serialize};

/// Something that went wrong, told as it goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Incident {
    /// Ours.
    pub id: NoticeId,
    /// In a few words: "Order processing is slow".
    pub title: String,
    /// Which services it touches; none for all.
    pub services: Vec<ServiceId>,
    /// When it began.
    pub began_at: UnixMillis,
    /// When it was over; none while it is not.
    pub ended_at: Option<UnixMillis>,
    /// What was told, oldest first.
    pub updates: Vec<IncidentUpdate>,
}

/// One thing told about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IncidentUpdate {
    /// When.
    pub at: UnixMillis,
    /// How far it was.
    pub stage: IncidentStage,
    /// What was told.
    pub text: String,
}

/// How far an incident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStage {
    /// The cause is being looked for.
    Investigating,
    /// The cause is known.
    Identified,
    /// It was mended, and is watched.
    Monitoring,
    /// It is over.
    Resolved,
}

/// Work that was announced.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Maintenance {
    /// Ours.
    pub id: NoticeId,
    /// In a few words.
    pub title: String,
    /// What readers will notice; may be empty.
    pub text: String,
    /// Which services it touches; none for all.
    pub services: Vec<ServiceId>,
    /// When it begins.
    pub from: UnixMillis,
    /// When it ends.
    pub until: UnixMillis,
    /// Whether time that is not up counts against availability.
    pub counts: Counts,
    /// When it was told as it is now.
    #[serde(default)]
    pub told_at: UnixMillis,
}

impl Maintenance {
    /// Whether it touches that service.
    pub fn touches(&self, service: ServiceId) -> bool {
        self.services.is_empty() || self.services.contains(&service)
    }
}

/// Whether time in maintenance counts against availability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// It does: down is down.
    Yes,
    /// It does not: what is known of the time is taken out, whatever it was. What is unknown stays unknown.
    #[default]
    No,
}
