//! The programs of a simulated host, by name.

pub(crate) mod coreutils;
pub(crate) mod wrappers;
pub(crate) mod xenstore;
pub(crate) mod xentop;
pub(crate) mod xl;

use std::sync::{Arc, Mutex, PoisonError};

use crate::actor::WorldHandle;
use crate::host::CommandOutput;
use crate::shell::io::{Input, Io, Output};
use crate::shell::{Env, Outcome};

/// Programs in PATH, as `command -v` finds them.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "/usr/sbin/",
        "xl xentop xenstore xenstore-ls xenstore-list xenstore-read xenstore-watch xenstore-write xenstore-rm",
    ),
    (
        "/usr/bin/",
        "cat ls head tail stat find printf echo test true false uname hostname date id nproc sh bash env timeout stdbuf ps sudo \
         grep wc sort sleep tr cut whoami readlink basename dirname mkdir touch rm ln uptime dd seq tee nohup setsid nice",
    ),
];

/// Where a program is, if the host has it.
pub(crate) fn path_of(name: &str) -> Option<String> {
    PROGRAMS
        .iter()
        .find(|(_, names)| names.split_whitespace().any(|known| known == name))
        .map(|(folder, _)| format!("{folder}{name}"))
}

/// Runs one program.
pub(crate) async fn run(env: &mut Env, argv: &[String], io: &Io) -> Outcome {
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
    match name {
        "xl" => xl::run(env, args, io).await,
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

/// Runs a command line as root, outside SSH.
pub(crate) async fn run_locally(world: &WorldHandle, command: &str) -> CommandOutput {
    let (out, err) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let io = Io::new(
        Input::empty(),
        Output::Buffer(out.clone()),
        Output::Buffer(err.clone()),
    );
    let status = Env::new(world.clone(), "root".into(), None)
        .run_script(command, io)
        .await;
    let text = |buffer: &Mutex<Vec<u8>>| {
        String::from_utf8_lossy(&buffer.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    };
    CommandOutput {
        stdout: text(&out),
        stderr: text(&err),
        status,
    }
}
