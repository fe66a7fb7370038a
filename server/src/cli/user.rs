//! `webxenadmin user …`: the accounts, in the same database as the server's.
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use std::path::PathBuf;
use wxa_core::{Core, Ctx};
use wxa_model::{Grant, Role, Scope};

use super::{open, prompt, serve::say};
use crate::config::default_data_dir;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account; its password is asked for, or read from standard input
    Add {
        name: String,
        /// viewer, operator or admin
        #[arg(long, default_value = "viewer")]
        role: String,
        #[command(flatten)]
        scope: ScopeArgs,
        #[command(flatten)]
        data: DataArgs,
    },
    /// List the accounts
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Set a new password; ends the account's sessions
    Passwd {
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Let a locked account sign in again
    Enable {
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Lock an account out; ends its sessions
    Disable {
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Replace what an account may do
    Grant {
        name: String,
        /// viewer, operator or admin
        role: String,
        #[command(flatten)]
        scope: ScopeArgs,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Print a link that signs in once
    Link {
        name: String,
        /// The address under which browsers reach the server
        #[arg(long, default_value = "http://127.0.0.1:8006")]
        url: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

/// Where the database is.
#[derive(Args, Debug)]
pub(super) struct DataArgs {
    /// Where database and sealing key live [default: ~/.local/share/webxenadmin]
    #[arg(long, env = "WXA_DATA_DIR")]
    data_dir: Option<PathBuf>,
}

impl DataArgs {
    pub(super) async fn open(&self) -> anyhow::Result<Core> {
        let data_dir = self.data_dir.clone().unwrap_or_else(default_data_dir);
        Ok(open::maintaining(&data_dir).await?)
    }
}

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

pub(super) async fn run(command: UserCommand) -> anyhow::Result<()> {
    let ctx = Ctx::command_line();
    match command {
        UserCommand::Add {
            name,
            role,
            scope,
            data,
        } => {
            let core = data.open().await?;
            let grants = grants(&core, &ctx, &role, &scope).await?;
            let password = prompt::password("Password (at least 12 characters)")?;
            core.user_create(&ctx, &name, Some(&password), &grants).await?;
            say(&format!("{name} can sign in."));
        }
        UserCommand::List { data } => list(&data.open().await?, &ctx).await?,
        UserCommand::Passwd { name, data } => {
            let core = data.open().await?;
            let password = prompt::password("New password (at least 12 characters)")?;
            core.user_set_password(&ctx, &name, &password).await?;
            say(&format!("{name} has a new password; sessions were ended."));
        }
        UserCommand::Disable { name, data } => {
            data.open().await?.user_disable(&ctx, &name).await?;
            say(&format!("{name} is locked out."));
        }
        UserCommand::Enable { name, data } => {
            data.open().await?.user_enable(&ctx, &name).await?;
            say(&format!("{name} can sign in again."));
        }
        UserCommand::Grant {
            name,
            role,
            scope,
            data,
        } => {
            let core = data.open().await?;
            let grants = grants(&core, &ctx, &role, &scope).await?;
            core.user_set_grants(&ctx, &name, &grants).await?;
            say(&format!("{name} is {role} now."));
        }
        UserCommand::Link { name, url, data } => {
            let token = data.open().await?.login_link_create(&ctx, &name).await?;
            let url = url.trim_end_matches('/');
            say(&format!("{url}/link?token={}", token.expose_secret()));
        }
    }
    Ok(())
}

async fn list(core: &Core, ctx: &Ctx) -> anyhow::Result<()> {
    for user in core.user_list(ctx).await? {
        let grants: Vec<_> = user.grants.iter().map(words).collect();
        let locked = if user.disabled_at.is_some() {
            "  locked out"
        } else {
            ""
        };
        say(&format!("{}  {}{locked}", user.name, grants.join(", ")));
    }
    Ok(())
}

fn words(grant: &Grant) -> String {
    let scope = match &grant.scope {
        Scope::Everything => "everywhere".to_owned(),
        Scope::Site(site) => format!("in site {site}"),
        Scope::Host(host) => format!("on host {host}"),
        Scope::Tag(tag) => format!("on tag {tag}"),
    };
    format!("{} {scope}", grant.role.name())
}

async fn grants(core: &Core, ctx: &Ctx, role: &str, scope: &ScopeArgs) -> anyhow::Result<Vec<Grant>> {
    let role = Role::from_name(role).context("the role is viewer, operator or admin")?;
    let hosts = core.host_list(ctx).await?;
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
    Ok(vec![Grant { role, scope }])
}
