//! What the recorder is asked to watch, and how everything stands by it.
use std::{collections::HashMap, sync::Arc};
use wxa_model::{
    ServiceId, UnixMillis, UserId,
    status::{Check, Rule, Standing, Watched},
};

/// A service to be judged, with its members as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceSpec {
    /// Which.
    pub id: ServiceId,
    /// Whose page it is on: checks are asked in turns of those who set them up.
    pub creator: UserId,
    /// VMs and hosts, each once; none for a service that only its checks decide. A member that is not seen (any more) is
    /// unknown, so one that a filter matched before its host was lost must stay listed.
    pub members: Vec<Watched>,
    /// Whether `members` is all of it.
    pub roll: Roll,
    /// When it is up.
    pub rule: Rule,
    /// What is asked from outside besides.
    pub checks: Vec<Check>,
}

/// Whether all members of a service are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roll {
    /// They are.
    #[default]
    Whole,
    /// More may turn up: hosts whose VMs nobody has listed since the server began. However many they are, nothing is known
    /// of them.
    Partial,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// How it is.
    pub standing: Standing,
    /// Since when; for what is unknown, when it was heard of last. None when that is before everything recorded.
    pub since: Option<UnixMillis>,
}

impl Stand {
    /// Of what nobody has ever told anything.
    pub const UNKNOWN: Self = Self {
        standing: Standing::Unknown,
        since: None,
    };
}

/// What came of a check the last time, for those who set it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckSaid {
    /// When it ended.
    pub at: UnixMillis,
    /// What it counts as.
    pub standing: Standing,
    /// In a sentence for an administrator. It may name addresses: never for readers of a page.
    pub why: Arc<str>,
}

/// How everything stands at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    /// Counts changes within one run of the server.
    pub revision: u64,
    pub(super) stands: HashMap<Watched, Stand>,
    /// Up to when it is known of what the run before recorded.
    pub(super) before: Arc<HashMap<Watched, UnixMillis>>,
}

impl Standings {
    /// How it stands; unknown for what is not watched.
    pub fn of(&self, watched: Watched) -> Stand {
        self.stands.get(&watched).copied().unwrap_or(Stand {
            since: self.before.get(&watched).copied(),
            ..Stand::UNKNOWN
        })
    }
}
