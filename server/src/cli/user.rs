//! `webxenadmin user …`: the accounts, in the same database as the server's.
use anyhow::anyhow;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use wxa_core::{Core, Ctx, Error};

use super::{
    data_args::DataArgs,
    prompt,
    serve::say,
    user_grants::{ScopeArgs, Scopes, grant},
};

/// Shown below `webxenadmin user --help`.
pub(super) const LOCKED_OUT: &str = "\
Locked out? Nothing has to be stopped: these work beside a running server, as the account that owns its data folder.
  webxenadmin user list                 who there is, and who is disabled
  webxenadmin user link NAME            a link that signs in once, without the password
  webxenadmin user passwd NAME          a new password
  webxenadmin user enable NAME          lets a disabled account in again
  webxenadmin user grant NAME admin     makes it an administrator of everything
A running server ends the sessions that a change concerns within five seconds.";

/// What is done to which accounts.
#[derive(Debug, Args)]
pub(super) struct UserArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make an account; its password is asked for, or read from standard input
    Add {
        name: String,
        /// viewer, operator or admin
        #[arg(long, default_value = "viewer")]
        role: String,
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// List the accounts
    List,
    /// Set a new password; ends the account's sessions
    Passwd { name: String },
    /// Let a locked account sign in again
    Enable { name: String },
    /// Lock an account out; ends its sessions, its API tokens stop working
    Disable { name: String },
    /// Replace what an account may do; ends its sessions
    Grant {
        name: String,
        /// viewer, operator or admin
        role: String,
        /// Keep what it may do already, and add this
        #[arg(long)]
        also: bool,
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// Print a link that signs in once
    Link {
        name: String,
        /// The address under which browsers reach the server
        #[arg(long, default_value = "http://127.0.0.1:8006")]
        url: String,
    },
    /// Print a link with which the account's owner sets a new password, within a day
    Reset {
        name: String,
        /// The address under which browsers reach the server
        #[arg(long, default_value = "http://127.0.0.1:8006")]
        url: String,
    },
    /// Give an account another name
    Rename { name: String, to: String },
    /// Remove an account with its sessions and API tokens; the audit log keeps what it did
    Delete { name: String },
    /// List the sessions of an account
    Sessions {
        name: String,
        /// End them all
        #[arg(long)]
        end: bool,
    },
}

pub(super) async fn run(args: UserArgs) -> anyhow::Result<()> {
    let command = args.command;
    let done = args.data.with(async |core| act(core, command).await).await;
    done.map_err(|error| match error.downcast_ref() {
        Some(Error::NotFound) => {
            anyhow!("there is no such account, or it is disabled; `webxenadmin user list` shows them")
        }
        _ => error,
    })
}

async fn act(core: &Core, command: UserCommand) -> anyhow::Result<()> {
    let ctx = Ctx::command_line();
    match command {
        UserCommand::Add { name, role, scope } => {
            let grants = [grant(&Scopes::read(core, &ctx).await?, &role, &scope)?];
            let password = prompt::password("Password (at least 12 characters)")?;
            core.user_create(&ctx, &name, Some(&password), &grants).await?;
            say(&format!("{name} can sign in."));
        }
        UserCommand::List => list(core, &ctx).await?,
        UserCommand::Passwd { name } => {
            let password = prompt::password("New password (at least 12 characters)")?;
            core.user_set_password(&ctx, &name, &password).await?;
            say(&format!("{name} has a new password; sessions were ended."));
        }
        UserCommand::Disable { name } => {
            core.user_disable(&ctx, &name).await?;
            say(&format!("{name} is locked out."));
        }
        UserCommand::Enable { name } => {
            core.user_enable(&ctx, &name).await?;
            say(&format!("{name} can sign in again."));
        }
        UserCommand::Grant {
            name,
            role,
            also,
            scope,
        } => {
            let scopes = Scopes::read(core, &ctx).await?;
            let mut grants = vec![grant(&scopes, &role, &scope)?];
            if also {
                let users = core.user_list(&ctx).await?;
                let held = users
                    .into_iter()
                    .filter(|user| user.name.eq_ignore_ascii_case(&name));
                grants.extend(held.flat_map(|user| user.grants));
            }
            core.user_set_grants(&ctx, &name, &grants).await?;
            say(&format!("{name} is {} now.", scopes.words(&grants)));
        }
        UserCommand::Link { name, url } => {
            let token = core.login_link_create(&ctx, &name).await?;
            let url = url.trim_end_matches('/');
            say(&format!("{url}/link?token={}", token.expose_secret()));
        }
        UserCommand::Reset { name, url } => {
            let link = core.user_reset_link(&ctx, &name).await?;
            let url = url.trim_end_matches('/');
            say(&format!("{url}/reset?token={}", link.token.expose_secret()));
        }
        UserCommand::Rename { name, to } => {
            core.user_rename(&ctx, &name, &to).await?;
            say(&format!("{name} is called {to} now."));
        }
        UserCommand::Delete { name } => {
            core.user_delete(&ctx, &name).await?;
            say(&format!("{name} was removed."));
        }
        UserCommand::Sessions { name, end } => {
            for session in core.user_sessions(&ctx, &name).await? {
                say(&format!(
                    "{}  from {}  {}",
                    session.id, session.from, session.agent
                ));
            }
            if end {
                core.user_end_sessions(&ctx, &name).await?;
                say(&format!("The sessions of {name} were ended."));
            }
        }
    }
    Ok(())
}

async fn list(core: &Core, ctx: &Ctx) -> anyhow::Result<()> {
    let scopes = Scopes::read(core, ctx).await?;
    for user in core.user_list(ctx).await? {
        let locked = if user.disabled_at.is_some() {
            "  locked out"
        } else {
            ""
        };
        say(&format!("{}  {}{locked}", user.name, scopes.words(&user.grants)));
    }
    Ok(())
}
