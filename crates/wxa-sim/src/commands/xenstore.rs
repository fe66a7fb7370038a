//! `xenstore-ls`, `-list`, `-read`, `-watch` and the few others.

use crate::shell::io::Io;
use crate::shell::{Env, Outcome, Stop};
use crate::world::World;

/// Runs `xenstore-NAME`, or `xenstore NAME`.
pub(crate) async fn run(env: &Env, name: &str, args: &[String], io: &Io) -> Outcome {
    let (sub, args) = match (name.strip_prefix("xenstore-"), args.split_first()) {
        (Some(sub), _) => (sub.to_owned(), args),
        (None, Some((sub, rest))) => (sub.clone(), rest),
        (None, None) => return io.fail("Usage: xenstore <command> [...]\n", 1).await,
    };
    if !env.is_root() {
        return io
            .fail("xs_open: Permission denied\nxenstore: Permission denied\n", 1)
            .await;
    }
    match sub.as_str() {
        "ls" => ls(env, args, io).await,
        "list" | "read" => each(env, &sub, args, io).await,
        "exists" => {
            let paths = args.to_vec();
            Ok(env
                .world
                .ask(move |world| {
                    i32::from(paths.iter().any(|path| world.store.read(&whole(path)).is_none()))
                })
                .await?)
        }
        "watch" => watch(env, args, io).await,
        "write" => {
            for pair in args.chunks(2) {
                if let [path, value] = pair {
                    let (path, value) = (whole(path), value.clone());
                    env.world
                        .ask(move |world| world.store.write(&path, value))
                        .await?;
                }
            }
            Ok(0)
        }
        "rm" => {
            for path in args.iter().filter(|arg| !arg.starts_with('-')) {
                let path = whole(path);
                env.world.ask(move |world| world.store.remove(&path)).await?;
            }
            Ok(0)
        }
        other => io.fail(format!("xenstore: unknown command {other}\n"), 1).await,
    }
}

/// Relative paths are below Domain-0.
fn whole(path: &str) -> String {
    let path = if path.starts_with('/') || path.starts_with('@') {
        path.to_owned()
    } else {
        format!("/local/domain/0/{path}")
    };
    if path.len() > 1 {
        path.trim_end_matches('/').to_owned()
    } else {
        path
    }
}

async fn each(env: &Env, sub: &str, args: &[String], io: &Io) -> Outcome {
    let mut status = 0;
    let with_prefix = args.iter().any(|arg| arg == "-p");
    for shown in args.iter().filter(|arg| !arg.starts_with('-')) {
        let (path, list) = (whole(shown), sub == "list");
        let answer = env
            .world
            .ask(move |world| {
                let value = if path == "/" {
                    Some("")
                } else {
                    world.store.read(&path)
                };
                value.map(|value| {
                    if list {
                        children(world, &path)
                            .iter()
                            .map(|name| format!("{name}\n"))
                            .collect()
                    } else {
                        format!("{value}\n")
                    }
                })
            })
            .await?;
        match answer {
            Some(text) if with_prefix => io.stdout.print(format!("{shown}: {text}")).await?,
            Some(text) => io.stdout.print(text).await?,
            None if sub == "list" => {
                io.stderr
                    .print(format!("xenstore-list: could not list path {shown}\n"))
                    .await?;
                status = 1;
            }
            None => {
                io.stderr
                    .print(format!("xenstore-read: couldn't read path {shown}\n"))
                    .await?;
                status = 1;
            }
        }
    }
    Ok(status)
}

fn children(world: &World, path: &str) -> Vec<String> {
    let prefix = if path == "/" { "/".len() } else { path.len() + 1 };
    let mut names: Vec<String> = world
        .store
        .below(path)
        .filter_map(|(node, _)| node.get(prefix..))
        .filter(|rest| !rest.contains('/'))
        .map(str::to_owned)
        .collect();
    names.dedup();
    names
}

async fn ls(env: &Env, args: &[String], io: &Io) -> Outcome {
    let full = args.iter().any(|arg| arg.starts_with('-') && arg.contains('f'));
    let perms = args.iter().any(|arg| arg.starts_with('-') && arg.contains('p'));
    let shown = args
        .iter()
        .find(|arg| !arg.starts_with('-'))
        .cloned()
        .unwrap_or_else(|| "/".into());
    let root = whole(&shown);
    let text = env
        .world
        .ask(move |world| {
            if root == "/" || world.store.read(&root).is_some() {
                Some(tree(world, &root, full, perms))
            } else {
                None
            }
        })
        .await?;
    match text {
        Some(text) => io.done(text).await,
        None => {
            io.fail(format!("xenstore-ls: could not access {shown}\n"), 1)
                .await
        }
    }
}

fn tree(world: &World, root: &str, full: bool, perms: bool) -> String {
    let mut nodes: Vec<(&str, &str)> = world.store.below(root).collect();
    if root == "/" {
        nodes.splice(0..0, [("/@introduceDomain", ""), ("/@releaseDomain", "")]);
    }
    // The store's own order is by path; the real one walks the tree, children of a node before its next sibling.
    nodes.sort_by(|a, b| a.0.split('/').cmp(b.0.split('/')));
    let depth_of_root = if root == "/" {
        1
    } else {
        root.matches('/').count() + 1
    };
    let mut out = String::new();
    for (path, value) in nodes {
        let value = value.escape_default();
        if full {
            out += &format!("{path} = \"{value}\"");
        } else {
            let depth = path.matches('/').count() - depth_of_root;
            let name = path.rsplit('/').next().unwrap_or("");
            out += &format!("{:depth$}{name} = \"{value}\"", "");
        }
        if perms {
            let reader = path
                .strip_prefix("/local/domain/")
                .and_then(|rest| rest.split('/').next())
                .filter(|domid| *domid != "0");
            out += &reader.map_or("   (n0)".to_owned(), |domid| format!("   (n0,r{domid})"));
        }
        out.push('\n');
    }
    out
}

async fn watch(env: &Env, args: &[String], io: &Io) -> Outcome {
    let mut rest = args.iter();
    let (mut count, mut paths) = (None, Vec::new());
    while let Some(arg) = rest.next() {
        match arg.strip_prefix("-n") {
            Some("") => count = rest.next().and_then(|count| count.parse::<u64>().ok()),
            Some(number) => count = number.parse().ok(),
            None if arg.starts_with('-') => {}
            None => paths.push(whole(arg)),
        }
    }
    if paths.is_empty() {
        return io.fail("Usage: xenstore-watch [-h] [-n NR] key [...]\n", 1).await;
    }
    let mut events = env.world.ask(move |world| world.store.watch(&paths)).await?;
    let mut seen = 0;
    loop {
        let event = events.recv().await.ok_or(Stop::Gone)?;
        io.stdout.print(format!("{event}\n")).await?;
        seen += 1;
        if count.is_some_and(|count| seen >= count) {
            return Ok(0);
        }
    }
}
