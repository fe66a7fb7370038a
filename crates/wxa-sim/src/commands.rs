//! The programs of a simulated host, by name.

pub(crate) mod coreutils;
pub(crate) mod lvm;
pub(crate) mod net;
pub(crate) mod spoilt;
pub(crate) mod system;
pub(crate) mod wrappers;
pub(crate) mod xenstore;
pub(crate) mod xentop;
pub(crate) mod xl;

use std::sync::{Arc, Mutex, PoisonError};

use crate::actor::WorldHandle;
use crate::ails::Ail;
use crate::host::CommandOutput;
use crate::shell::io::{Input, Io, Output};
use crate::shell::{Env, Outcome, Stop, Way};

/// Programs in PATH, as `command -v` finds them.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "/usr/sbin/",
        "xl vgs lvs brctl xentop xenstore xenstore-ls xenstore-list xenstore-read xenstore-watch xenstore-write xenstore-rm service",
    ),
    (
        "/usr/bin/",
        "cat ls head tail stat find printf echo test true false uname hostname date id nproc sh bash env timeout stdbuf ps sudo \
         grep wc sort sleep tr cut whoami readlink basename dirname mkdir touch rm cp mv ln chmod uptime dd seq tee xargs nohup setsid nice \
         df dpkg-query ip",
    ),
];

/// Where a program is, if the host has it.
pub(crate) fn path_of(name: &str) -> Option<String> {
    PROGRAMS
        .iter()
        .find(|(_, names)| names.split_whitespace().any(|known| known == name))
        .map(|(folder, _)| format!("{folder}{name}"))
}

/// Runs one program, spoilt if the host's faults say so.
pub(crate) async fn run(env: &mut Env, argv: &[String], io: &Io) -> Outcome {
    match spoilt::find(env, argv).await? {
        Some(spoilt) => spoilt::run(spoilt, env, argv, io).await,
        None => honestly(env, argv, io).await,
    }
}

/// Runs one program as it is.
async fn honestly(env: &mut Env, argv: &[String], io: &Io) -> Outcome {
    let Some((program, args)) = argv.split_first() else {
        return Ok(0);
    };
    let name = ["/usr/local/sbin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"]
        .iter()
        .find_map(|folder| program.strip_prefix(folder))
        .unwrap_or(program);
    if let Some(outcome) = wrappers::run(env, name, args, io).await {
        return outcome;
    }
    if let Some(member) = env.world.pool().cloned()
        && let Some(outcome) = member.run(env, name, args, io).await
    {
        return outcome;
    }
    match name {
        "xl" => xl::run(env, args, io).await,
        "vgs" | "lvs" if has_lvm(env).await? => lvm::run(env, name, args, io).await,
        "ip" => net::ip(env, args, io).await,
        "brctl" => net::brctl(env, io).await,
        "df" => system::df(env, args, io).await,
        "service" => system::service(env, args, io).await,
        "dpkg-query" => system::dpkg_query(env, args, io).await,
        "xentop" => xentop::run(env, args, io).await,
        _ if name.starts_with("xenstore") => xenstore::run(env, name, args, io).await,
        _ => match coreutils::run(env, name, args, io).await {
            Some(outcome) => outcome,
            None if program.contains('/') => {
                io.fail(
                    format!("bash: line 1: {program}: No such file or directory\n"),
                    127,
                )
                .await
            }
            None => {
                io.fail(format!("bash: line 1: {program}: command not found\n"), 127)
                    .await
            }
        },
    }
}

async fn has_lvm(env: &Env) -> Result<bool, Stop> {
    let has = env.world.ask(|world| !world.config.ails.contains(&Ail::NoLvm));
    Ok(has.await?)
}

/// Runs a command line as root, outside SSH.
pub(crate) async fn run_locally(world: &WorldHandle, command: &str) -> CommandOutput {
    let (out, err) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let io = Io::new(
        Input::empty(),
        Output::Buffer(out.clone()),
        Output::Buffer(err.clone()),
    );
    let mut env = Env::new(world.clone(), "root".into(), None);
    env.way = Way::Local;
    let status = env.run_script(command, io).await;
    let text = |buffer: &Mutex<Vec<u8>>| {
        String::from_utf8_lossy(&buffer.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    };
    CommandOutput {
        stdout: text(&out),
        stderr: text(&err),
        status,
    }
}
