//! `grep`, `wc`, `sort`, `tr`, `cut`: enough for pipes.

use super::files::content;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};

/// Runs one of them.
pub(crate) async fn run(env: &Env, name: &str, args: &[String], io: &Io) -> Outcome {
    let options: String = args.iter().filter_map(|arg| arg.strip_prefix('-')).collect();
    let mut words: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    if name == "tr" {
        let all = io.stdin.read_all().await;
        let from = words
            .first()
            .map_or("", |word| word.as_str())
            .replace("\\n", "\n")
            .replace("\\0", "\0");
        let to = words
            .get(1)
            .map_or("", |word| word.as_str())
            .replace("\\n", "\n")
            .replace("\\0", "\0");
        let text = String::from_utf8_lossy(&all);
        let out: String = text
            .chars()
            .filter_map(|c| match from.chars().position(|candidate| candidate == c) {
                Some(_) if options.contains('d') => None,
                Some(at) => to.chars().nth(at).or_else(|| to.chars().last()),
                None => Some(c),
            })
            .collect();
        return io.done(out).await;
    }
    let pattern = if name == "grep" && !words.is_empty() {
        words.remove(0).clone()
    } else {
        String::new()
    };
    if name == "grep" && options.contains('q') && words.is_empty() {
        while let Some(line) = io.stdin.read_line().await {
            if found(&line, &pattern, &options) {
                return Ok(0);
            }
        }
        return Ok(1);
    }
    let mut all = Vec::new();
    let mut status = 0;
    for path in &words {
        match content(env, path).await? {
            Ok(bytes) => all.extend(bytes),
            Err(why) => {
                io.stderr.print(format!("{name}: {path}: {why}\n")).await?;
                status = 2;
            }
        }
    }
    if words.is_empty() {
        all = io.stdin.read_all().await;
    }
    let text = String::from_utf8_lossy(&all).into_owned();
    match name {
        "wc" if options.contains('c') => io.stdout.print(format!("{}\n", all.len())).await?,
        "wc" => {
            io.stdout
                .print(format!("{}\n", text.matches('\n').count()))
                .await?
        }
        "sort" => {
            let mut lines: Vec<&str> = text.lines().collect();
            lines.sort_unstable();
            if options.contains('u') {
                lines.dedup();
            }
            io.stdout
                .print(lines.iter().map(|line| format!("{line}\n")).collect::<String>())
                .await?;
        }
        "grep" => {
            let hits: Vec<&str> = text
                .lines()
                .filter(|line| found(line, &pattern, &options))
                .collect();
            if options.contains('c') {
                io.stdout.print(format!("{}\n", hits.len())).await?;
            } else if !options.contains('q') {
                io.stdout
                    .print(hits.iter().map(|line| format!("{line}\n")).collect::<String>())
                    .await?;
            }
            if status == 0 {
                status = i32::from(hits.is_empty());
            }
        }
        _ => {
            let delimiter = options
                .split('d')
                .nth(1)
                .and_then(|rest| rest.chars().next())
                .unwrap_or('\t');
            let field: usize = options
                .split('f')
                .nth(1)
                .and_then(|rest| rest.chars().next())
                .and_then(|c| c.to_digit(10))
                .unwrap_or(1) as usize;
            let cut = |line: &str| {
                line.split(delimiter)
                    .nth(field.saturating_sub(1))
                    .unwrap_or("")
                    .to_owned()
                    + "\n"
            };
            io.stdout.print(text.lines().map(cut).collect::<String>()).await?;
        }
    }
    Ok(status)
}

/// Plain text, with `^` and `$` at the ends.
fn found(line: &str, pattern: &str, options: &str) -> bool {
    let (line, pattern) = if options.contains('i') {
        (line.to_lowercase(), pattern.to_lowercase())
    } else {
        (line.to_owned(), pattern.to_owned())
    };
    let hit = match (pattern.strip_prefix('^'), pattern.strip_suffix('$')) {
        (Some(rest), None) => line.starts_with(rest),
        (None, Some(rest)) => line.ends_with(rest),
        (Some(_), Some(_)) => line == pattern.trim_start_matches('^').trim_end_matches('$'),
        (None, None) if options.contains('x') => line == pattern,
        (None, None) => line.contains(&pattern),
    };
    hit != options.contains('v')
}
