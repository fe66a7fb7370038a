//! `find`, with the tests and formats that listing definitions and logs needs.

use super::absolute;
use crate::shell::expand::name_matches;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::World;
use crate::world::files::Kind;

#[derive(Debug, Clone)]
struct Query {
    follow: bool,
    min_depth: usize,
    max_depth: usize,
    names: Vec<String>,
    kind: Option<char>,
    format: String,
}

/// `find [-L] FOLDER… [-mindepth N] [-maxdepth N] [-type f|l|d] [-name PATTERN [-o -name PATTERN]] [-print0|-printf FORMAT]`.
pub(crate) async fn run(env: &Env, args: &[String], io: &Io) -> Outcome {
    let mut query = Query {
        follow: false,
        min_depth: 0,
        max_depth: 16,
        names: Vec::new(),
        kind: None,
        format: "%p\\n".into(),
    };
    let mut folders = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut value = || rest.next().cloned().unwrap_or_default();
        match arg.as_str() {
            "-L" | "-follow" => query.follow = true,
            "-H" | "-P" | "-print" | "(" | ")" | "-o" | "-a" | "-readable" | "-xdev" => {}
            "-mindepth" => query.min_depth = value().parse().unwrap_or(0),
            "-maxdepth" => query.max_depth = value().parse().unwrap_or(16),
            "-name" => query.names.push(value()),
            "-type" | "-xtype" => query.kind = value().chars().next(),
            "-print0" => query.format = "%p\\0".into(),
            "-printf" => query.format = value(),
            text if text.starts_with('-') => {
                return io.fail(format!("find: unknown predicate `{text}'\n"), 1).await;
            }
            text => folders.push(text.to_owned()),
        }
    }
    if folders.is_empty() {
        folders.push(".".into());
    }
    let mut status = 0;
    for shown in folders {
        let (path, query, title) = (absolute(env, &shown), query.clone(), shown.clone());
        let found = env
            .world
            .ask(move |world| {
                world.files.kind(&path)?;
                let mut out = String::new();
                walk(world, &query, &path, &title, 0, &mut out);
                Some(out)
            })
            .await?;
        match found {
            Some(text) => io.stdout.print(text).await?,
            None => {
                io.stderr
                    .print(format!("find: ‘{shown}’: No such file or directory\n"))
                    .await?;
                status = 1;
            }
        }
    }
    Ok(status)
}

fn walk(world: &World, query: &Query, path: &str, shown: &str, depth: usize, out: &mut String) {
    let real = if query.follow {
        world.files.resolve(path)
    } else {
        path.to_owned()
    };
    // A dangling link is shown as a link even when links are followed.
    let Some(kind) = world.files.kind(&real).or_else(|| world.files.kind(path)) else {
        return;
    };
    let letter = match kind {
        Kind::File => 'f',
        Kind::Folder => 'd',
        Kind::Link => 'l',
    };
    let name = path.rsplit('/').next().unwrap_or("");
    let named = query.names.is_empty() || query.names.iter().any(|pattern| name_matches(pattern, name));
    if depth >= query.min_depth && named && query.kind.is_none_or(|wanted| wanted == letter) {
        out.push_str(&formatted(world, &query.format, &real, shown, letter));
    }
    if kind == Kind::Folder && depth < query.max_depth {
        for child in world.files.names_in(path) {
            let shown = format!("{}/{child}", shown.trim_end_matches('/'));
            walk(world, query, &format!("{path}/{child}"), &shown, depth + 1, out);
        }
    }
}

/// Fills a format of `-printf`.
fn formatted(world: &World, format: &str, real: &str, shown: &str, letter: char) -> String {
    let file = world.files.get(real);
    let modified = world.epoch + file.map_or(0.0, |file| file.modified.as_secs_f64());
    let changed = world.epoch + file.map_or(0.0, |file| file.changed.as_secs_f64());
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match (
            c,
            if matches!(c, '%' | '\\') {
                chars.next()
            } else {
                None
            },
        ) {
            ('%', Some('p')) => out.push_str(shown),
            ('%', Some('f')) => out.push_str(shown.rsplit('/').next().unwrap_or("")),
            ('%', Some('s')) => out.push_str(&file.map_or(4096, |file| file.content.len()).to_string()),
            ('%', Some('i')) => out.push_str(&file.map_or(131, |file| file.inode).to_string()),
            ('%', Some('D')) => out.push_str("65024"),
            ('%', Some('y')) => out.push(letter),
            ('%', Some('m')) => out.push_str(&format!("{:o}", file.map_or(0o755, |file| file.mode))),
            ('%', Some('l')) => out.push_str(&if letter == 'l' {
                world.files.resolve(shown)
            } else {
                String::new()
            }),
            ('%', Some('T')) => match chars.next() {
                Some('@') => out.push_str(&format!("{modified:.10}")),
                _ => out.push_str(&crate::clock::iso_line(modified)),
            },
            ('%', Some('C')) => {
                chars.next();
                out.push_str(&format!("{changed:.10}"));
            }
            ('%', Some(other)) => out.push(other),
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('0')) => out.push('\0'),
            ('\\', Some(other)) => out.push(other),
            (c, _) => out.push(c),
        }
    }
    out
}
