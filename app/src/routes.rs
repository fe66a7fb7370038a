//! The pages and their addresses, in one place: links, titles, and what the server fetches before it renders.
pub mod url;

use crate::{
    charts, day, pages,
    text::{T, t},
};
use url::Url;
use wxa_model::{HostId, HostKind, TaskId, UserId, VmId};
use wxa_wire::{
    DetailsAge, Operation,
    operation::{HostTrustGet, HostWays, PoolSshGet},
};

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// What is wrong, what is busy, what changed.
    Overview,
    /// Everything: all VMs.
    Vms,
    /// One host: a plain one, a pool, or a pool's member.
    Host(HostId, HostTab),
    /// The steps that add a host.
    HostAdd,
    /// One VM.
    Vm(VmId, VmTab),
    /// All tasks.
    Tasks,
    /// One task.
    Task(TaskId),
    /// Who did what.
    Audit,
    /// All accounts.
    Users,
    /// Making an account.
    UserAdd,
    /// One account.
    User(UserId),
    /// One's own account.
    Account,
    /// How the server itself is.
    System,
    /// How one's own pages look.
    Settings,
    /// First steps, words, filters and keys.
    Help,
    /// Sign-in.
    Login,
    /// First run.
    Setup,
    /// Sign-in by a one-time link.
    Link,
    /// Setting a password by a one-time link.
    Reset,
}

/// The tabs of a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostTab {
    /// Facts and link.
    #[default]
    Overview,
    /// Charts of what it uses.
    Performance,
    /// A pool's members.
    Hosts,
    /// Its VMs.
    Vms,
    /// The machine and its hypervisor.
    Hardware,
    /// Volumes and file systems; a pool's storage repositories.
    Storage,
    /// Bridges and what is plugged in; a pool's networks.
    Network,
    /// A pool's templates, and snapshots of its VMs.
    Templates,
    /// A member's own console.
    Console,
    /// What the console keeps of it.
    Settings,
}

/// The tabs of a VM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VmTab {
    /// Facts and use.
    #[default]
    Overview,
    /// The console.
    Console,
    /// Charts of what it uses.
    Performance,
    /// Tasks and audit rows on it.
    History,
}

impl HostTab {
    /// All, in order.
    pub const ALL: [Self; 10] = [
        Self::Overview,
        Self::Performance,
        Self::Hosts,
        Self::Vms,
        Self::Hardware,
        Self::Storage,
        Self::Network,
        Self::Templates,
        Self::Console,
        Self::Settings,
    ];

    /// Those of a kind of host, in order. What a member has beyond its VMs and its console is its pool's.
    pub fn of(kind: HostKind) -> &'static [Self] {
        match kind {
            HostKind::Plain => &[
                Self::Overview,
                Self::Performance,
                Self::Vms,
                Self::Hardware,
                Self::Storage,
                Self::Network,
                Self::Settings,
            ],
            HostKind::Pool => &[
                Self::Overview,
                Self::Performance,
                Self::Hosts,
                Self::Vms,
                Self::Storage,
                Self::Network,
                Self::Templates,
                Self::Settings,
            ],
            HostKind::Member { .. } => &[Self::Overview, Self::Performance, Self::Vms, Self::Console],
        }
    }

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Performance => "performance",
            Self::Hosts => "hosts",
            Self::Vms => "vms",
            Self::Hardware => "hardware",
            Self::Storage => "storage",
            Self::Network => "network",
            Self::Templates => "templates",
            Self::Console => "console",
            Self::Settings => "settings",
        }
    }

    /// On the tab.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => t(T::Overview),
            Self::Performance => t(T::Performance),
            Self::Hosts => t(T::Hosts),
            Self::Vms => t(T::Vms),
            Self::Hardware => t(T::Hardware),
            Self::Storage => t(T::Storage),
            Self::Network => t(T::Network),
            Self::Templates => t(T::Templates),
            Self::Console => t(T::Console),
            Self::Settings => t(T::Settings),
        }
    }
}

impl VmTab {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Overview, Self::Console, Self::Performance, Self::History];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Console => "console",
            Self::Performance => "performance",
            Self::History => "history",
        }
    }

    /// On the tab.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => t(T::Overview),
            Self::Console => t(T::Console),
            Self::Performance => t(T::Performance),
            Self::History => t(T::History),
        }
    }
}

