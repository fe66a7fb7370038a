//! Links that open status pages.
use crate::SecretText;
use serde::{Deserialize, Serialize};
use wxa_model::{StatusLinkId, UnixMillis, status::Language};

/// A link to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusLinkParams {
    /// Whom it is for: "Board".
    pub label: String,
    /// When it ends; none for never.
    #[serde(default)]
    pub expires_at: Option<UnixMillis>,
    /// What readers have to type before they see the page; none for nothing.
    #[serde(default)]
    pub password: Option<SecretText>,
    /// Addresses and networks (`192.0.2.0/24`) that it can be opened from; none for everywhere.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// The language for its readers; none for the page's.
    #[serde(default)]
    pub language: Option<Language>,
    /// IANA name of the time zone for its readers; none for the page's.
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// A link as its page's author sees it: the link itself was shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusLinkView {
    /// Ours; it opens nothing.
    pub id: StatusLinkId,
    /// Whom it is for.
    pub label: String,
    /// Who made it.
    pub by: String,
    /// When it was made, or rotated last.
    pub created_at: UnixMillis,
    /// When it ends; none for never.
    pub expires_at: Option<UnixMillis>,
    /// Why it opens nothing; none while it does.
    pub ended: Option<StatusLinkEnded>,
    /// Whether readers have to type a password.
    pub has_password: bool,
    /// Where it can be opened from; none for everywhere.
    pub addresses: Vec<String>,
    /// The language for its readers; none for the page's.
    pub language: Option<Language>,
    /// The time zone for its readers; none for the page's.
    pub time_zone: Option<String>,
    /// When it was opened last; none when never.
    pub last_opened_at: Option<UnixMillis>,
    /// How often it was opened, as far as that is kept.
    pub opens: u64,
}

/// Why a link opens nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusLinkEnded {
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// A link that was just made or rotated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StatusLinkCreated {
    /// It, from now on.
    pub link: StatusLinkView,
    /// Its secret: the page is at `/s/…` with it. Shown this once.
    pub token: SecretText,
}

/// Who opened a link, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusLinkOpens {
    /// One for each hour, address and program.
    pub opens: Vec<StatusOpenView>,
    /// Whether older ones were left off.
    pub more: bool,
}

/// Openings of a link within an hour, from one address by one program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusOpenView {
    /// The first of them.
    pub first_at: UnixMillis,
    /// The last of them.
    pub last_at: UnixMillis,
    /// From where; empty for the rest of an hour in which very many opened it.
    pub from: String,
    /// What the program calls itself, in short.
    pub agent: String,
    /// How often.
    pub count: u64,
}
