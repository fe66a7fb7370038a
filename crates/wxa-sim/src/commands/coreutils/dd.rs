//! `dd`: copies a piece of a file, or writes its standard input to one.

use super::files::content;
use super::{absolute, readable};
use crate::shell::io::{Io, Output};
use crate::shell::{Env, Outcome};

/// `dd [if=FILE] [of=FILE] [skip=N] [count=N] [bs=N] [iflag=skip_bytes,count_bytes] [conv=notrunc]…`. It says nothing of what it did.
pub(crate) async fn run(env: &Env, args: &[String], io: &Io) -> Outcome {
    let value = |key: &str| {
        args.iter()
            .rev()
            .find_map(|arg| arg.strip_prefix(key)?.strip_prefix('='))
    };
    let flag =
        |key: &str, flag: &str| value(key).is_some_and(|flags| flags.split(',').any(|one| one == flag));
    let block = value("bs").and_then(size).unwrap_or(512);
    let unit = |flagged: bool| if flagged { 1 } else { block };
    let skip = value("skip").and_then(size).unwrap_or(0);
    let skip = skip.saturating_mul(unit(flag("iflag", "skip_bytes")));
    let count = value("count").and_then(size);
    let count = count.map(|count| count.saturating_mul(unit(flag("iflag", "count_bytes"))));
    let bytes = match value("if") {
        Some(path) => match content(env, path).await? {
            Ok(bytes) if bytes.len() < skip => {
                return io
                    .fail(format!("dd: '{path}': cannot skip to specified offset\n"), 0)
                    .await;
            }
            Ok(bytes) => bytes,
            Err(why) => return io.fail(format!("dd: failed to open '{path}': {why}\n"), 1).await,
        },
        None => io.stdin.read_all().await,
    };
    let piece = bytes.get(skip.min(bytes.len())..).unwrap_or_default();
    let piece = piece
        .get(..count.unwrap_or(usize::MAX).min(piece.len()))
        .unwrap_or_default();
    let Some(target) = value("of") else {
        io.stdout.write(piece).await?;
        return Ok(0);
    };
    let path = absolute(env, target);
    if !readable(env, &path) || (!env.is_root() && !path.starts_with("/tmp/")) {
        return io
            .fail(format!("dd: failed to open '{target}': Permission denied\n"), 1)
            .await;
    }
    if !path.starts_with("/dev/") && !flag("conv", "notrunc") {
        let path = path.clone();
        env.world
            .ask(move |world| world.files.write(&path, Vec::new(), world.now))
            .await?;
    }
    Output::File(env.world.clone(), path).write(piece).await?;
    Ok(0)
}

/// A number as dd reads it: `4096`, `64k`.
fn size(text: &str) -> Option<usize> {
    let (digits, factor) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1024),
        None => (
            text.strip_suffix('M').unwrap_or(text),
            if text.ends_with('M') { 1 << 20 } else { 1 },
        ),
    };
    digits.parse::<usize>().ok()?.checked_mul(factor)
}
