//! `webxenadmin demo`: a server with a simulated fleet in the same process, on real sockets.
use anyhow::Context;
use clap::Args;
use rand::distr::{Alphanumeric, SampleString};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::{fs, net::SocketAddr, path::PathBuf};
use wxa_core::{Core, Credential, Ctx, NewHost};
use wxa_model::{Grant, HostId, Role, Scope, Transport, Trust};
use wxa_sim::{SimHost, xapi::SimPool};

use super::{
    demo_fleet::Fleet,
    demo_pools::{Pools, pool_json},
    demo_status, demo_words,
    serve::{self, say},
    settings::{SettingsArgs, SystemFile},
};
use crate::{Config, config::Layer, logs};

#[derive(Args, Debug)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// How many simulated hosts of plain Xen
    #[arg(long, default_value_t = 2)]
    hosts: usize,
    /// How many simulated guests, among these hosts
    #[arg(long, default_value_t = 40)]
    vms: usize,
    /// How many simulated XAPI pools
    #[arg(long, default_value_t = 3)]
    pools: usize,
    /// How many simulated VMs, among all pools
    #[arg(long, default_value_t = 1000)]
    pool_vms: usize,
    /// Write address, sign-in link, accounts and hosts to this file, as JSON
    #[arg(long)]
    print_json: Option<PathBuf>,
}

/// An account of the demo.
struct Account {
    name: &'static str,
    role: Role,
    password: SecretString,
}

/// `webxenadmin demo`.
pub(super) async fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let scratch = Scratch::new();
    let data_dir = scratch.0.display().to_string();
    let mut layers = vec![Layer::presumed([("data_dir", data_dir), ("log", "warn".into())])];
    // Never the machine's own file: it names the data of a real installation.
    layers.extend(args.settings.layers(SystemFile::Leave));
    let config = Config::from_layers(&layers)?;
    logs::start(&config)?;
    let fleet = Fleet::start(args.hosts, args.vms).await?;
    let pools = Pools::start(args.pools, args.pool_vms).await?;
    let ready = serve::prepare(&config).await?;
    let core = &ready.app.core;
    let ctx = Ctx::command_line();
    let accounts = accounts(core, &ctx).await?;
    let mut added = Vec::new();
    for host in &fleet.added {
        let id = add(core, &ctx, host).await;
        added.push(id.with_context(|| format!("adding {}", host.name()))?);
    }
    added.extend(pools.add(core, &ctx).await?);
    demo_words::say(core, &ctx, &added).await?;
    let users = core.user_list(&ctx).await?;
    if let Some(admin) = users.iter().find(|user| user.name == "admin") {
        demo_status::make(core, admin.id).await?;
    }
    let token = core.login_link_create(&ctx, "admin").await?;
    let link = format!("{}/link?token={}", ready.url, token.expose_secret());
    if let Some(path) = &args.print_json {
        let text = serde_json::to_string_pretty(&json!({
            "url": ready.url,
            "link": link,
            "users": accounts.iter().map(account_json).collect::<Vec<_>>(),
            "hosts": fleet.added.iter().map(host_json).collect::<Vec<_>>(),
            "spare": host_json(&fleet.spare),
            "pools": pools.added.iter().map(|(pool, _)| pool_json(pool)).collect::<Vec<_>>(),
            "sparePool": pool_json(&pools.spare),
        }))?;
        fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    say(&summary(
        &ready.url,
        &link,
        (&fleet.spare, &pools.spare),
        &accounts,
    ));
    serve::serve(ready).await?;
    fleet.stop().await;
    pools.stop().await;
    Ok(())
}

/// A folder of this run, gone with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("webxenadmin-demo-{}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It is not there when other data was asked for.
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn accounts(core: &Core, ctx: &Ctx) -> anyhow::Result<Vec<Account>> {
    let mut accounts = Vec::new();
    for (name, role) in [
        ("admin", Role::Admin),
        ("operator", Role::Operator),
        ("viewer", Role::Viewer),
    ] {
        let password = SecretString::from(Alphanumeric.sample_string(&mut rand::rng(), 16));
        let known = core
            .user_list(ctx)
            .await?
            .into_iter()
            .any(|user| user.name == name);
        if known {
            core.user_set_password(ctx, name, &password).await?;
        } else {
            let grants = vec![Grant {
                role,
                scope: Scope::Everything,
            }];
            core.user_create(ctx, name, Some(&password), &grants).await?;
        }
        accounts.push(Account { name, role, password });
    }
    Ok(accounts)
}

/// Adds the host; one of the same name from an earlier run stays when it is at the same address, else it is replaced.
async fn add(core: &Core, ctx: &Ctx, host: &SimHost) -> anyhow::Result<HostId> {
    let at = format!("root@{}", host.address());
    for known in core
        .host_list(ctx)
        .await?
        .into_iter()
        .filter(|known| known.name == host.name())
    {
        if known.address == at {
            return Ok(known.id);
        }
        core.host_remove(ctx, known.id).await?;
    }
    let new = NewHost {
        name: host.name().to_owned(),
        site: "Demo".into(),
        transport: Transport::Ssh,
        address: host.address().ip().to_string(),
        port: host.address().port(),
        user: "root".into(),
        credential: Credential::Password("xen".into()),
        fingerprint: host.fingerprint(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    };
    let (id, _) = core.host_add(ctx, new).await?;
    Ok(id)
}

fn account_json(account: &Account) -> serde_json::Value {
    json!({
        "name": account.name,
        "role": account.role.name(),
        "password": account.password.expose_secret(),
    })
}

fn host_json(host: &SimHost) -> serde_json::Value {
    json!({
        "name": host.name(),
        "address": host.address().ip().to_string(),
        "port": host.address().port(),
        "user": "root",
        "password": "xen",
        "fingerprint": host.fingerprint(),
        "publicKey": host.public_key(),
    })
}

fn summary(url: &str, link: &str, (spare, spare_pool): (&SimHost, &SimPool), accounts: &[Account]) -> String {
    let accounts: Vec<String> = accounts
        .iter()
        .map(|account| format!("    {:<9} {}", account.name, account.password.expose_secret()))
        .collect();
    let place = |what: &str, at: SocketAddr, fingerprint: &str| {
        format!(
            "\n\n  A {what} to add by hand:\n    address {}, port {}, user root, password xen\n    fingerprint {fingerprint}",
            at.ip(),
            at.port(),
        )
    };
    let host = place("host", spare.address(), &spare.fingerprint());
    let pool = spare_pool
        .tls_address(0)
        .map(|at| place("pool", at, spare_pool.fingerprint()));
    format!(
        "\nThe console is at {url}\n\n  Accounts:\n{}{host}{}\n\n  A status page for everybody:\n    {url}{}\n\n  Sign in as admin, once:\n    {link}",
        accounts.join("\n"),
        pool.unwrap_or_default(),
        demo_status::PATH,
    )
}
