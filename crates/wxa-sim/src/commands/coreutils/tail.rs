//! `tail` and `head`; `tail -F` follows files by name, through rotation and before they exist.

use std::collections::BTreeMap;

use super::files::content;
use super::{absolute, readable};
use crate::shell::io::Io;
use crate::shell::{Env, Outcome, Stop};

/// How much to show of each file.
#[derive(Debug, Clone, Copy)]
enum Part {
    LastBytes(usize),
    FromByte(usize),
    LastLines(usize),
    FromLine(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Headers {
    Auto,
    Always,
    Never,
}

/// `tail [-c N|+N] [-n N|+N] [-f|-F] [-q|-v] [FILE…]`.
pub(crate) async fn tail(env: &Env, args: &[String], io: &Io) -> Outcome {
    let (mut part, mut follow, mut by_name, mut headers) = (Part::LastLines(10), false, false, Headers::Auto);
    let mut paths = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let letters = arg
            .strip_prefix('-')
            .filter(|letters| !letters.is_empty() && !letters.starts_with('-'));
        if let Some(letters) = letters {
            for (at, letter) in letters.char_indices() {
                match letter {
                    'F' => (follow, by_name) = (true, true),
                    'f' => follow = true,
                    'q' => headers = Headers::Never,
                    'v' => headers = Headers::Always,
                    'c' | 'n' | 's' => {
                        let attached = letters
                            .get(at + 1..)
                            .filter(|text| !text.is_empty())
                            .map(str::to_owned);
                        let value = attached.or_else(|| rest.next().cloned()).unwrap_or_default();
                        if letter != 's' {
                            part = part_of(letter, &value);
                        }
                        break;
                    }
                    digit if digit.is_ascii_digit() => {
                        part = part_of('n', letters);
                        break;
                    }
                    other => return io.fail(format!("tail: invalid option -- '{other}'\n"), 1).await,
                }
            }
        } else if let Some(value) = arg.strip_prefix("--lines=") {
            part = part_of('n', value);
        } else if let Some(value) = arg.strip_prefix("--bytes=") {
            part = part_of('c', value);
        } else if arg == "--follow=name" {
            (follow, by_name) = (true, true);
        } else if arg == "--quiet" {
            headers = Headers::Never;
        } else if !arg.starts_with("--") {
            paths.push(arg.clone());
        }
    }
    if paths.is_empty() {
        let all = io.stdin.read_all().await;
        io.stdout.write(cut(&all, part)).await?;
        return Ok(0);
    }
    let titled = headers == Headers::Always || (headers == Headers::Auto && paths.len() > 1);
    let mut follower = Follower {
        env,
        io,
        titled,
        last: None,
        places: BTreeMap::new(),
    };
    let mut changes = env.world.file_changes();
    let mut status = 0;
    for path in &paths {
        changes.mark_unchanged();
        match content(env, path).await? {
            Ok(bytes) => follower.begin(path, &bytes, part).await?,
            Err(why) => {
                io.stderr
                    .print(format!("tail: cannot open '{path}' for reading: {why}\n"))
                    .await?;
                status = 1;
            }
        }
    }
    if !follow {
        return Ok(status);
    }
    if !by_name && follower.places.is_empty() {
        return io.fail("tail: no files remaining\n", 1).await;
    }
    loop {
        changes.changed().await.map_err(|_| Stop::Gone)?;
        changes.mark_unchanged();
        for path in &paths {
            follower.go_on(path).await?;
        }
    }
}

/// Where the reader of several files is.
struct Follower<'a> {
    env: &'a Env,
    io: &'a Io,
    titled: bool,
    last: Option<String>,
    /// Inode and bytes already shown.
    places: BTreeMap<String, (u64, usize)>,
}