impl Route {
    /// The page at `path` (without query); none when there is none.
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let route = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) | (Some("overview"), None, _) => Self::Overview,
            (Some("vms"), None, _) => Self::Vms,
            (Some("hosts"), Some("add"), None) => Self::HostAdd,
            (Some("hosts"), Some(id), tab) => Self::Host(
                id.parse().ok()?,
                match tab {
                    None => HostTab::default(),
                    Some(slug) => HostTab::ALL.into_iter().find(|tab| tab.slug() == slug)?,
                },
            ),
            (Some("vms"), Some(id), tab) => Self::Vm(
                id.parse().ok()?,
                match tab {
                    None => VmTab::default(),
                    Some(slug) => VmTab::ALL.into_iter().find(|tab| tab.slug() == slug)?,
                },
            ),
            (Some("tasks"), None, _) => Self::Tasks,
            (Some("tasks"), Some(id), None) => Self::Task(id.parse().ok()?),
            (Some("audit"), None, _) => Self::Audit,
            (Some("users"), None, _) => Self::Users,
            (Some("users"), Some("add"), None) => Self::UserAdd,
            (Some("users"), Some(id), None) => Self::User(id.parse().ok()?),
            (Some("account"), None, _) => Self::Account,
            (Some("system"), None, _) => Self::System,
            (Some("settings"), None, _) => Self::Settings,
            (Some("help"), None, _) => Self::Help,
            (Some("login"), None, _) => Self::Login,
            (Some("setup"), None, _) => Self::Setup,
            (Some("link"), None, _) => Self::Link,
            (Some("reset"), None, _) => Self::Reset,
            _ => return None,
        };
        parts.next().is_none().then_some(route)
    }

    /// Its address.
    pub fn path(self) -> String {
        match self {
            Self::Overview => "/overview".into(),
            Self::Vms => "/vms".into(),
            Self::Host(id, tab) => format!("/hosts/{id}/{}", tab.slug()),
            Self::HostAdd => "/hosts/add".into(),
            Self::Vm(id, tab) => format!("/vms/{id}/{}", tab.slug()),
            Self::Tasks => "/tasks".into(),
            Self::Task(id) => format!("/tasks/{id}"),
            Self::Audit => "/audit".into(),
            Self::Users => "/users".into(),
            Self::UserAdd => "/users/add".into(),
            Self::User(id) => format!("/users/{id}"),
            Self::Account => "/account".into(),
            Self::System => "/system".into(),
            Self::Settings => "/settings".into(),
            Self::Help => "/help".into(),
            Self::Login => "/login".into(),
            Self::Setup => "/setup".into(),
            Self::Link => "/link".into(),
            Self::Reset => "/reset".into(),
        }
    }

    /// Whether it is served without a session, as a plain form.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Login | Self::Setup | Self::Link | Self::Reset)
    }

    /// GETs to run before the page at `url` is rendered, besides session and inventory.
    pub fn prefetch(self, url: &Url) -> Vec<String> {
        let mut urls = match self {
            Self::Audit => vec![audit_url(url)],
            Self::Tasks => vec![tasks_url(url)],
            Self::Task(id) => vec![task_url(id)],
            Self::System => vec![pages::system::URL.into()],
            Self::Vm(id, VmTab::History) => vec![audit_of_url(id), tasks_of_url(id)],
            Self::Host(id, HostTab::Settings) => vec![trust_url(id), pool_ssh_url(id)],
            Self::Overview => pages::overview::prefetch(),
            Self::Vm(id, VmTab::Performance) => charts::prefetch(charts::Of::Vm(id), charts::VM, url),
            Self::Host(id, HostTab::Performance) => charts::prefetch(charts::Of::Host(id), charts::HOST, url),
            Self::Host(_, HostTab::Vms | HostTab::Console) => Vec::new(),
            Self::Host(id, _) => vec![details_url(id, DetailsAge::Known)],
            Self::Users => vec![USERS_URL.into()],
            Self::User(id) => vec![USERS_URL.into(), sessions_url(Some(id)), tokens_url(Some(id))],
            Self::Account => vec![sessions_url(None), tokens_url(None)],
            Self::HostAdd => vec![HostWays::ROW.path.into()],
            _ => Vec::new(),
        };
        if !self.is_public() {
            // The palette offers them everywhere.
            urls.push(crate::filters::URL.into());
        }
        urls
    }
}

/// The GET that reads how a pool's hosts are reached over SSH.
pub fn pool_ssh_url(id: HostId) -> String {
    PoolSshGet::ROW.path_for(&id)
}

/// The GET that reads the accounts.
pub const USERS_URL: &str = "/api/v1/users";

/// The GET that reads by what a host is known.
pub fn trust_url(host: HostId) -> String {
    HostTrustGet::ROW.path_for(&host)
}

/// The GET that reads an account's sessions; one's own for none.
pub fn sessions_url(user: Option<UserId>) -> String {
    match user {
        Some(user) => format!("{USERS_URL}/{user}/sessions"),
        None => "/api/v1/sessions".into(),
    }
}

/// The GET that reads an account's API tokens; one's own for none.
pub fn tokens_url(user: Option<UserId>) -> String {
    match user {
        Some(user) => format!("{USERS_URL}/{user}/tokens"),
        None => "/api/v1/tokens".into(),
    }
}

/// Rows and tasks on one page.
const AUDIT_ROWS: &str = "100";
const TASKS: &str = "50";

