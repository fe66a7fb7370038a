//! `webxenadmin host ssh…`: how the hosts of a pool are reached over SSH, for the serial consoles of HVM guests.
use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;
use wxa_core::{Core, Ctx, HostEntry, MemberSsh, MemberSshEntry, NewMemberSsh, SignIn};

use super::{
    prompt,
    secret::{self, SignIn as Way},
    serve::say,
};

/// What `host ssh-set` can be told.
#[derive(Debug, Args)]
pub(super) struct SshArgs {
    /// Account on the hosts; anybody but root goes through `sudo -n`
    #[arg(long, default_value = "root")]
    user: String,
    /// SSH port
    #[arg(long, default_value_t = 22)]
    port: u16,
    /// Sign in with this private key instead of a password
    #[arg(long, conflicts_with = "agent")]
    key: Option<PathBuf>,
    /// Sign in with the SSH agent of the server's environment
    #[arg(long)]
    agent: bool,
    /// A fingerprint (SHA256:…) that you compared, of any of the hosts; may be given several times, and is asked about when
    /// none is given
    #[arg(long)]
    fingerprint: Vec<String>,
}

pub(super) async fn show(core: &Core, ctx: &Ctx, pool: &HostEntry) -> anyhow::Result<()> {
    let known = core.member_ssh(ctx, pool.id).await?;
    let Some((user, port, way)) = &known.account else {
        say(&format!("The hosts of {} are not reached over SSH.", pool.name));
        return Ok(());
    };
    let way = match way {
        SignIn::Password => "a password",
        SignIn::Key => "a private key",
        SignIn::Agent => "the server's SSH agent",
    };
    say(&format!("{user}, port {port}, with {way}"));
    for member in core.member_ssh_look(ctx, pool.id, *port).await?.members {
        say(&line(&member));
    }
    Ok(())
}

fn line(member: &MemberSshEntry) -> String {
    let state = match (&member.pinned, &member.shown, &member.usable) {
        (None, ..) => "key not confirmed".to_owned(),
        (_, Some(Err(why)), _) | (_, _, Some(Err(why))) => why.clone(),
        (Some(pinned), Some(Ok(key)), _) if *pinned != key.fingerprint => {
            format!("shows another key: {}", key.fingerprint)
        }
        (_, _, Some(Ok(()))) => "answers, and lets us in".to_owned(),
        _ => "key confirmed".to_owned(),
    };
    let pinned = member.pinned.as_deref().unwrap_or("-");
    format!("{}  {}  {pinned}  {state}", member.name, member.address)
}

pub(super) async fn set(core: &Core, ctx: &Ctx, pool: &HostEntry, args: SshArgs) -> anyhow::Result<()> {
    let seen = core.member_ssh_look(ctx, pool.id, args.port).await?;
    let keys = confirmed(&seen, &args.fingerprint)?;
    let with = Way::from_flags(args.agent, args.key.as_deref());
    let credential = secret::credential(with, &args.user, &format!("the hosts of {}", pool.name))?;
    let new = NewMemberSsh {
        user: args.user,
        port: args.port,
        credential: Some(credential),
        keys,
    };
    let count = new.keys.len();
    core.member_ssh_set(ctx, pool.id, new).await?;
    say(&format!(
        "{count} of {} hosts of {} are reached over SSH; a running server takes it up within seconds.",
        seen.members.len(),
        pool.name
    ));
    Ok(())
}

/// The keys that a person said, or confirms now.
fn confirmed(seen: &MemberSsh, said: &[String]) -> anyhow::Result<Vec<(wxa_model::HostId, String)>> {
    let mut keys = Vec::new();
    for member in &seen.members {
        let shown = match &member.shown {
            Some(Ok(key)) => key.clone(),
            Some(Err(why)) => {
                eprintln!("{} does not answer: {why}", member.name);
                // What was confirmed before stays.
                keys.extend(member.pinned.clone().map(|pinned| (member.host, pinned)));
                continue;
            }
            None => continue,
        };
        let is_known = member.pinned.as_ref() == Some(&shown.fingerprint);
        let is_right = match said.is_empty() {
            false => said.contains(&shown.fingerprint),
            true if is_known => true,
            true => {
                eprintln!(
                    "{} ({}) shows {} ({}).",
                    member.name, member.address, shown.fingerprint, shown.algorithm
                );
                eprintln!("Compare it at the machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
                prompt::confirmed("Is it the same?").context("reading the answer")?
            }
        };
        if is_right {
            keys.push((member.host, shown.fingerprint));
        }
    }
    if keys.is_empty() {
        bail!("nothing was set up: no key was confirmed (--fingerprint says one without asking)");
    }
    Ok(keys)
}

pub(super) async fn remove(core: &Core, ctx: &Ctx, pool: &HostEntry) -> anyhow::Result<()> {
    core.member_ssh_remove(ctx, pool.id).await?;
    say(&format!(
        "The hosts of {} are no longer reached over SSH.",
        pool.name
    ));
    Ok(())
}
