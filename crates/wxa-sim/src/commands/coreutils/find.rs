//! `find`, with the tests, actions and formats that listing definitions and reading logs need.

mod expression;
mod format;

use futures::future::{BoxFuture, FutureExt};

use super::absolute;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome, Stop};
use crate::world::World;
use crate::world::files::Kind;
use expression::{Act, Entry, Expression};
use format::formatted;

#[derive(Debug, Clone)]
struct Query {
    follow: bool,
    min_depth: usize,
    max_depth: usize,
    expression: Expression,
}

/// Something to do, in order.
#[derive(Debug)]
enum Deed {
    Print(String),
    Run(Vec<String>),
}

/// `find [-H|-L|-P] FOLDER… [-mindepth N] [-maxdepth N] [-follow] [EXPRESSION]`.
pub(crate) async fn run(env: &mut Env, args: &[String], io: &Io) -> Outcome {
    let mut follow = false;
    let (mut min_depth, mut max_depth) = (0, 16);
    let (mut folders, mut words) = (Vec::new(), Vec::new());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let begun = !words.is_empty();
        match arg.as_str() {
            "-L" if !begun => follow = true,
            "-H" | "-P" if !begun => {}
            "-follow" => follow = true,
            "-mindepth" => min_depth = rest.next().and_then(|depth| depth.parse().ok()).unwrap_or(0),
            "-maxdepth" => max_depth = rest.next().and_then(|depth| depth.parse().ok()).unwrap_or(16),
            text if begun || text.starts_with('-') || matches!(text, "(" | "!") => {
                words.push(text.to_owned())
            }
            text => folders.push(text.to_owned()),
        }
    }
    let expression = match expression::parse(&words) {
        Ok(expression) => expression,
        Err(why) => return io.fail(format!("find: {why}\n"), 1).await,
    };
    let query = Query {
        follow,
        min_depth,
        max_depth,
        expression,
    };
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
                let mut deeds = Vec::new();
                walk(world, &query, &path, &title, 0, &mut deeds);
                Some(deeds)
            })
            .await?;
        match found {
            Some(deeds) => perform(env, deeds, io).await?,
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

fn perform<'a>(env: &'a mut Env, deeds: Vec<Deed>, io: &'a Io) -> BoxFuture<'a, Result<(), Stop>> {
    async move {
        let mut text = String::new();
        for deed in deeds {
            match deed {
                Deed::Print(more) => text.push_str(&more),
                Deed::Run(words) => {
                    io.stdout.print(std::mem::take(&mut text)).await?;
                    crate::commands::run(env, &words, io).await?;
                }
            }
        }
        io.stdout.print(text).await
    }
    .boxed()
}

fn walk(world: &World, query: &Query, path: &str, shown: &str, depth: usize, deeds: &mut Vec<Deed>) {
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
    let file = world.files.get(&real);
    let changed = file.map_or(world.now, |file| world.now.saturating_sub(file.changed));
    let entry = Entry {
        name: path.rsplit('/').next().unwrap_or(""),
        shown,
        kind: letter,
        inode: file.map_or(131, |file| file.inode),
        age: changed.as_secs_f64() / 60.0,
    };
    let mut outcome = expression::Outcome::default();
    if depth >= query.min_depth {
        query.expression.holds(&entry, &mut outcome);
    }
    deeds.extend(outcome.acts.into_iter().map(|act| match act {
        Act::Print(format) => Deed::Print(formatted(world, &format, &real, shown, letter)),
        Act::Run(words) => Deed::Run(words),
    }));
    if kind == Kind::Folder && depth < query.max_depth && !outcome.pruned {
        for child in world.files.names_in(path) {
            let shown = format!("{}/{child}", shown.trim_end_matches('/'));
            walk(world, query, &format!("{path}/{child}"), &shown, depth + 1, deeds);
        }
    }
}
