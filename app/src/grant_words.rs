//! Grants in words: what, and where.
use crate::cx::Cx;
use wxa_model::{Grant, HostKind, Role, Scope};

/// What the roles are.
pub const ROLES: &str =
    "Viewers look. Operators also act on VMs and open consoles. Administrators do everything.";

/// What a role is called.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Operator => "Operator",
        Role::Admin => "Administrator",
    }
}

/// All grants in one line. Tracks the names of sites and hosts.
pub fn line(cx: Cx, grants: &[Grant]) -> String {
    if grants.is_empty() {
        return "Nothing".into();
    }
    let words: Vec<String> = grants.iter().map(|grant| one(cx, grant)).collect();
    words.join(", ")
}

/// One grant. Tracks the names of sites and hosts.
pub fn one(cx: Cx, grant: &Grant) -> String {
    let site = |id| cx.live.site(id).map(|site| site.name.clone());
    let host = |id| match cx.live.host(id) {
        Some(host) if host.kind == HostKind::Pool => place("on pool", Some(host.name.clone())),
        host => place("on host", host.map(|host| host.name.clone())),
    };
    let place = match &grant.scope {
        Scope::Everything => "everywhere".to_owned(),
        Scope::Site(id) => place("in site", site(*id)),
        Scope::Host(id) => host(*id),
        Scope::Tag(tag) => format!("on what is tagged {tag}"),
    };
    format!("{} {place}", role(grant.role))
}

fn place(kind: &str, name: Option<String>) -> String {
    match name {
        Some(name) => format!("{kind} {name}"),
        None => format!("{kind} that is not there any more"),
    }
}
