//! `xl create`.

use super::config_json::{self, Origin};
use super::{has, missing, operands};
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::create::CreateError;
use crate::world::domain::Phase;
use crate::world::files::clean;

/// `xl create [-p] [-n] [-q] [-F] [-c] FILE [key=value…]`.
pub(crate) async fn create(env: &Env, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &["-f", "--defconfig"]);
    let named = args
        .iter()
        .position(|arg| arg == "-f")
        .and_then(|at| args.get(at + 1))
        .map(String::as_str);
    let Some(path) = named.or(words.first().copied()).map(str::to_owned) else {
        return missing("create", io).await;
    };
    let (paused, dry) = (has(args, 'p', "--paused"), has(args, 'n', "--dryrun"));
    let quiet = has(args, 'q', "--quiet");
    let text = if path == "/dev/stdin" || path == "-" {
        Some(io.stdin.read_all().await)
    } else {
        let wanted = clean(&path);
        env.world
            .ask(move |world| world.files.get(&wanted).map(|file| file.content.clone()))
            .await?
    };
    let Some(text) = text else {
        return io
            .fail(
                format!("Failed to read config file: {path}: No such file or directory\n"),
                3,
            )
            .await;
    };
    if !quiet {
        io.stderr.print(format!("Parsing config from {path}\n")).await?;
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    for extra in words.iter().filter(|word| word.contains('=')) {
        text += &format!("\n{extra}");
    }
    let made = env
        .world
        .ask(move |world| -> Result<Made, CreateError> {
            let config = world.read_definition(&text, &path)?;
            if dry {
                let name = config.name.clone();
                return Ok(Made::Read(
                    config_json::config(&config, &name, Origin::DryRun).text(0) + "\n",
                ));
            }
            let domid = world.create(config)?;
            if paused {
                world.pause(domid);
            }
            Ok(Made::Domain(domid))
        })
        .await?;
    match made {
        Err(CreateError { stderr, status }) => io.fail(stderr, status).await,
        Ok(Made::Read(json)) => io.done(json).await,
        Ok(Made::Domain(domid)) => {
            let built = env
                .world
                .wait_for(move |world| match world.domains.get(&domid) {
                    None => Some(false),
                    Some(domain) => (domain.phase != Phase::Building).then_some(true),
                })
                .await?;
            if built {
                return Ok(0);
            }
            io.fail(format!("libxl: error: libxl_create.c:1640:domcreate_rebuild_done: Domain {domid}:cannot (re-)build domain: -3\n"), 3).await
        }
    }
}

enum Made {
    Domain(u32),
    Read(String),
}
