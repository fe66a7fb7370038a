//! The pages and their addresses, in one place: links, titles, and what the server fetches before it renders.
mod gets;
pub mod url;

pub use gets::*;

use crate::{
    charts, pages,
    text::{T, t},
};
use url::Url;
use wxa_model::{HostId, HostKind, StatusPageId, TaskId, UserId, VmId};
use wxa_wire::{DetailsAge, Operation, operation::HostWays};

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
    /// A VM's console in a window of its own, with nothing around it.
    VmWindow(VmId),
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
    /// All status pages.
    StatusPages,
    /// Making a status page.
    StatusPageNew,
    /// One status page, as who makes it sees it.
    StatusPage(StatusPageId, StatusTab),
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
    /// One console, by a guest link; which, stands in the address.
    Guest,
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
    /// What the console keeps of it.
    Settings,
}

/// The tabs of a status page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusTab {
    /// What it tells about.
    #[default]
    Services,
    /// What is shown, and to whom.
    Look,
    /// Links that open it.
    Links,
    /// Incidents and maintenance.
    Notices,
    /// As readers see it.
    Preview,
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
    pub const ALL: [Self; 5] = [
        Self::Overview,
        Self::Console,
        Self::Performance,
        Self::History,
        Self::Settings,
    ];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Console => "console",
            Self::Performance => "performance",
            Self::History => "history",
            Self::Settings => "settings",
        }
    }

    /// On the tab.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => t(T::Overview),
            Self::Console => t(T::Console),
            Self::Performance => t(T::Performance),
            Self::History => t(T::History),
            Self::Settings => t(T::Settings),
        }
    }
}

impl StatusTab {
    /// All, in order.
    pub const ALL: [Self; 5] = [
        Self::Services,
        Self::Look,
        Self::Links,
        Self::Notices,
        Self::Preview,
    ];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Look => "look",
            Self::Links => "links",
            Self::Notices => "notices",
            Self::Preview => "preview",
        }
    }
}

impl Route {
    /// The page at `path` (without query); none when there is none.
    pub fn parse(path: &str) -> Option<Self> {
        let window = path
            .strip_prefix("/vms/")
            .and_then(|rest| rest.strip_suffix(WINDOW));
        if let Some(id) = window {
            return id.parse().ok().map(Self::VmWindow);
        }
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
            (Some("status-pages"), None, _) => Self::StatusPages,
            (Some("status-pages"), Some("new"), None) => Self::StatusPageNew,
            (Some("status-pages"), Some(id), tab) => Self::StatusPage(
                id.parse().ok()?,
                match tab {
                    None => StatusTab::default(),
                    Some(slug) => StatusTab::ALL.into_iter().find(|tab| tab.slug() == slug)?,
                },
            ),
            (Some("system"), None, _) => Self::System,
            (Some("settings"), None, _) => Self::Settings,
            (Some("help"), None, _) => Self::Help,
            (Some("login"), None, _) => Self::Login,
            (Some("setup"), None, _) => Self::Setup,
            (Some("link"), None, _) => Self::Link,
            (Some("reset"), None, _) => Self::Reset,
            (Some("c"), Some(_), None) => Self::Guest,
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
            Self::VmWindow(id) => format!("/vms/{id}{WINDOW}"),
            Self::Tasks => "/tasks".into(),
            Self::Task(id) => format!("/tasks/{id}"),
            Self::Audit => "/audit".into(),
            Self::Users => "/users".into(),
            Self::UserAdd => "/users/add".into(),
            Self::User(id) => format!("/users/{id}"),
            Self::Account => "/account".into(),
            Self::StatusPages => "/status-pages".into(),
            Self::StatusPageNew => "/status-pages/new".into(),
            Self::StatusPage(id, tab) => format!("/status-pages/{id}/{}", tab.slug()),
            Self::System => "/system".into(),
            Self::Settings => "/settings".into(),
            Self::Help => "/help".into(),
            Self::Login => "/login".into(),
            Self::Setup => "/setup".into(),
            Self::Link => "/link".into(),
            Self::Reset => "/reset".into(),
            // Without the secret, which is nobody's to hand on but its holder's.
            Self::Guest => "/c".into(),
        }
    }

    /// Whether it is served without a session, as a plain form.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Login | Self::Setup | Self::Link | Self::Reset)
    }

    /// Where a status page of the marked VMs is made.
    pub fn of_marked() -> String {
        let new = Url::parse(&Self::StatusPageNew.path());
        new.with(NEW_FROM, MARKED).text()
    }

    /// Where a status page of the VMs that pass a filter is made.
    pub fn of_filter(filter: &str) -> String {
        Url::parse(&Self::StatusPageNew.path())
            .with(NEW_FILTER, filter)
            .text()
    }

    /// GETs to run before the page at `url` is rendered, besides session and inventory.
    pub fn prefetch(self, url: &Url) -> Vec<String> {
        let mut urls = match self {
            Self::Audit => vec![audit_url(url)],
            Self::Tasks => vec![tasks_url(url)],
            Self::Task(id) => vec![task_url(id)],
            Self::System => vec![pages::system::URL.into()],
            Self::Vm(id, VmTab::Overview | VmTab::Console) | Self::VmWindow(id) => vec![marks_url(id)],
            Self::Vm(id, VmTab::Settings) => vec![vm_recording_url(id)],
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
            Self::StatusPages => vec![pages::status::LIST_URL.into()],
            Self::StatusPage(id, tab) => {
                let more = match tab {
                    StatusTab::Services | StatusTab::Look => None,
                    StatusTab::Links => Some(pages::status::links_url(id)),
                    StatusTab::Notices => Some(pages::status::notices_url(id)),
                    StatusTab::Preview => Some(pages::status::preview_url(id)),
                };
                [pages::status::page_url(id)].into_iter().chain(more).collect()
            }
            _ => Vec::new(),
        };
        if !self.is_public() && self != Self::Guest {
            // The palette offers them everywhere.
            urls.push(crate::filters::URL.into());
        }
        urls
    }
}

/// In the address of a new status page: a filter whose VMs are its first service.
pub const NEW_FILTER: &str = "q";
/// In the address of a new status page: what its first service is made of, where that is no filter.
pub const NEW_FROM: &str = "from";
/// The value of [`NEW_FROM`] for what is marked.
pub const MARKED: &str = "marked";

/// What the address of a console's window ends with.
const WINDOW: &str = "/console/window";

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
            Route::VmWindow(vm),
            Route::Host(host, HostTab::Performance),
            Route::Tasks,
            Route::Task(TaskId(Uuid::from_u128(3))),
            Route::Audit,
            Route::Users,
            Route::UserAdd,
            Route::User(UserId(Uuid::from_u128(3))),
            Route::Account,
            Route::StatusPages,
            Route::StatusPageNew,
            Route::StatusPage(StatusPageId(Uuid::from_u128(4)), StatusTab::Links),
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
            "/status-pages/mine",
            "/status-pages/new/x",
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
