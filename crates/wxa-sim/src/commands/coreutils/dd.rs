//! `dd` from its input to a file that exists or to a guest's terminal.

use super::absolute;
use crate::shell::io::{Io, Output};
use crate::shell::{Env, Outcome};

/// `dd of=FILE [bs=N] [oflag=…] [conv=…] [status=none]`; without `of=` it copies to its output.
pub(crate) async fn run(env: &Env, args: &[String], io: &Io) -> Outcome {
    let value = |key: &str| args.iter().find_map(|arg| arg.strip_prefix(key));
    let output = match value("of=") {
        None => io.stdout.clone(),
        Some(path) => {
            let path = absolute(env, path);
            let there = path.clone();
            let must_exist = value("conv=").is_some_and(|conv| conv.split(',').any(|word| word == "nocreat"));
            let exists = env
                .world
                .ask(move |world| world.files.get(&there).is_some() || world.domains.values().any(|domain| domain.console.tty == there))
                .await?;
            if must_exist && !exists {
                return io.fail(format!("dd: failed to open '{path}': No such file or directory\n"), 1).await;
            }
            Output::File(env.world.clone(), path)
        }
    };
    while let Some(piece) = io.stdin.read().await {
        output.write(&piece).await?;
    }
    Ok(0)
}
