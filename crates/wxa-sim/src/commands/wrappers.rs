//! Programs that run other programs: sudo, sh, timeout, stdbuf, env and kin, and the shell's own builtins.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};

use super::{path_of, spoilt};
use crate::config::SudoPolicy;
use crate::shell::io::{Input, Io};
use crate::shell::{Env, Outcome, Stop};

/// Runs `name` if it is one of these.
pub(crate) async fn run(env: &mut Env, name: &str, args: &[String], io: &Io) -> Option<Outcome> {
    Some(match name {
        "sudo" => sudo(env, args, io).await,
        "sh" | "bash" | "dash" => shell(env, args, io).await,
        "exec" if args.is_empty() => Ok(0),
        "exec" => inner(env, args, io)
            .await
            .and_then(|status| Err(Stop::Exit(status))),
        "timeout" => timeout(env, args, io).await,
        "xargs" => xargs(env, args, io).await,
        "stdbuf" | "nohup" | "setsid" | "nice" | "ionice" | "env" => {
            let mut env = env.clone();
            let rest = skip_options(&mut env, args);
            inner(&mut env, rest, io).await
        }
        "command" if args.first().is_some_and(|arg| arg == "-v") => command_v(args, io).await,
        "command" | "builtin" => inner(env, args, io).await,
        "exit" => Err(Stop::Exit(
            args.first()
                .and_then(|arg| arg.parse().ok())
                .unwrap_or(env.status),
        )),
        "return" | "break" => Err(Stop::Break),
        "continue" => Err(Stop::Continue),
        "export" | "set" | "umask" | "trap" | "unset" | "wait" | "ulimit" | ":" => {
            for (key, value) in args
                .iter()
                .filter_map(|arg| arg.split_once('='))
                .filter(|_| name == "export")
            {
                env.vars.insert(key.to_owned(), value.to_owned());
            }
            Ok(0)
        }
        "cd" => Ok(0),
        "read" => match io.stdin.read_line().await {
            Some(line) => {
                let key = args
                    .iter()
                    .find(|arg| !arg.starts_with('-'))
                    .cloned()
                    .unwrap_or_else(|| "REPLY".into());
                env.vars.insert(key, line);
                Ok(0)
            }
            None => Ok(1),
        },
        _ => return None,
    })
}

fn inner<'a>(env: &'a mut Env, argv: &'a [String], io: &'a Io) -> BoxFuture<'a, Outcome> {
    super::run(env, argv, io).boxed()
}

