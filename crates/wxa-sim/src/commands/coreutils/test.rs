//! `test` and `[`.

use super::{absolute, readable};
use crate::shell::io::Io;
use crate::shell::{Env, Outcome, Stop};
use crate::world::files::Kind;

/// Runs the program.
pub(crate) async fn run(env: &Env, name: &str, args: &[String], io: &Io) -> Outcome {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let words = match (name, words.split_last()) {
        ("[", Some((&"]", rest))) => rest.to_vec(),
        ("[", _) => return io.fail("bash: line 1: [: missing `]'\n", 2).await,
        _ => words,
    };
    // Alternatives of conjunctions, without parentheses.
    for alternative in words.split(|word| *word == "-o") {
        let mut all = true;
        for term in alternative.split(|word| *word == "-a") {
            all = all && holds(env, term).await?;
        }
        if all {
            return Ok(0);
        }
    }
    Ok(1)
}

async fn holds(env: &Env, words: &[&str]) -> Result<bool, Stop> {
    Ok(match words {
        [] => false,
        ["!", rest @ ..] => !Box::pin(holds(env, rest)).await?,
        ["-n", text] | [text] => !text.is_empty(),
        ["-z", text] => text.is_empty(),
        [left, "=" | "==", right] => left == right,
        [left, "!=", right] => left != right,
        [left, operator, right] => {
            let (left, right): (i64, i64) = (left.parse().unwrap_or(0), right.parse().unwrap_or(0));
            match *operator {
                "-eq" => left == right,
                "-ne" => left != right,
                "-gt" => left > right,
                "-ge" => left >= right,
                "-lt" => left < right,
                "-le" => left <= right,
                _ => false,
            }
        }
        ["-t", _] => env.tty.is_some(),
        [operator, path] => {
            let (operator, path, root) = ((*operator).to_owned(), absolute(env, path), env.is_root());
            let allowed = readable(env, &path);
            env.world
                .ask(move |world| {
                    let link = world.files.kind(&path);
                    let real = world.files.kind(&world.files.resolve(&path));
                    let device = path == "/dev/null"
                        || world.domains.values().any(|domain| domain.console.tty == path);
                    match operator.as_str() {
                        "-e" => real.is_some() || device,
                        "-f" => real == Some(Kind::File),
                        "-d" => real == Some(Kind::Folder),
                        "-h" | "-L" => link == Some(Kind::Link),
                        "-r" => (real.is_some() || device) && allowed,
                        "-w" => (real.is_some() || device) && root,
                        "-s" => world
                            .files
                            .get(&path)
                            .is_some_and(|file| !file.content.is_empty()),
                        "-c" => device,
                        "-x" => {
                            path.starts_with("/usr/sbin/")
                                && crate::commands::path_of(path.rsplit('/').next().unwrap_or("")).is_some()
                        }
                        _ => false,
                    }
                })
                .await?
        }
        _ => false,
    })
}
