//! `cat`, `ls`, `stat`, `readlink`, `mkdir`, `touch`, `rm`, `cp`, `mv`, `ln`, `chmod`, `tee`.

use super::{absolute, readable};
use crate::shell::io::{Io, Output};
use crate::shell::{Env, Outcome, Stop};
use crate::world::World;
use crate::world::files::Kind;

/// Runs one of them.
pub(crate) async fn run(env: &Env, name: &str, args: &[String], io: &Io) -> Outcome {
    match name {
        "cat" => cat(env, args, io).await,
        "ls" => ls(env, args, io).await,
        "stat" => stat(env, args, io).await,
        "tee" => tee(env, args, io).await,
        "readlink" => {
            let Some(path) = args.iter().find(|arg| !arg.starts_with('-')) else {
                return Ok(1);
            };
            let path = absolute(env, path);
            let target = env
                .world
                .ask(move |world| world.files.kind(&path).map(|_| world.files.resolve(&path)))
                .await?;
            match target {
                Some(target) => io.done(format!("{target}\n")).await,
                None => Ok(1),
            }
        }
        _ => change(env, name, args, io).await,
    }
}

/// The content of a file, or why it cannot be read.
pub(crate) async fn content(env: &Env, path: &str) -> Result<Result<Vec<u8>, &'static str>, Stop> {
    let path = absolute(env, path);
    if !readable(env, &path) {
        return Ok(Err("Permission denied"));
    }
    Ok(env
        .world
        .ask(move |world| match world.files.get(&path) {
            Some(file) if file.mode == 0 => Err("Permission denied"),
            Some(file) => Ok(file.content.clone()),
            None if path == "/dev/null" => Ok(Vec::new()),
            None if path == "/proc/uptime" => Ok(format!(
                "{:.2} 0.00\n",
                world.now.saturating_sub(world.booted_at).as_secs_f64()
            )
            .into_bytes()),
            None if world.files.kind(&path) == Some(Kind::Folder) => Err("Is a directory"),
            None => Err("No such file or directory"),
        })
        .await?)
}

async fn cat(env: &Env, args: &[String], io: &Io) -> Outcome {
    let paths: Vec<&String> = args
        .iter()
        .filter(|arg| !arg.starts_with('-') || *arg == "-")
        .collect();
    let mut status = 0;
    if paths.is_empty() {
        while let Some(piece) = io.stdin.read().await {
            io.stdout.write(&piece).await?;
        }
    }
    for path in paths {
        if path == "-" {
            while let Some(piece) = io.stdin.read().await {
                io.stdout.write(&piece).await?;
            }
            continue;
        }
        let device = absolute(env, path);
        let guest = env
            .world
            .ask(move |world| {
                world
                    .domains
                    .values()
                    .find(|domain| domain.console.tty == device)
                    .map(|domain| domain.domid)
            })
            .await?;
        if let Some(domid) = guest {
            let Some(mut output) = env.world.ask(move |world| world.read_console(domid)).await? else {
                continue;
            };
            while let Some(piece) = output.recv().await {
                io.stdout.write(&piece).await?;
            }
            continue;
        }
        match content(env, path).await? {
            Ok(bytes) => io.stdout.write(&bytes).await?,
            Err(why) => {
                io.stderr.print(format!("cat: {path}: {why}\n")).await?;
                status = 1;
            }
        }
    }
    Ok(status)
}

async fn tee(env: &Env, args: &[String], io: &Io) -> Outcome {
    let outputs: Vec<Output> = args
        .iter()
        .filter(|arg| !arg.starts_with('-'))
        .map(|path| Output::File(env.world.clone(), absolute(env, path)))
        .collect();
    while let Some(piece) = io.stdin.read().await {
        io.stdout.write(&piece).await?;
        for output in &outputs {
            output.write(&piece).await?;
        }
    }
    Ok(0)
}