impl Follower<'_> {
    async fn begin(&mut self, path: &str, bytes: &[u8], part: Part) -> Result<(), Stop> {
        let inode = self.inode(path).await?;
        self.title(path).await?;
        self.io.stdout.write(cut(bytes, part)).await?;
        self.places.insert(path.to_owned(), (inode, bytes.len()));
        Ok(())
    }

    async fn inode(&self, path: &str) -> Result<u64, Stop> {
        let path = absolute(self.env, path);
        Ok(self
            .env
            .world
            .ask(move |world| world.files.get(&path).map_or(0, |file| file.inode))
            .await?)
    }

    async fn go_on(&mut self, path: &str) -> Result<(), Stop> {
        let absolute = absolute(self.env, path);
        if !readable(self.env, &absolute) {
            return Ok(());
        }
        let place = self.places.get(path).copied();
        let news = self
            .env
            .world
            .ask(move |world| {
                let file = world.files.get(&absolute)?;
                let from = match place {
                    Some((inode, shown)) if inode == file.inode && shown <= file.content.len() => shown,
                    _ => 0,
                };
                Some((
                    file.inode,
                    file.content.len(),
                    file.content.get(from..).unwrap_or_default().to_vec(),
                ))
            })
            .await?;
        let Some((inode, length, bytes)) = news else {
            return Ok(());
        };
        match place {
            None => {
                self.io
                    .stderr
                    .print(format!("tail: '{path}' has appeared;  following new file\n"))
                    .await?
            }
            Some((old, _)) if old != inode => {
                self.io
                    .stderr
                    .print(format!("tail: '{path}' has been replaced;  following new file\n"))
                    .await?
            }
            Some((_, shown)) if shown > length => {
                self.io
                    .stderr
                    .print(format!("tail: {path}: file truncated\n"))
                    .await?
            }
            Some(_) => {}
        }
        if !bytes.is_empty() {
            self.title(path).await?;
            self.io.stdout.write(&bytes).await?;
        }
        self.places.insert(path.to_owned(), (inode, length));
        Ok(())
    }

    /// `==> FILE <==` when another file was shown before.
    async fn title(&mut self, path: &str) -> Result<(), Stop> {
        if !self.titled || self.last.as_deref() == Some(path) {
            return Ok(());
        }
        let gap = if self.last.is_some() { "\n" } else { "" };
        self.last = Some(path.to_owned());
        self.io.stdout.print(format!("{gap}==> {path} <==\n")).await
    }
}

fn part_of(letter: char, value: &str) -> Part {
    let from_start = value.starts_with('+');
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let factor = match value.chars().last() {
        Some('k' | 'K') => 1024,
        Some('M') => 1 << 20,
        _ => 1,
    };
    let number = digits.parse::<usize>().unwrap_or(10).saturating_mul(factor);
    match (letter, from_start) {
        ('c', true) => Part::FromByte(number),
        ('c', false) => Part::LastBytes(number),
        (_, true) => Part::FromLine(number),
        (_, false) => Part::LastLines(number),
    }
}

fn cut(bytes: &[u8], part: Part) -> &[u8] {
    let from = match part {
        Part::LastBytes(count) => bytes.len().saturating_sub(count),
        Part::FromByte(number) => number.saturating_sub(1),
        Part::FromLine(number) => match number.checked_sub(2) {
            None => 0,
            Some(skip) => bytes
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
                .nth(skip)
                .map_or(bytes.len(), |(at, _)| at + 1),
        },
        Part::LastLines(0) => bytes.len(),
        Part::LastLines(count) => {
            let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            body.iter()
                .enumerate()
                .rev()
                .filter(|(_, byte)| **byte == b'\n')
                .nth(count - 1)
                .map_or(0, |(at, _)| at + 1)
        }
    };
    bytes.get(from..).unwrap_or_default()
}

/// `head [-c N] [-n N] [-v] [FILE…]`: a title before each of several files, or before each with `-v`.
pub(crate) async fn head(env: &Env, args: &[String], io: &Io) -> Outcome {
    let (mut letter, mut number, mut paths, mut always) = ('n', 10, Vec::new(), false);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let option = arg
            .strip_prefix("-c")
            .map(|value| ('c', value))
            .or_else(|| arg.strip_prefix("-n").map(|value| ('n', value)));
        if let Some((which, value)) = option {
            letter = which;
            let value = if value.is_empty() {
                rest.next().cloned().unwrap_or_default()
            } else {
                value.to_owned()
            };
            number = value.parse().unwrap_or(10);
        } else if let Some(count) = arg.strip_prefix('-').and_then(|digits| digits.parse().ok()) {
            number = count;
        } else if arg == "-v" {
            always = true;
        } else if !arg.starts_with('-') {
            paths.push(arg.clone());
        }
    }
    let mut status = 0;
    if paths.is_empty() {
        // Stops reading as soon as it has enough, so that the writer hears of it.
        let mut left = number;
        while left > 0 {
            let Some(piece) = io.stdin.read().await else { break };
            let taken = first(&piece, letter, left);
            left -= if letter == 'c' {
                taken.len()
            } else {
                taken.iter().filter(|byte| **byte == b'\n').count()
            };
            io.stdout.write(taken).await?;
        }
    }
    let titled = always || paths.len() > 1;
    let mut gap = "";
    for path in paths {
        match content(env, &path).await? {
            Ok(bytes) => {
                if titled {
                    io.stdout.print(format!("{gap}==> {path} <==\n")).await?;
                    gap = "\n";
                }
                io.stdout.write(first(&bytes, letter, number)).await?;
            }
            Err(why) => {
                io.stderr
                    .print(format!("head: cannot open '{path}' for reading: {why}\n"))
                    .await?;
                status = 1;
            }
        }
    }
    Ok(status)
}

fn first(bytes: &[u8], letter: char, number: usize) -> &[u8] {
    let end = match letter {
        'c' => number,
        _ if number == 0 => 0,
        _ => bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(number - 1)
            .map_or(bytes.len(), |(at, _)| at + 1),
    };
    bytes.get(..end.min(bytes.len())).unwrap_or_default()
}
