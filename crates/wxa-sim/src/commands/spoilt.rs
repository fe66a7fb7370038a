//! Commands that misbehave: `/etc/sim/faults` names them, one a line, as [`crate::SimHost::spoil`] describes.

use std::time::Duration;

use futures::future::FutureExt;
use tokio::sync::mpsc;

use crate::dice::Dice;
use crate::shell::io::{Io, Output};
use crate::shell::{Env, Outcome, Stop, Way};

/// Where the host's faults stand.
pub(crate) const FAULTS: &str = "/etc/sim/faults";
/// Between two bytes of a slow command.
const SLOWLY: Duration = Duration::from_millis(100);

/// How a command misbehaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spoilt {
    Missing,
    Hangs,
    Garbage,
    Endless,
    Truncated(usize),
    Slow,
    Prints(String),
    Complains,
    Fails(i32, String),
}

/// How this command misbehaves, if it does.
pub(crate) async fn find(env: &Env, argv: &[String]) -> Result<Option<Spoilt>, Stop> {
    if env.way == Way::Local {
        return Ok(None);
    }
    let words = argv.to_vec();
    let find = move |world: &mut crate::world::World| {
        let file = world.files.get(FAULTS)?;
        of(&String::from_utf8_lossy(&file.content), &words)
    };
    Ok(env.world.ask(find).await?)
}

/// The line that names most of the command decides.
fn of(faults: &str, argv: &[String]) -> Option<Spoilt> {
    let fits = |line: &str| {
        let (command, how) = line.split_once(": ")?;
        let mut words: Vec<&str> = command.split_whitespace().collect();
        let whole = words.last() == Some(&"$");
        words.truncate(words.len() - usize::from(whole));
        let same = words.len() <= argv.len() && words.iter().zip(argv).all(|(word, arg)| word == arg);
        (same && (!whole || words.len() == argv.len())).then_some((words.len(), how.trim().to_owned()))
    };
    let (_, how) = faults
        .lines()
        .filter_map(fits)
        .max_by_key(|(length, _)| *length)?;
    let (how, more) = how.split_once(' ').unwrap_or((&how, ""));
    Some(match how {
        "missing" => Spoilt::Missing,
        "hangs" => Spoilt::Hangs,
        "garbage" => Spoilt::Garbage,
        "endless" => Spoilt::Endless,
        "truncated" => Spoilt::Truncated(more.parse().unwrap_or(100)),
        "slow" => Spoilt::Slow,
        "prints" => Spoilt::Prints(more.to_owned()),
        "complains" => Spoilt::Complains,
        "fails" => {
            let (status, words) = more.split_once(' ').unwrap_or((more, ""));
            Spoilt::Fails(status.parse().unwrap_or(1), words.replace("\\n", "\n"))
        }
        _ => return None,
    })
}

/// Misbehaves.
pub(crate) async fn run(spoilt: Spoilt, env: &mut Env, argv: &[String], io: &Io) -> Outcome {
    let name = argv.first().map_or("", String::as_str);
    match spoilt {
        Spoilt::Missing => {
            io.fail(format!("bash: line 1: {name}: command not found\n"), 127)
                .await
        }
        Spoilt::Hangs => std::future::pending().await,
        Spoilt::Garbage => {
            io.stdout.write(&noise()).await?;
            Ok(0)
        }
        Spoilt::Endless => without_end(&io.stdout).await,
        Spoilt::Complains => without_end(&io.stderr).await,
        Spoilt::Truncated(most) => through(env, argv, io, most, Duration::ZERO).await,
        Spoilt::Slow => through(env, argv, io, usize::MAX, SLOWLY).await,
        Spoilt::Prints(path) => {
            let read = move |world: &mut crate::world::World| {
                world.files.get(&path).map(|file| file.content.clone())
            };
            let content = env.world.ask(read).await?.unwrap_or_default();
            io.stdout.write(&content).await?;
            Ok(0)
        }
        Spoilt::Fails(status, words) => io.fail(format!("{words}\n"), status).await,
    }
}

/// Bytes of every kind, with a line's end now and then.
fn noise() -> Vec<u8> {
    let mut dice = Dice::new(1, "noise");
    (0..512).flat_map(|_| dice.next().to_le_bytes()).collect()
}

async fn without_end(output: &Output) -> Outcome {
    let noise = noise();
    loop {
        output.write(&noise).await?;
        // The host itself goes on beside it.
        tokio::task::yield_now().await;
    }
}

/// Runs the program, but passes on so many bytes only, with a pause after each.
async fn through(env: &mut Env, argv: &[String], io: &Io, most: usize, pause: Duration) -> Outcome {
    let (writer, mut printed) = mpsc::channel(16);
    let own = Io {
        stdout: Output::Pipe(writer),
        ..io.clone()
    };
    let program = async move {
        let outcome = super::honestly(env, argv, &own).await;
        drop(own);
        outcome
    };
    let mut program = program.boxed();
    let (mut left, mut ended) = (most, None);
    while left > 0 {
        tokio::select! {
            piece = printed.recv() => {
                let Some(piece) = piece else { break };
                let kept = piece.get(..left.min(piece.len())).unwrap_or_default();
                left -= kept.len();
                let step = if pause.is_zero() { kept.len().max(1) } else { 1 };
                for bytes in kept.chunks(step) {
                    io.stdout.write(bytes).await?;
                    tokio::time::sleep(pause).await;
                }
            }
            outcome = &mut program, if ended.is_none() => ended = Some(outcome),
        }
    }
    ended.unwrap_or(Ok(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_line_decides() {
        let faults = "xl: missing\nxl list: truncated 7\nxl list $: fails 3 no\\nway\nnonsense\n";
        let of = |command: &str| {
            let words: Vec<String> = command.split(' ').map(str::to_owned).collect();
            of(faults, &words)
        };
        assert_eq!(of("xl info"), Some(Spoilt::Missing));
        assert_eq!(of("xl list -l"), Some(Spoilt::Truncated(7)));
        assert_eq!(of("xl list"), Some(Spoilt::Fails(3, "no\nway".to_owned())));
        assert_eq!(of("xentop -b"), None);
    }
}
