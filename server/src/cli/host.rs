//! `webxenadmin host …`: the hosts, in the same database as the server's.
use anyhow::bail;
use clap::{Args, Subcommand};
use wxa_core::{Core, Ctx, HostProbe};

use super::{
    data_args::DataArgs,
    host_add,
    host_args::{HostAddArgs, TrustArgs},
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
    /// Show a host's key fingerprint, and what known_hosts says about it; no credentials are sent
    Probe {
        address: String,
        #[arg(long, default_value_t = 22)]
        port: u16,
        #[command(flatten)]
        trust: TrustArgs,
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
        HostCommand::Probe { address, port, trust } => probe(core, &ctx, &address, port, &trust).await,
    }
}

async fn probe(core: &Core, ctx: &Ctx, address: &str, port: u16, trust: &TrustArgs) -> anyhow::Result<()> {
    let probe = HostProbe {
        known_hosts: trust.known_hosts()?,
        ..HostProbe::direct(address, port)
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
            host.id, host.site_name, host.name, host.address, host.fingerprint
        ));
    }
    Ok(())
}

async fn remove(core: &Core, ctx: &Ctx, wanted: &str) -> anyhow::Result<()> {
    let hosts = core.host_list(ctx).await?;
    let found: Vec<_> = hosts
        .iter()
        .filter(|host| host.name == wanted || host.id.to_string() == wanted)
        .collect();
    match found.as_slice() {
        [host] => {
            core.host_remove(ctx, host.id).await?;
            say(&format!("{} is forgotten.", host.name));
            Ok(())
        }
        [] => bail!("there is no host {wanted:?}; `webxenadmin host list` shows them"),
        _ => bail!("several hosts are called {wanted:?}: give the id"),
    }
}