/// The GET that reads the rows of the audit log that the page at `url` shows.
pub fn audit_url(url: &Url) -> String {
    let narrowed = narrowed_audit(url, Url::parse("/api/v1/audit"));
    let before = url.get("before").unwrap_or_default();
    narrowed.with("before", before).with("limit", AUDIT_ROWS).text()
}

/// The address that all of them are downloaded from; `format` is `csv` or `jsonl`.
pub fn audit_export_url(url: &Url, format: &str) -> String {
    let export = Url::parse("/api/v1/audit/export").with("format", format);
    narrowed_audit(url, export).text()
}

fn narrowed_audit(page: &Url, api: Url) -> Url {
    let days = [
        ("since", page.get("since").and_then(day::begins)),
        ("until", page.get("until").and_then(day::ends)),
    ];
    let api = days.into_iter().fold(api, |api, (key, moment)| {
        api.with(
            key,
            &moment.map(|moment| moment.0.to_string()).unwrap_or_default(),
        )
    });
    copied(page, api, &["by", "what", "on", "outcome", "from", "q"])
}

fn copied(page: &Url, api: Url, keys: &[&str]) -> Url {
    keys.iter()
        .fold(api, |api, key| api.with(key, page.get(key).unwrap_or_default()))
}

/// The GET that reads the newest rows on a VM.
pub fn audit_of_url(vm: VmId) -> String {
    format!("/api/v1/audit?on={vm}&limit={AUDIT_ROWS}")
}

/// The GET that reads the tasks that the page at `url` shows.
pub fn tasks_url(url: &Url) -> String {
    let keys = ["state", "action", "on", "by", "before"];
    copied(url, Url::parse("/api/v1/tasks"), &keys)
        .with("limit", TASKS)
        .text()
}

/// The GET that reads the newest tasks on a VM.
pub fn tasks_of_url(vm: VmId) -> String {
    format!("/api/v1/tasks?on={vm}&limit={TASKS}")
}

/// The GET that reads one task.
pub fn task_url(id: TaskId) -> String {
    format!("/api/v1/tasks/{id}")
}

/// The GET that tells what a host says when it is looked at closely.
pub fn details_url(id: HostId, age: DetailsAge) -> String {
    let age = match age {
        DetailsAge::Known => "known",
        DetailsAge::Minute => "minute",
        DetailsAge::Now => "now",
    };
    format!("/api/v1/hosts/{id}/details?age={age}")
}

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_route_is_found_by_its_own_path() {
        let host = HostId(Uuid::from_u128(1));
        let vm = VmId(Uuid::from_u128(2));
        let routes = [
            Route::Overview,
            Route::Vms,
            Route::Host(host, HostTab::Vms),
            Route::Host(host, HostTab::Templates),
            Route::HostAdd,
            Route::Vm(vm, VmTab::Console),
            Route::Vm(vm, VmTab::Performance),
            Route::Host(host, HostTab::Performance),
            Route::Tasks,
            Route::Task(TaskId(Uuid::from_u128(3))),
            Route::Audit,
            Route::Users,
            Route::UserAdd,
            Route::User(UserId(Uuid::from_u128(3))),
            Route::Account,
            Route::Reset,
            Route::System,
            Route::Settings,
            Route::Help,
            Route::Login,
            Route::Setup,
            Route::Link,
        ];
        for route in routes {
            assert_eq!(Route::parse(&route.path()), Some(route));
        }
        assert_eq!(Route::parse("/"), Some(Route::Overview));
        assert_eq!(
            Route::parse(&format!("/vms/{vm}")),
            Some(Route::Vm(vm, VmTab::Overview))
        );
    }

    #[test]
    fn what_is_no_page_is_not_found() {
        for path in [
            "/nope",
            "/vms/1",
            "/hosts/add/x",
            "/tasks/1",
            "/vms/a/b/c",
            "/audit/x/y/z",
            "/users/ada",
            "/users/add/x",
            "/account/x",
        ] {
            assert_eq!(Route::parse(path), None, "{path}");
        }
    }

    #[test]
    fn a_filter_in_the_address_becomes_the_filter_of_the_request() {
        let url = Url::parse("/audit?by=ada&since=2026-11-23&until=2026-11-23&before=7&nonsense=1&q=a+b");
        assert_eq!(
            audit_url(&url),
            "/api/v1/audit?since=1795392000000&until=1795478400000&by=ada&q=a+b&before=7&limit=100"
        );
        assert_eq!(
            audit_export_url(&url, "csv"),
            "/api/v1/audit/export?format=csv&since=1795392000000&until=1795478400000&by=ada&q=a+b"
        );
        assert_eq!(
            tasks_url(&Url::parse("/tasks?state=failed&before=3")),
            "/api/v1/tasks?state=failed&before=3&limit=50"
        );
    }
}
