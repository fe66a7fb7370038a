//! Whether a grant's scope names something: a typing error must not become a right that nobody notices is missing.
use crate::{Core, Error};
use wxa_model::{Grant, HostId, HostKind, Scope, SiteId};

/// How many grants an account may have.
const GRANTS_MOST: usize = 100;
const TAG_CHARS: usize = 64;

/// Why a scope cannot be a pool's member.
pub(crate) const OF_A_POOL: &str =
    "this host is a member of a pool: a right holds on the pool as a whole, because VMs move within it";

impl Core {
    /// Checks grants for an account that has `held` already: those are taken as they are, even when their host or site
    /// has been removed since.
    pub(crate) async fn check_scopes(&self, grants: &[Grant], held: &[Grant]) -> Result<(), Error> {
        if grants.len() > GRANTS_MOST {
            return Err(invalid(&format!("an account has at most {GRANTS_MOST} grants")));
        }
        for grant in grants.iter().filter(|grant| !held.contains(grant)) {
            self.check_scope(&grant.scope).await?;
        }
        Ok(())
    }

    pub(crate) async fn check_scope(&self, scope: &Scope) -> Result<(), Error> {
        let store = &self.inner.store;
        match scope {
            Scope::Everything => Ok(()),
            Scope::Site(id) => match store.site_list().await?.iter().any(|site| site.id == *id) {
                true => Ok(()),
                false => Err(invalid("there is no such site (any more)")),
            },
            Scope::Host(id) => match store.host_get(*id).await? {
                Some(_) => Ok(()),
                None if self.is_member(scope) => Err(invalid(OF_A_POOL)),
                None => Err(invalid("there is no such host (any more)")),
            },
            Scope::Tag(tag) => check_tag(tag),
        }
    }

    /// Whether the scope is a pool's member, which nothing may be limited to.
    pub(crate) fn is_member(&self, scope: &Scope) -> bool {
        let Scope::Host(host) = scope else {
            return false;
        };
        let published = self.live().inventory.now();
        published
            .host(*host)
            .is_some_and(|(host, _)| host.kind.pool().is_some())
    }

    /// Grants as the audit log tells them: by the names of today, so that they can be read when hosts are gone.
    pub(crate) fn grants_told(&self, grants: &[Grant]) -> String {
        let published = self.live().inventory.now();
        let told = |grant: &Grant| {
            let place = match &grant.scope {
                Scope::Everything => "everywhere".to_owned(),
                Scope::Site(id) => match published.site(*id) {
                    Some(site) => format!("in site {}", site.name),
                    None => format!("in site {id}"),
                },
                Scope::Host(id) => match published.host(*id) {
                    Some((host, _)) if host.kind == HostKind::Pool => format!("on pool {}", host.name),
                    Some((host, _)) => format!("on host {}", host.name),
                    None => format!("on host {id}"),
                },
                Scope::Tag(tag) => format!("on tag {tag}"),
            };
            format!("{} {place}", grant.role.name())
        };
        match grants {
            [] => "no right".into(),
            some => some.iter().map(told).collect::<Vec<_>>().join(", "),
        }
    }

    /// Where a host stands, for comparing scopes.
    pub(crate) fn site_of(&self, host: HostId) -> Option<SiteId> {
        let published = self.live().inventory.now();
        published.host(host).map(|(host, _)| host.site)
    }
}

fn check_tag(tag: &str) -> Result<(), Error> {
    let fits = (1..=TAG_CHARS).contains(&tag.chars().count())
        && tag.trim() == tag
        && !tag.chars().any(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(invalid(&format!(
            "a tag has 1 to {TAG_CHARS} characters, without spaces around it"
        )))
    }
}

fn invalid(why: &str) -> Error {
    Error::Invalid {
        field: "grants",
        why: why.into(),
    }
}
