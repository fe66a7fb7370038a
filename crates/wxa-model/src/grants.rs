//! Who may do what where: one pure function decides, in the browser for buttons and in core for real.
use crate::{HostId, SiteId};
use serde::{Deserialize, Serialize};

/// What a grant lets its holder do; each role includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Looks, acts on VMs and types into consoles.
    Operator,
    /// Everything, hosts, users and the audit log included.
    Admin,
}

impl Role {
    /// As written in commands and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Viewer, Self::Operator, Self::Admin]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// Where a grant holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything, the installation itself included.
    Everything,
    /// One site and all in it.
    Site(SiteId),
    /// One host (or pool) and all on it.
    Host(HostId),
    /// Whatever carries the tag.
    Tag(String),
}

/// A role in a scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

impl Grant {
    /// The grant of the first administrator.
    pub fn admin_everywhere() -> Self {
        Self {
            role: Role::Admin,
            scope: Scope::Everything,
        }
    }
}

/// What an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// No session: sign-in, first run, health.
    Anyone,
    /// Any session: one's own account.
    SignedIn,
    /// Seeing the target.
    View,
    /// Acting on the target's power state.
    Operate,
    /// Opening the target's console, which is as good as sitting at the machine.
    Console,
    /// Changing what the console manages: hosts, users, audit.
    Administer,
}

impl Permission {
    /// The least role that has it; none where no role is needed.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Self::Anyone | Self::SignedIn => None,
            Self::View => Some(Role::Viewer),
            Self::Operate | Self::Console => Some(Role::Operator),
            Self::Administer => Some(Role::Admin),
        }
    }
}

/// What is acted on, as far as scopes can name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target<'a> {
    /// The site it is in; none for the installation itself.
    pub site: Option<SiteId>,
    /// The host it is on.
    pub host: Option<HostId>,
    /// Tags on the object and on its host.
    pub tags: &'a [String],
}

impl Target<'_> {
    /// The installation itself: only grants for everything reach it.
    pub const INSTALLATION: Self = Target {
        site: None,
        host: None,
        tags: &[],
    };
}

/// Whether `grants` allow `permission` on `target`. The caller has made sure that there is a session at all.
pub fn allows(grants: &[Grant], permission: Permission, target: &Target<'_>) -> bool {
    let Some(least) = permission.least_role() else {
        return true;
    };
    grants
        .iter()
        .any(|grant| grant.role >= least && covers(&grant.scope, target))
}

fn covers(scope: &Scope, target: &Target<'_>) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Site(site) => target.site == Some(*site),
        Scope::Host(host) => target.host == Some(*host),
        Scope::Tag(tag) => target.tags.contains(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_grant_reaches_as_far_as_its_scope() {
        let site = SiteId(Uuid::from_u128(1));
        let host = HostId(Uuid::from_u128(2));
        let tags = ["prod".to_owned()];
        let target = Target {
            site: Some(site),
            host: Some(host),
            tags: &tags,
        };
        let may = |role, scope, permission| allows(&[Grant { role, scope }], permission, &target);

        assert!(may(Role::Viewer, Scope::Site(site), Permission::View));
        assert!(!may(Role::Viewer, Scope::Site(site), Permission::Operate));
        assert!(may(Role::Operator, Scope::Host(host), Permission::Console));
        assert!(may(
            Role::Operator,
            Scope::Tag("prod".into()),
            Permission::Operate
        ));
        assert!(!may(Role::Operator, Scope::Tag("lab".into()), Permission::View));
        assert!(!may(
            Role::Admin,
            Scope::Host(HostId(Uuid::from_u128(3))),
            Permission::View
        ));
        assert!(!allows(&[], Permission::View, &target));
    }

    #[test]
    fn only_a_grant_for_everything_reaches_the_installation() {
        let narrow = Grant {
            role: Role::Admin,
            scope: Scope::Site(SiteId(Uuid::from_u128(1))),
        };
        assert!(!allows(&[narrow], Permission::Administer, &Target::INSTALLATION));
        assert!(allows(
            &[Grant::admin_everywhere()],
            Permission::Administer,
            &Target::INSTALLATION
        ));
    }
}
