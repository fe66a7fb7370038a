//! Making status pages.
use serde::{Deserialize, Serialize};
use wxa_model::{
    CheckId, ServiceId, StatusPageId, UnixMillis,
    status::{Audience, CheckKind, Language, Members, Rule, Shown, Standing, StatusPage},
};

/// A status page to make, or what one is to become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusPageParams {
    /// What stands on top.
    pub title: String,
    /// A line below it.
    #[serde(default)]
    pub about: String,
    /// Its place in the address `/status/…`: `[a-z0-9-]{1,64}`, unique. Empty: made from the title.
    #[serde(default)]
    pub slug: String,
    /// Who may read it without a link.
    #[serde(default)]
    pub audience: Audience,
    /// What it shows.
    #[serde(default)]
    pub shown: Shown,
    /// The language for readers whose link says no other.
    #[serde(default)]
    pub language: Language,
    /// IANA name of the time zone that its times are told in; empty for UTC.
    #[serde(default)]
    pub time_zone: String,
    /// Its services in the order they are shown.
    #[serde(default)]
    pub services: Vec<ServiceParams>,
}

/// A service of a status page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceParams {
    /// The one that it replaces, which goes on with its history; none for a new one.
    #[serde(default)]
    pub id: Option<ServiceId>,
    /// What readers know it as.
    pub name: String,
    /// What it is, in a sentence.
    #[serde(default)]
    pub about: String,
    /// What it consists of.
    pub members: Members,
    /// When it is up.
    pub rule: Rule,
    /// What is asked from outside besides.
    #[serde(default)]
    pub checks: Vec<CheckParams>,
}

/// An outside check of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckParams {
    /// The one that it replaces; none for a new one.
    #[serde(default)]
    pub id: Option<CheckId>,
    /// What is asked.
    pub kind: CheckKind,
    /// Seconds from one time to the next.
    pub every_s: u32,
    /// It may go to the server's own or a link-local address; only an administrator of the installation can say so.
    #[serde(default)]
    pub may_go_inside: bool,
}

/// A status page in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusPageEntry {
    /// Ours.
    pub id: StatusPageId,
    /// Its place in the address.
    pub slug: String,
    /// What stands on top.
    pub title: String,
    /// The name of the account whose rights decide what it shows; empty when that account is gone.
    pub creator: String,
    /// When it was made.
    pub created_at: UnixMillis,
    /// Who may read it without a link.
    pub audience: Audience,
    /// Its services' ids and names, in the order they are shown.
    pub services: Vec<(ServiceId, String)>,
    /// The worst of the services that are shown; none without any.
    pub standing: Option<Standing>,
    /// Links that can be opened now.
    pub links: u32,
    /// Why nobody can read it; none while it can be read.
    pub shut: Option<StatusPageShut>,
}

/// Why nobody can read a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusPageShut {
    /// Its creator's account is disabled.
    CreatorDisabled,
    /// Its creator's account is gone.
    CreatorGone,
}

/// A status page for its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusPageView {
    /// As it was made.
    pub page: StatusPage,
    /// The name of the account whose rights decide what it shows; empty when that account is gone.
    pub creator: String,
    /// Why nobody can read it; none while it can be read.
    pub shut: Option<StatusPageShut>,
    /// Services that readers do not see, and why.
    pub left_off: Vec<LeftOff>,
    /// How the services are that readers see.
    pub standings: Vec<(ServiceId, Standing)>,
    /// What came of the checks that have been made. For authors only: it may name addresses.
    #[serde(default)]
    pub checks: Vec<CheckView>,
}

/// What came of an outside check the last time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// Which.
    pub check: CheckId,
    /// When it ended.
    pub at: UnixMillis,
    /// What it counts as.
    pub standing: Standing,
    /// In a sentence for an administrator.
    pub why: String,
}

/// A service that readers do not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOff {
    /// Which.
    pub service: ServiceId,
    /// Why.
    pub why: LeftOffWhy,
}

/// Why readers do not see a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOffWhy {
    /// The page's creator may not see all of what was picked (any more), or some of it is gone.
    NotSeen,
    /// It has a filter, and the page's creator may see nothing (any more).
    Empty,
    /// Only its checks decide, and the page's creator may not act on anything any more.
    NotAllowed,
}
