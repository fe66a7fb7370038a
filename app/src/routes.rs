//! The pages and their addresses, in one place: links, titles, and what the server fetches before it renders.
pub mod url;

use wxa_model::{HostId, VmId};

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Everything: all VMs.
    Vms,
    /// One host.
    Host(HostId, HostTab),
    /// The steps that add a host.
    HostAdd,
    /// One VM.
    Vm(VmId, VmTab),
    /// Recent tasks.
    Tasks,
    /// Who did what.
    Audit,
    /// Sign-in.
    Login,
    /// First run.
    Setup,
    /// Sign-in by a one-time link.
    Link,
}

/// The tabs of a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostTab {
    /// Facts and link.
    #[default]
    Overview,
    /// Its VMs.
    Vms,
}

/// The tabs of a VM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VmTab {
    /// Facts and use.
    #[default]
    Overview,
    /// The console.
    Console,
    /// Tasks and audit rows on it.
    History,
}

impl HostTab {
    /// All, in order.
    pub const ALL: [Self; 2] = [Self::Overview, Self::Vms];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Vms => "vms",
        }
    }

    /// On the tab.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Vms => "VMs",
        }
    }
}

impl VmTab {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Overview, Self::Console, Self::History];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Console => "console",
            Self::History => "history",
        }
    }

    /// On the tab.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Console => "Console",
            Self::History => "History",
        }
    }
}

impl Route {
    /// The page at `path` (without query); none when there is none.
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let route = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) | (Some("vms"), None, _) => Self::Vms,
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
            (Some("audit"), None, _) => Self::Audit,
            (Some("login"), None, _) => Self::Login,
            (Some("setup"), None, _) => Self::Setup,
            (Some("link"), None, _) => Self::Link,
            _ => return None,
        };
        parts.next().is_none().then_some(route)
    }

    /// Its address.
    pub fn path(self) -> String {
        match self {
            Self::Vms => "/vms".into(),
            Self::Host(id, tab) => format!("/hosts/{id}/{}", tab.slug()),
            Self::HostAdd => "/hosts/add".into(),
            Self::Vm(id, tab) => format!("/vms/{id}/{}", tab.slug()),
            Self::Tasks => "/tasks".into(),
            Self::Audit => "/audit".into(),
            Self::Login => "/login".into(),
            Self::Setup => "/setup".into(),
            Self::Link => "/link".into(),
        }
    }

    /// Whether it is served without a session, as a plain form.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Login | Self::Setup | Self::Link)
    }

    /// GETs to run before the page is rendered, besides session and inventory.
    pub fn prefetch(self) -> Vec<String> {
        match self {
            Self::Audit => vec![audit_url(None)],
            Self::Tasks => vec!["/api/v1/tasks".into()],
            Self::Vm(id, VmTab::History) => vec![audit_url(Some(id))],
            _ => Vec::new(),
        }
    }
}

/// The GET that reads the audit log, of one VM or of everything.
pub fn audit_url(on: Option<VmId>) -> String {
    match on {
        Some(id) => format!("/api/v1/audit?on={id}&limit=100"),
        None => "/api/v1/audit?limit=200".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_route_is_found_by_its_own_path() {
        let host = HostId(Uuid::from_u128(1));
        let vm = VmId(Uuid::from_u128(2));
        let routes = [
            Route::Vms,
            Route::Host(host, HostTab::Vms),
            Route::HostAdd,
            Route::Vm(vm, VmTab::Console),
            Route::Tasks,
            Route::Audit,
            Route::Login,
            Route::Setup,
            Route::Link,
        ];
        for route in routes {
            assert_eq!(Route::parse(&route.path()), Some(route));
        }
        assert_eq!(Route::parse("/"), Some(Route::Vms));
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
        ] {
            assert_eq!(Route::parse(path), None, "{path}");
        }
    }
}