async fn ls(env: &Env, args: &[String], io: &Io) -> Outcome {
    let long = args.iter().any(|arg| arg.starts_with('-') && arg.contains('l'));
    let hidden = args
        .iter()
        .any(|arg| arg.starts_with('-') && (arg.contains('a') || arg.contains('A')));
    let itself = args.iter().any(|arg| arg.starts_with('-') && arg.contains('d'));
    let mut paths: Vec<String> = args.iter().filter(|arg| !arg.starts_with('-')).cloned().collect();
    if paths.is_empty() {
        paths.push(".".into());
    }
    let many = paths.len() > 1;
    let mut status = 0;
    for shown in paths {
        let path = absolute(env, &shown);
        let title = shown.clone();
        let listing = env
            .world
            .ask(
                move |world| match world.files.kind(&world.files.resolve(&path))? {
                    Kind::Folder if !itself => {
                        let names: Vec<String> = world
                            .files
                            .names_in(&path)
                            .into_iter()
                            .filter(|name| hidden || !name.starts_with('.'))
                            .collect();
                        let lines = names.iter().map(|name| {
                            if long {
                                long_line(world, &format!("{path}/{name}"), name)
                            } else {
                                format!("{name}\n")
                            }
                        });
                        let head = if many {
                            format!("{title}:\n")
                        } else {
                            String::new()
                        };
                        let total = if long {
                            format!("total {}\n", names.len() * 4)
                        } else {
                            String::new()
                        };
                        Some(head + &total + &lines.collect::<String>())
                    }
                    _ => Some(if long {
                        long_line(world, &path, &title)
                    } else {
                        format!("{title}\n")
                    }),
                },
            )
            .await?;
        match listing {
            Some(text) => io.stdout.print(text).await?,
            None => {
                io.stderr
                    .print(format!(
                        "ls: cannot access '{shown}': No such file or directory\n"
                    ))
                    .await?;
                status = 2;
            }
        }
    }
    Ok(status)
}

fn long_line(world: &World, path: &str, name: &str) -> String {
    let size = world.files.get(path).map_or(4096, |file| file.content.len());
    match world.files.kind(path) {
        Some(Kind::Link) => format!(
            "lrwxrwxrwx 1 root root {size:>6} Nov 23 07:01 {name} -> {}\n",
            world.files.resolve(path)
        ),
        Some(Kind::Folder) => format!("drwxr-xr-x 2 root root {size:>6} Nov 23 07:01 {name}\n"),
        _ => {
            let (mode, group) = if world.files.get(path).is_some_and(|file| file.mode == 0o640) {
                ("-rw-r-----", "adm")
            } else {
                ("-rw-r--r--", "root")
            };
            format!("{mode} 1 root {group} {size:>6} Nov 23 07:01 {name}\n")
        }
    }
}

async fn stat(env: &Env, args: &[String], io: &Io) -> Outcome {
    let mut rest = args.iter();
    let (mut format, mut paths, mut newline, mut follow) = ("%n %s".to_owned(), Vec::new(), "\n", false);
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-c" => format = rest.next().cloned().unwrap_or_default(),
            "-L" => follow = true,
            "-Lc" => {
                follow = true;
                format = rest.next().cloned().unwrap_or_default();
            }
            _ => match arg
                .strip_prefix("--format=")
                .or_else(|| arg.strip_prefix("-c"))
                .map(str::to_owned)
                .or_else(|| {
                    arg.strip_prefix("--printf=").map(|text| {
                        newline = "";
                        text.replace("\\n", "\n")
                            .replace("\\0", "\0")
                            .replace("\\t", "\t")
                    })
                }) {
                Some(text) => format = text,
                None if !arg.starts_with("--") => paths.push(arg.clone()),
                None => {}
            },
        }
    }
    let mut status = 0;
    for shown in paths {
        let (path, format) = (absolute(env, &shown), format.clone());
        let title = shown.clone();
        match env
            .world
            .ask(move |world| facts(world, &path, &title, &format, follow))
            .await?
        {
            Some(text) => io.stdout.print(text + newline).await?,
            None => {
                io.stderr
                    .print(format!(
                        "stat: cannot statx '{shown}': No such file or directory\n"
                    ))
                    .await?;
                status = 1;
            }
        }
    }
    Ok(status)
}

