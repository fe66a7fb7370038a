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
    /// One host, or a pool with its members, and all on it.
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
    /// Anybody who is known, person or script: what it shows is cut down to what the caller may see.
    SignedIn,
    /// A person with a session, on the own account: never an API token.
    OwnAccount,
    /// Seeing the target.
    View,
    /// Acting on the target's power state.
    Operate,
    /// Typing into the target's console, which is as good as sitting at the machine.
    Console,
    /// Letting somebody without an account to the target's console, by a link: a person who may type there.
    ShareConsole,
    /// Making status pages and links to them: a person who may act on something. What a page may show is decided by what
    /// is on it.
    Publish,
    /// Changing what the console manages: hosts, audit.
    Administer,
    /// Managing accounts, which takes an administrator with a session: never an API token.
    Accounts,
}

impl Permission {
    /// The least role that has it; none where no role is needed.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Self::Anyone | Self::SignedIn | Self::OwnAccount => None,
            Self::View => Some(Role::Viewer),
            Self::Operate | Self::Console | Self::ShareConsole | Self::Publish => Some(Role::Operator),
            Self::Administer | Self::Accounts => Some(Role::Admin),
        }
    }

    /// Whether only a person may: a token that leaked must not be able to make itself a longer life.
    pub fn needs_a_person(self) -> bool {
        matches!(
            self,
            Self::OwnAccount | Self::ShareConsole | Self::Publish | Self::Accounts
        )
    }
}

/// What is acted on, as far as scopes can name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target<'a> {
    /// The site it is in; none for the installation itself.
    pub site: Option<SiteId>,
    /// The host it is on.
    pub host: Option<HostId>,
    /// The pool that this host is a member of.
    pub pool: Option<HostId>,
    /// Tags on the object, on its host and on its host's pool.
    pub tags: &'a [String],
}

impl Target<'_> {
    /// The installation itself: only grants for everything reach it.
    pub const INSTALLATION: Self = Target {
        site: None,
        host: None,
        pool: None,
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

/// What is left of `grants` within `limit`: no more than either allows. `site_of` knows where hosts stand.
///
/// A tag and a host (or site) meet in things that no single scope can name; there nothing is left, which errs on the
/// safe side.
pub fn narrowed(grants: &[Grant], limit: &Grant, site_of: impl Fn(HostId) -> Option<SiteId>) -> Vec<Grant> {
    let mut left: Vec<Grant> = Vec::new();
    for grant in grants {
        let Some(scope) = meet(&grant.scope, &limit.scope, &site_of) else {
            continue;
        };
        let role = grant.role.min(limit.role);
        let narrow = Grant { role, scope };
        if !left.contains(&narrow) {
            left.push(narrow);
        }
    }
    left
}

/// Whether `wanted` is no more than one of `grants`, so that a holder of `grants` may hand it on.
pub fn includes(grants: &[Grant], wanted: &Grant, site_of: impl Fn(HostId) -> Option<SiteId>) -> bool {
    narrowed(grants, wanted, site_of).contains(wanted)
}

fn meet(a: &Scope, b: &Scope, site_of: impl Fn(HostId) -> Option<SiteId>) -> Option<Scope> {
    match (a, b) {
        (Scope::Everything, other) | (other, Scope::Everything) => Some(other.clone()),
        (Scope::Site(site), Scope::Host(host)) | (Scope::Host(host), Scope::Site(site)) => {
            (site_of(*host) == Some(*site)).then_some(Scope::Host(*host))
        }
        (a, b) => (a == b).then(|| a.clone()),
    }
}

fn covers(scope: &Scope, target: &Target<'_>) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Site(site) => target.site == Some(*site),
        Scope::Host(host) => target.host == Some(*host) || target.pool == Some(*host),
        Scope::Tag(tag) => target.tags.iter().any(|on| crate::tag::same(on, tag)),
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
            pool: None,
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
        assert!(
            may(Role::Viewer, Scope::Tag("Prod".into()), Permission::View),
            "however it is typed"
        );
        assert!(!may(Role::Operator, Scope::Tag("lab".into()), Permission::View));
        assert!(!may(
            Role::Admin,
            Scope::Host(HostId(Uuid::from_u128(3))),
            Permission::View
        ));
        assert!(!allows(&[], Permission::View, &target));
    }

    #[test]
    fn a_grant_on_a_pool_reaches_what_is_on_its_members() {
        let (pool, member, other) = (
            HostId(Uuid::from_u128(1)),
            HostId(Uuid::from_u128(2)),
            HostId(Uuid::from_u128(3)),
        );
        let on_member = Target {
            host: Some(member),
            pool: Some(pool),
            ..Target::default()
        };
        let on_pool = Target {
            host: Some(pool),
            ..Target::default()
        };
        let may = |on, target: &Target<'_>| {
            let grant = Grant {
                role: Role::Operator,
                scope: Scope::Host(on),
            };
            allows(&[grant], Permission::Operate, target)
        };
        assert!(may(pool, &on_member) && may(pool, &on_pool));
        assert!(!may(other, &on_member) && !may(other, &on_pool));
        assert!(!may(member, &on_pool), "a member is not the pool");
    }

    #[test]
    fn narrowing_leaves_what_both_allow_and_never_more() {
        let (site, host, other) = (
            SiteId(Uuid::from_u128(1)),
            HostId(Uuid::from_u128(2)),
            HostId(Uuid::from_u128(3)),
        );
        let site_of = |id: HostId| (id == host).then_some(site);
        let grant = |role, scope: &Scope| Grant {
            role,
            scope: scope.clone(),
        };
        let (everything, in_site, on_host, on_other, tagged) = (
            Scope::Everything,
            Scope::Site(site),
            Scope::Host(host),
            Scope::Host(other),
            Scope::Tag("lab".into()),
        );
        for (held, limit, left) in [
            (&everything, &on_host, Some(&on_host)),
            (&on_host, &everything, Some(&on_host)),
            (&in_site, &on_host, Some(&on_host)),
            (&on_host, &in_site, Some(&on_host)),
            (&in_site, &on_other, None),
            (&on_host, &on_other, None),
            (&tagged, &tagged, Some(&tagged)),
            (&tagged, &on_host, None),
        ] {
            let narrow = narrowed(
                &[grant(Role::Admin, held)],
                &grant(Role::Operator, limit),
                site_of,
            );
            let wanted: Vec<_> = left
                .map(|scope| grant(Role::Operator, scope))
                .into_iter()
                .collect();
            assert_eq!(narrow, wanted, "{held:?} within {limit:?}");
        }
        let viewer = [grant(Role::Viewer, &everything)];
        let weak = narrowed(&viewer, &grant(Role::Admin, &on_host), site_of);
        assert_eq!(weak, [grant(Role::Viewer, &on_host)], "a limit gives nothing");
    }

    #[test]
    fn only_what_is_held_can_be_handed_on() {
        let site = SiteId(Uuid::from_u128(1));
        let host = HostId(Uuid::from_u128(2));
        let site_of = |_| Some(site);
        let grant = |role, scope| Grant { role, scope };
        let held = [
            grant(Role::Viewer, Scope::Everything),
            grant(Role::Operator, Scope::Site(site)),
        ];
        assert!(includes(
            &held,
            &grant(Role::Operator, Scope::Host(host)),
            site_of
        ));
        assert!(includes(&held, &grant(Role::Viewer, Scope::Everything), site_of));
        assert!(!includes(
            &held,
            &grant(Role::Operator, Scope::Everything),
            site_of
        ));
        assert!(!includes(&held, &grant(Role::Admin, Scope::Host(host)), site_of));
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
