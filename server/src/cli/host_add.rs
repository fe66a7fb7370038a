//! `webxenadmin host add`: from what was said, known hosts and questions to a host whose key is confirmed.
use anyhow::bail;
use wxa_core::{Core, Ctx, HostProbe, JumpHost, NewHost, ProbedKey};
use wxa_model::{Transport, Trust};

use super::{host_args::HostAddArgs, prompt, serve::say};
use crate::doctor::product;

/// Stands for the machine that the server runs on.
const LOCAL: &str = "local";

pub(super) async fn run(core: &Core, ctx: &Ctx, args: HostAddArgs) -> anyhow::Result<()> {
    let new = match args.address.as_str() {
        LOCAL => NewHost {
            name: args.name,
            site: args.site,
            config_dir: args.config_dir,
            ..NewHost::this_machine()
        },
        _ if args.xapi => pool(core, ctx, args).await?,
        _ => over_ssh(core, ctx, args).await?,
    };
    let (id, facts) = core.host_add(ctx, new).await?;
    say(&format!(
        "{} added as {id}: {}, {} CPUs",
        facts.hostname,
        product(&facts),
        facts.cpus
    ));
    Ok(())
}

async fn pool(core: &Core, ctx: &Ctx, args: HostAddArgs) -> anyhow::Result<NewHost> {
    let trust = args.authority.trust()?;
    let fingerprint = match trust {
        Trust::Pin => {
            let probe = HostProbe::pool(&args.address, args.port);
            let said = args.trust.fingerprint.clone();
            confirmed(core, ctx, probe, said, "--fingerprint").await?
        }
        // Nobody has to compare anything.
        Trust::System | Trust::Authority { .. } => String::new(),
    };
    let credential = args.credential()?;
    Ok(NewHost {
        name: args.name,
        site: args.site,
        transport: Transport::Xapi,
        address: args.address,
        port: args.port,
        user: args.user,
        credential,
        fingerprint,
        trust,
        jump: None,
        config_dir: String::new(),
    })
}

async fn over_ssh(core: &Core, ctx: &Ctx, args: HostAddArgs) -> anyhow::Result<NewHost> {
    let known_hosts = args.trust.known_hosts()?;
    let jump = jump_host(core, ctx, &args, &known_hosts).await?;
    let probe = HostProbe {
        transport: Transport::Ssh,
        address: args.address.clone(),
        port: args.port,
        jump: jump.clone(),
        known_hosts,
    };
    let said = args.trust.fingerprint.clone();
    let fingerprint = confirmed(core, ctx, probe, said, "--fingerprint").await?;
    let credential = args.credential()?;
    Ok(NewHost {
        name: args.name,
        site: args.site,
        transport: Transport::Ssh,
        address: args.address,
        port: args.port,
        user: args.user,
        credential,
        fingerprint,
        trust: Trust::Pin,
        jump,
        config_dir: args.config_dir,
    })
}

async fn jump_host(
    core: &Core,
    ctx: &Ctx,
    args: &HostAddArgs,
    known_hosts: &str,
) -> anyhow::Result<Option<JumpHost>> {
    let Some(place) = &args.jump.jump else {
        return Ok(None);
    };
    let probe = HostProbe {
        known_hosts: known_hosts.to_owned(),
        ..HostProbe::direct(&place.address, place.port)
    };
    let said = args.jump.jump_fingerprint.clone();
    Ok(Some(JumpHost {
        fingerprint: confirmed(core, ctx, probe, said, "--jump-fingerprint").await?,
        credential: args.jump.credential(place)?,
        address: place.address.clone(),
        port: place.port,
        user: place.user.clone(),
    }))
}

/// The fingerprint that was said; else the one that is shown, once `known_hosts` or a person has confirmed it.
async fn confirmed(
    core: &Core,
    ctx: &Ctx,
    probe: HostProbe,
    said: Option<String>,
    flag: &str,
) -> anyhow::Result<String> {
    if let Some(fingerprint) = said {
        return Ok(fingerprint);
    }
    let (address, transport) = (probe.address.clone(), probe.transport);
    let ProbedKey { key, known } = core.host_probe(ctx, probe).await?;
    eprintln!("{address} shows {} ({}).", key.fingerprint, key.algorithm);
    if let Some(known) = known {
        eprintln!("{}", known.sentence());
        if known.is_confirmed() {
            return Ok(key.fingerprint);
        }
        bail!("not added: known_hosts does not confirm the key of {address} ({flag} says it instead)");
    }
    eprintln!("Compare it at the machine: {}", shown_by(transport));
    if !prompt::confirmed("Is it the same?")? {
        bail!("not added: the fingerprint was not confirmed ({flag} says it without asking)");
    }
    Ok(key.fingerprint)
}

/// The command that prints the same fingerprint on the host itself.
fn shown_by(transport: Transport) -> &'static str {
    match transport {
        Transport::Xapi => "openssl x509 -noout -fingerprint -sha256 -in /etc/xensource/xapi-ssl.pem",
        Transport::Ssh | Transport::Local => "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
    }
}