async fn sudo(env: &Env, args: &[String], io: &Io) -> Outcome {
    let mut rest = args;
    while let Some((option, after)) = rest.split_first().filter(|(option, _)| option.starts_with('-')) {
        rest = if option == "-u" {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
        if option == "--" {
            break;
        }
    }
    let policy = env.world.ask(|world| world.config.sudo).await?;
    if !env.is_root() && policy == SudoPolicy::PasswordNeeded {
        return io.fail("sudo: a password is required\n", 1).await;
    }
    let mut root = env.clone();
    root.user = "root".into();
    match rest.first() {
        None => Ok(0),
        Some(program) if spoilt::find(env, rest).await? == Some(spoilt::Spoilt::Missing) => {
            io.fail(format!("sudo: {program}: command not found\n"), 1).await
        }
        Some(program) if !program.contains('/') && path_of(program).is_none() => {
            io.fail(format!("sudo: {program}: command not found\n"), 1).await
        }
        Some(_) => inner(&mut root, rest, io).await,
    }
}

async fn shell(env: &Env, args: &[String], io: &Io) -> Outcome {
    let script = match args
        .iter()
        .position(|arg| arg.starts_with('-') && arg.ends_with('c'))
    {
        Some(at) => args.get(at + 1).cloned(),
        None => Some(String::from_utf8_lossy(&io.stdin.read_all().await).into_owned()),
    };
    let Some(script) = script else {
        return io.fail("bash: -c: option requires an argument\n", 2).await;
    };
    let mut env = env.clone();
    let outcome: BoxFuture<'_, Outcome> = async { env.script(&script, io).await }.boxed();
    match outcome.await {
        Err(Stop::Exit(status)) => Ok(status),
        Err(Stop::Break | Stop::Continue) => Ok(0),
        other => other,
    }
}

async fn timeout(env: &mut Env, args: &[String], io: &Io) -> Outcome {
    let mut rest = args;
    while let Some((option, after)) = rest.split_first().filter(|(option, _)| option.starts_with('-')) {
        rest = if matches!(option.as_str(), "-k" | "-s") {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
    }
    let Some((limit, command)) = rest.split_first() else {
        return io.fail("timeout: missing operand\n", 125).await;
    };
    let Some(limit) = seconds(limit) else {
        return io
            .fail(format!("timeout: invalid time interval '{limit}'\n"), 125)
            .await;
    };
    if limit.is_zero() {
        return inner(env, command, io).await;
    }
    tokio::time::timeout(limit, inner(env, command, io))
        .await
        .unwrap_or(Ok(124))
}

/// `xargs -0 -n COUNT PROGRAM…`: runs the program each time so many arguments have come.
async fn xargs(env: &mut Env, args: &[String], io: &Io) -> Outcome {
    let [zero, number, count, command @ ..] = args else {
        return io
            .fail(
                "xargs: this simulated host knows `xargs -0 -n COUNT PROGRAM` only\n",
                1,
            )
            .await;
    };
    let Some(count) = count
        .parse::<usize>()
        .ok()
        .filter(|_| zero == "-0" && number == "-n")
    else {
        return io
            .fail(
                "xargs: this simulated host knows `xargs -0 -n COUNT PROGRAM` only\n",
                1,
            )
            .await;
    };
    let child = Io::new(Input::empty(), io.stdout.clone(), io.stderr.clone());
    let (mut words, mut partial) = (command.to_vec(), Vec::new());
    let mut status = 0;
    while let Some(piece) = io.stdin.read().await {
        for byte in piece {
            if byte != 0 {
                partial.push(byte);
                continue;
            }
            words.push(String::from_utf8_lossy(&std::mem::take(&mut partial)).into_owned());
            if words.len() >= command.len() + count {
                if inner(env, &words, &child).await? != 0 {
                    status = 123;
                }
                words.truncate(command.len());
            }
        }
    }
    if words.len() > command.len() && inner(env, &words, &child).await? != 0 {
        status = 123;
    }
    Ok(status)
}

/// A duration as coreutils write it: `5`, `0.5`, `2m`.
pub(crate) fn seconds(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.get(number.len()..).unwrap_or("s")),
        None => (text, "s"),
    };
    let factor = match unit {
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => 1.0,
    };
    let number: f64 = number.parse().ok()?;
    Duration::try_from_secs_f64(number * factor).ok()
}

/// Steps over options and `NAME=value`, which are taken over.
fn skip_options<'a>(env: &mut Env, args: &'a [String]) -> &'a [String] {
    let mut rest = args;
    while let Some((first, after)) = rest.split_first() {
        if let Some((key, value)) = first.split_once('=').filter(|_| !first.starts_with('-')) {
            env.vars.insert(key.to_owned(), value.to_owned());
            rest = after;
        } else if matches!(first.as_str(), "-n" | "-c")
            && after.first().is_some_and(|next| next.parse::<i32>().is_ok())
        {
            rest = after.get(1..).unwrap_or_default();
        } else if first.starts_with('-') {
            rest = after;
        } else {
            break;
        }
    }
    rest
}

async fn command_v(args: &[String], io: &Io) -> Outcome {
    let mut status = 1;
    for name in args.iter().skip(1) {
        let builtin =
            matches!(name.as_str(), "echo" | "printf" | "test" | "true" | "false").then(|| name.clone());
        if let Some(path) = builtin.or_else(|| path_of(name)) {
            io.stdout.print(format!("{path}\n")).await?;
            status = 0;
        }
    }
    Ok(status)
}