/// Fills a format of `stat -c`.
fn facts(world: &World, path: &str, shown: &str, format: &str, follow: bool) -> Option<String> {
    let real = world.files.resolve(path);
    let path = if follow { real.as_str() } else { path };
    let kind = world.files.kind(path)?;
    let file = world.files.get(path);
    let modified = world.epoch + file.map_or(0.0, |file| file.modified.as_secs_f64());
    let (mode, name) = match kind {
        Kind::Folder => (0o755, "directory"),
        Kind::Link => (0o777, "symbolic link"),
        Kind::File => (file.map_or(0o644, |file| file.mode), "regular file"),
    };
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push_str(shown),
            Some('s') => out.push_str(&file.map_or(4096, |file| file.content.len()).to_string()),
            Some('Y') => out.push_str(&(modified as i64).to_string()),
            Some('.') => {
                let rest: String = chars.by_ref().take_while(|c| !c.is_ascii_alphabetic()).collect();
                let digits: usize = rest.parse().unwrap_or(9);
                out.push_str(&format!("{modified:.digits$}"));
            }
            Some('i') => out.push_str(&file.map_or(131, |file| file.inode).to_string()),
            Some('d') => out.push_str("65024"),
            Some('a') => out.push_str(&format!("{mode:o}")),
            Some('F') => out.push_str(name),
            Some('U' | 'G') => out.push_str("root"),
            Some('u' | 'g') => out.push('0'),
            Some('y') => out.push_str(&crate::clock::iso_line(modified)),
            Some('%') => out.push('%'),
            Some(other) => out.push(other),
            None => out.push('%'),
        }
    }
    Some(out)
}

async fn change(env: &Env, name: &str, args: &[String], io: &Io) -> Outcome {
    let mode = args.first().and_then(|mode| u32::from_str_radix(mode, 8).ok());
    let mode = mode.filter(|_| name == "chmod");
    let paths: Vec<String> = args
        .iter()
        .skip(usize::from(mode.is_some()))
        .filter(|arg| !arg.starts_with('-'))
        .map(|path| absolute(env, path))
        .collect();
    if !env.is_root() && paths.iter().any(|path| !path.starts_with("/tmp/")) {
        return io
            .fail(
                format!(
                    "{name}: cannot touch '{}': Permission denied\n",
                    paths.first().cloned().unwrap_or_default()
                ),
                1,
            )
            .await;
    }
    let program = name.to_owned();
    let (name, forced) = (
        name.to_owned(),
        args.iter().any(|arg| arg.starts_with('-') && arg.contains('f')),
    );
    let missing = env
        .world
        .ask(move |world| {
            match (name.as_str(), paths.as_slice()) {
                ("ln", [target, link]) => {
                    world.files.link(link, target);
                    return None;
                }
                ("cp" | "mv", [from, to]) => {
                    let now = world.now;
                    let done = if name == "mv" {
                        world.files.rename(from, to, now)
                    } else {
                        world.files.copy(from, to, now)
                    };
                    world.file_changes.send_modify(|count| *count += 1);
                    return (!done).then(|| from.clone());
                }
                _ => {}
            }
            for path in paths {
                match name.as_str() {
                    "mkdir" => world.files.make_folder(&path),
                    "touch" if world.files.kind(&path).is_none() => {
                        world.files.write(&path, Vec::new(), world.now)
                    }
                    "chmod" if !world.files.set_mode(&path, mode.unwrap_or(0o644), world.now) => {
                        return Some(path);
                    }
                    "rm" if !world.files.remove(&path) && !forced => return Some(path),
                    _ => {}
                }
            }
            world.file_changes.send_modify(|count| *count += 1);
            None
        })
        .await?;
    match missing {
        Some(path) => {
            let what = match program.as_str() {
                "cp" | "mv" => "cannot stat",
                _ => "cannot remove",
            };
            io.fail(
                format!("{program}: {what} '{path}': No such file or directory\n"),
                1,
            )
            .await
        }
        None => Ok(0),
    }
}
