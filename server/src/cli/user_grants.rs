//! Grants at the command line: hosts and sites by the names that people know.
use anyhow::{Context, bail};
use clap::Args;
use wxa_core::{Core, Ctx, hosts::HostEntry};
use wxa_model::{Grant, Role, Scope};

/// Where a grant holds; everywhere when nothing is said.
#[derive(Args, Debug)]
pub(super) struct ScopeArgs {
    /// Only on this host (its name or id)
    #[arg(long, conflicts_with_all = ["site", "tag"])]
    host: Option<String>,
    /// Only in this site (its name)
    #[arg(long, conflicts_with = "tag")]
    site: Option<String>,
    /// Only on what carries this tag
    #[arg(long)]
    tag: Option<String>,
}

/// What scopes can name.
pub(super) struct Scopes {
    hosts: Vec<HostEntry>,
}

impl Scopes {
    pub(super) async fn read(core: &Core, ctx: &Ctx) -> anyhow::Result<Self> {
        let hosts = core.host_list(ctx).await?;
        Ok(Self { hosts })
    }

    /// Grants as people say them.
    pub(super) fn words(&self, grants: &[Grant]) -> String {
        let words = |grant: &Grant| format!("{} {}", grant.role.name(), self.place(&grant.scope));
        match grants {
            [] => "without any right".into(),
            some => some.iter().map(words).collect::<Vec<_>>().join(", "),
        }
    }

    fn place(&self, scope: &Scope) -> String {
        let unknown = |id: &dyn std::fmt::Display| format!("that was removed ({id})");
        match scope {
            Scope::Everything => "everywhere".into(),
            Scope::Site(id) => {
                let host = self.hosts.iter().find(|host| host.site == *id);
                format!(
                    "in site {}",
                    host.map_or_else(|| unknown(id), |host| host.site_name.clone())
                )
            }
            Scope::Host(id) => {
                let host = self.hosts.iter().find(|host| host.id == *id);
                format!(
                    "on host {}",
                    host.map_or_else(|| unknown(id), |host| host.name.clone())
                )
            }
            Scope::Tag(tag) => format!("on tag {tag}"),
        }
    }
}

/// The grant that the arguments name.
pub(super) fn grant(scopes: &Scopes, role: &str, scope: &ScopeArgs) -> anyhow::Result<Grant> {
    let role = Role::from_name(role).context("the role is viewer, operator or admin")?;
    let hosts = &scopes.hosts;
    let scope = match (&scope.host, &scope.site, &scope.tag) {
        (Some(wanted), _, _) => {
            let mut found = hosts
                .iter()
                .filter(|host| host.name == *wanted || host.id.to_string() == *wanted);
            match (found.next(), found.next()) {
                (Some(host), None) => Scope::Host(host.id),
                (None, _) => bail!("there is no host {wanted:?}; `webxenadmin host list` shows them"),
                (Some(_), Some(_)) => bail!("several hosts are called {wanted:?}: give the id"),
            }
        }
        (_, Some(wanted), _) => {
            let host = hosts.iter().find(|host| host.site_name == *wanted);
            Scope::Site(
                host.with_context(|| format!("there is no host in a site {wanted:?}"))?
                    .site,
            )
        }
        (_, _, Some(tag)) => Scope::Tag(tag.clone()),
        (None, None, None) => Scope::Everything,
    };
    Ok(Grant { role, scope })
}
