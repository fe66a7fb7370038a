//! `webxenadmin host …`: the hosts, in the same database as the server's.
use anyhow::bail;
use clap::{Args, Subcommand};
use wxa_core::{Core, Ctx, HostEntry, HostProbe};
use wxa_model::Transport;

use super::{
    data_args::DataArgs,
    host_add,
    host_args::{HostAddArgs, TrustArgs},
    host_ssh::{self, SshArgs},
    serve::say,
};

/// What is done to which hosts.
#[derive(Debug, Args)]
pub(super) struct HostArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    command: HostCommand,
}

#[derive(Debug, Subcommand)]
enum HostCommand {
    /// Add a host; a running server takes it up within seconds
    Add {
        #[command(flatten)]
        host: HostAddArgs,
    },
    /// List the hosts
    List,
    /// Forget a host and its credentials; nothing changes on the host
    Remove {
        /// Its name or id
        host: String,
    },
    /// Show the fingerprint of a host's key, and what known_hosts says about it, or of a pool's certificate; no credentials are sent
    Probe {
        address: String,
        /// It is a member of an XCP-ng or XenServer pool
        #[arg(long, conflicts_with = "known_hosts")]
        xapi: bool,
        /// Port of SSH or of XAPI; 22 or 443 when nothing is said
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        port: u16,
        #[command(flatten)]
        trust: TrustArgs,
    },
    /// Show how a pool's hosts are reached over SSH, for the serial consoles of HVM guests, and whether they answer
    Ssh {
        /// The pool's name or id
        pool: String,
    },
    /// Set up how a pool's hosts are reached over SSH; their keys are shown and asked about
    SshSet {
        /// The pool's name or id
        pool: String,
        #[command(flatten)]
        ssh: SshArgs,
    },
    /// Forget how a pool's hosts are reached over SSH
    SshRemove {
        /// The pool's name or id
        pool: String,
    },
}

pub(super) async fn run(args: HostArgs) -> anyhow::Result<()> {
    let command = args.command;
    args.data.with(async |core| act(core, command).await).await
}

async fn act(core: &Core, command: HostCommand) -> anyhow::Result<()> {
    let ctx = Ctx::command_line();
    match command {
        HostCommand::Add { host } => host_add::run(core, &ctx, host).await,
        HostCommand::List => list(core, &ctx).await,
        HostCommand::Remove { host } => remove(core, &ctx, &host).await,
        HostCommand::Ssh { pool } => host_ssh::show(core, &ctx, &found(core, &ctx, &pool).await?).await,
        HostCommand::SshSet { pool, ssh } => {
            host_ssh::set(core, &ctx, &found(core, &ctx, &pool).await?, ssh).await
        }
        HostCommand::SshRemove { pool } => {
            host_ssh::remove(core, &ctx, &found(core, &ctx, &pool).await?).await
        }
        HostCommand::Probe {
            address,
            xapi,
            port,
            trust,
        } => {
            let at = match xapi {
                true => HostProbe::pool(address, port),
                false => HostProbe::direct(address, port),
            };
            probe(core, &ctx, at, &trust).await
        }
    }
}

async fn probe(core: &Core, ctx: &Ctx, at: HostProbe, trust: &TrustArgs) -> anyhow::Result<()> {
    let is_pool = at.transport == Transport::Xapi;
    let probe = HostProbe {
        known_hosts: trust.known_hosts()?,
        ..at
    };
    let probed = core.host_probe(ctx, probe).await?;
    say(&format!("{} {}", probed.key.fingerprint, probed.key.algorithm));
    if let Some(known) = probed.known {
        say(&known.sentence());
        if !known.is_confirmed() {
            bail!("known_hosts does not confirm this key");
        }
    }
    match &trust.fingerprint {
        // Hex may be written in either case.
        Some(wanted) if is_pool && wanted.eq_ignore_ascii_case(&probed.key.fingerprint) => Ok(()),
        Some(wanted) if *wanted != probed.key.fingerprint => {
            bail!("this is another key than --fingerprint says")
        }
        _ => Ok(()),
    }
}

async fn list(core: &Core, ctx: &Ctx) -> anyhow::Result<()> {
    for host in core.host_list(ctx).await? {
        say(&format!(
            "{}  {}  {}  {}  {}",
            host.id, host.site_name, host.name, host.address, host.known_by
        ));
    }
    Ok(())
}

async fn remove(core: &Core, ctx: &Ctx, wanted: &str) -> anyhow::Result<()> {
    let host = found(core, ctx, wanted).await?;
    core.host_remove(ctx, host.id).await?;
    say(&format!("{} is forgotten.", host.name));
    Ok(())
}

/// The host of that name or id.
async fn found(core: &Core, ctx: &Ctx, wanted: &str) -> anyhow::Result<HostEntry> {
    let hosts = core.host_list(ctx).await?.into_iter();
    let found: Vec<_> = hosts
        .filter(|host| host.name == wanted || host.id.to_string() == wanted)
        .collect();
    match found.as_slice() {
        [host] => Ok(host.clone()),
        [] => bail!("there is no host {wanted:?}; `webxenadmin host list` shows them"),
        _ => bail!("several hosts are called {wanted:?}: give the id"),
    }
}
