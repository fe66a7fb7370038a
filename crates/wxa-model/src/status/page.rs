//! A status page as its author made it.
use super::Service;
use crate::{StatusPageId, UnixMillis, UserId};
use serde::{Deserialize, Serialize};

/// A page that tells readers how services are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusPage {
    /// Ours; never told to readers.
    pub id: StatusPageId,
    /// Its place in the address `/status/…` for an audience that needs no link: `[a-z0-9-]{1,64}`, unique.
    pub slug: String,
    /// What stands on top: "Example Ltd".
    pub title: String,
    /// A line below it; may be empty.
    pub about: String,
    /// Whose rights decide what it may show, as they are whenever it is read.
    pub creator: UserId,
    /// When it was made.
    pub created_at: UnixMillis,
    /// Who may read it without a link.
    pub audience: Audience,
    /// What it shows.
    pub shown: Shown,
    /// The language for readers whose link says no other.
    pub language: Language,
    /// IANA name of the time zone that its times are told in: `Europe/Vienna`.
    pub time_zone: String,
    /// Its services in the order they are shown.
    pub services: Vec<Service>,
}

/// Who may read a page without a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Nobody: links only.
    #[default]
    Links,
    /// Whoever is signed in.
    SignedIn,
    /// Everybody.
    Everybody,
}

/// What a page shows besides the standing of each service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shown {
    /// Availability in per cent and the bars of ninety days.
    pub availability: bool,
    /// The names of members and how they are.
    pub members: bool,
    /// Incidents and maintenance.
    pub notices: bool,
    /// How full processors, memory and storage are, and the consolidation figures.
    pub capacity: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            availability: true,
            members: false,
            notices: true,
            capacity: false,
        }
    }
}

/// A language that status pages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// As in `lang="…"` and in addresses.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language of that tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}
