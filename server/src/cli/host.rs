//! `webxenadmin host …`: the hosts, in the same database as the server's.
use anyhow::bail;
use clap::Subcommand;
use wxa_core::{Core, Ctx, NewHost};

use super::{host_args::HostAddArgs, prompt, serve::say, user::DataArgs};

#[derive(Debug, Subcommand)]
pub(super) enum HostCommand {
    /// Add a host; a running server takes it up at its next start
    Add {
        #[command(flatten)]
        host: HostAddArgs,
        #[command(flatten)]
        data: DataArgs,
    },
    /// List the hosts
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Forget a host and its credentials; nothing changes on the host
    Remove {
        /// Its name or id
        host: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Show a host's key fingerprint; no credentials are sent
    Probe {
        address: String,
        #[arg(long, default_value_t = 22)]
        port: u16,
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) async fn run(command: HostCommand) -> anyhow::Result<()> {
    let ctx = Ctx::command_line();
    match command {
        HostCommand::Add { host, data } => add(&data.open().await?, &ctx, host).await,
        HostCommand::List { data } => list(&data.open().await?, &ctx).await,
        HostCommand::Remove { host, data } => remove(&data.open().await?, &ctx, &host).await,
        HostCommand::Probe { address, port, data } => {
            let key = data.open().await?.host_probe(&ctx, &address, port).await?;
            say(&format!("{} {}", key.fingerprint, key.algorithm));
            Ok(())
        }
    }
}

async fn add(core: &Core, ctx: &Ctx, args: HostAddArgs) -> anyhow::Result<()> {
    let fingerprint = match args.fingerprint.clone() {
        Some(fingerprint) => fingerprint,
        None => confirmed_fingerprint(core, ctx, &args).await?,
    };
    let credential = args.credential()?;
    let new = NewHost {
        name: args.name,
        site: args.site,
        address: args.address,
        port: args.port,
        user: args.user,
        credential,
        fingerprint,
        config_dir: args.config_dir,
    };
    let (id, facts) = core.host_add(ctx, new).await?;
    say(&format!(
        "{} added as {id}: Xen {}, {} CPUs",
        facts.hostname, facts.xen_version, facts.cpus
    ));
    Ok(())
}

async fn confirmed_fingerprint(core: &Core, ctx: &Ctx, args: &HostAddArgs) -> anyhow::Result<String> {
    let key = core.host_probe(ctx, &args.address, args.port).await?;
    eprintln!("{} shows {} ({}).", args.address, key.fingerprint, key.algorithm);
    eprintln!("Compare it at the machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
    if !prompt::confirmed("Is it the same?")? {
        bail!("not added: the fingerprint was not confirmed (--fingerprint says it without asking)");
    }
    Ok(key.fingerprint)
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
