//! Runs a parsed command line.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt, join_all};
use tokio::sync::mpsc;

use super::expand::{Field, matches};
use super::io::{Input, Io, Output};
use super::parser::{Node, Piece, Quoting, Redirect, Word, parse};
use super::{Env, Outcome, Stop};
use crate::commands;
use crate::world::files::clean;

/// Most rounds of a loop; nobody needs more here, and a loop without end would spin.
const MAX_ROUNDS: usize = 100_000;

impl Env {
    /// Parses and runs.
    pub(crate) async fn script(&mut self, script: &str, io: &Io) -> Outcome {
        match parse(script) {
            Ok(node) => self.node(&node, io).await,
            Err(token) if token.starts_with("unexpected") => {
                io.fail(format!("bash: -c: line 1: {token}\n"), 2).await
            }
            Err(token) => {
                io.fail(
                    format!("bash: -c: line 1: syntax error near unexpected token `{token}'\n"),
                    2,
                )
                .await
            }
        }
    }

    fn node<'a>(&'a mut self, node: &'a Node, io: &'a Io) -> BoxFuture<'a, Outcome> {
        async move {
            let status = match node {
                Node::Simple {
                    assigns,
                    words,
                    redirects,
                } => self.simple(assigns, words, redirects, io).await?,
                Node::Sequence(nodes) => {
                    let mut status = 0;
                    for node in nodes {
                        status = self.node(node, io).await?;
                    }
                    status
                }
                Node::And(left, right) => match self.node(left, io).await? {
                    0 => self.node(right, io).await?,
                    status => status,
                },
                Node::Or(left, right) => match self.node(left, io).await? {
                    0 => 0,
                    _ => self.node(right, io).await?,
                },
                Node::Not(inner) => i32::from(self.node(inner, io).await? == 0),
                Node::Pipeline(parts) => self.pipeline(parts, io).await?,
                Node::For { name, words, body } => {
                    let mut status = 0;
                    for value in self.fields(words).await? {
                        self.vars.insert(name.clone(), value);
                        match self.node(body, io).await {
                            Ok(last) => status = last,
                            Err(Stop::Continue) => {}
                            Err(Stop::Break) => break,
                            Err(stop) => return Err(stop),
                        }
                    }
                    status
                }
                Node::If {
                    test,
                    then,
                    otherwise,
                } => {
                    let branch = if self.node(test, io).await? == 0 {
                        then
                    } else {
                        otherwise
                    };
                    self.node(branch, io).await?
                }
                Node::While { test, body } => {
                    let mut status = 0;
                    for _ in 0..MAX_ROUNDS {
                        if self.node(test, io).await? != 0 {
                            break;
                        }
                        match self.node(body, io).await {
                            Ok(last) => status = last,
                            Err(Stop::Continue) => {}
                            Err(Stop::Break) => break,
                            Err(stop) => return Err(stop),
                        }
                    }
                    status
                }
                Node::Group { body, redirects } => match self.redirected(redirects, io).await? {
                    Ok(io) => self.node(body, &io).await?,
                    Err(message) => io.fail(message, 1).await?,
                },
                Node::Subshell { body, redirects } => match self.redirected(redirects, io).await? {
                    Ok(io) => match self.clone().node(body, &io).await {
                        Err(Stop::Exit(status)) => status,
                        other => other?,
                    },
                    Err(message) => io.fail(message, 1).await?,
                },
            };
            self.status = status;
            Ok(status)
        }
        .boxed()
    }

    async fn pipeline(&mut self, parts: &[Node], io: &Io) -> Outcome {
        let mut stdin = io.stdin.clone();
        let mut running = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let mut own = io.clone();
            own.stdin = stdin.clone();
            if index + 1 < parts.len() {
                let (writer, reader) = mpsc::channel(16);
                own.stdout = Output::Pipe(writer);
                stdin = Input::from_queue(reader);
            }
            let mut env = self.clone();
            running.push(async move {
                let outcome = env.node(part, &own).await;
                drop(own);
                outcome
            });
        }
        drop(stdin);
        let outcomes = join_all(running).await;
        match outcomes.last() {
            Some(Ok(status) | Err(Stop::Exit(status))) => Ok(*status),
            Some(Err(stop)) => Err(*stop),
            None => Ok(0),
        }
    }

    async fn simple(
        &mut self,
        assigns: &[(String, Word)],
        words: &[Word],
        redirects: &[Redirect],
        io: &Io,
    ) -> Outcome {
        let argv = self.fields(words).await?;
        let mut values = Vec::new();
        for (name, word) in assigns {
            values.push((name.clone(), self.joined(word).await?));
        }
        let io = match self.redirected(redirects, io).await? {
            Ok(io) => io,
            Err(message) => return io.fail(message, 1).await,
        };
        if argv.is_empty() {
            self.vars.extend(values);
            return Ok(0);
        }
        let kept = self.vars.clone();
        let scoped = !values.is_empty();
        self.vars.extend(values);
        let outcome = commands::run(self, &argv, &io).await;
        if scoped {
            self.vars = kept;
        }
        outcome
    }

    /// The streams after redirections; the inner error is a message for the user.
    async fn redirected(&mut self, redirects: &[Redirect], io: &Io) -> Result<Result<Io, String>, Stop> {
        let mut io = io.clone();
        for redirect in redirects {
            match redirect {
                Redirect::Read(word) => {
                    let path = self.joined(word).await?;
                    match self.open(&path).await? {
                        Some(content) => io.stdin = Input::from_bytes(content),
                        None => return Ok(Err(format!("bash: line 1: {path}: No such file or directory\n"))),
                    }
                }
                Redirect::Text(word) => {
                    io.stdin = Input::from_bytes(Bytes::from(self.joined(word).await? + "\n"))
                }
                Redirect::Write { fd, append, target } => {
                    let path = self.joined(target).await?;
                    let output = match path.as_str() {
                        "/dev/null" => Output::Null,
                        "/dev/stdout" => io.stdout.clone(),
                        "/dev/stderr" => io.stderr.clone(),
                        _ if !self.is_root() && !path.starts_with("/tmp/") => {
                            return Ok(Err(format!("bash: line 1: {path}: Permission denied\n")));
                        }
                        _ => {
                            let path = clean(&path);
                            if !append {
                                let path = path.clone();
                                self.world
                                    .ask(move |world| {
                                        if !path.starts_with("/dev/") {
                                            world.files.write(&path, Vec::new(), world.now)
                                        }
                                    })
                                    .await?;
                            }
                            Output::File(self.world.clone(), path)
                        }
                    };
                    if *fd == 2 {
                        io.stderr = output
                    } else {
                        io.stdout = output
                    }
                }
                Redirect::Copy { fd: 2, from: 1 } => io.stderr = io.stdout.clone(),
                Redirect::Copy { fd: 1, from: 2 } => io.stdout = io.stderr.clone(),
                Redirect::Copy { .. } => {}
            }
        }
        Ok(Ok(io))
    }

    async fn open(&self, path: &str) -> Result<Option<Bytes>, Stop> {
        if path == "/dev/null" {
            return Ok(Some(Bytes::new()));
        }
        let path = clean(path);
        Ok(self
            .world
            .ask(move |world| {
                world
                    .files
                    .get(&path)
                    .map(|file| Bytes::copy_from_slice(&file.content))
            })
            .await?)
    }

    async fn joined(&mut self, word: &Word) -> Result<String, Stop> {
        let fields = self.split(word).await?;
        Ok(fields.iter().map(Field::text).collect::<Vec<_>>().join(" "))
    }

    /// Words expanded, split and matched against files.
    async fn fields(&mut self, words: &[Word]) -> Result<Vec<String>, Stop> {
        let mut out = Vec::new();
        for word in words {
            for field in self.split(word).await? {
                let found = if field.is_pattern() {
                    self.glob(&field).await?
                } else {
                    Vec::new()
                };
                if found.is_empty() {
                    out.push(field.text())
                } else {
                    out.extend(found)
                }
            }
        }
        Ok(out)
    }

    async fn split(&mut self, word: &Word) -> Result<Vec<Field>, Stop> {
        let mut fields = vec![Field::default()];
        for piece in word {
            let (text, quoted) = match piece {
                Piece::Text(text) => (text.clone(), false),
                Piece::Quoted(text) => (text.clone(), true),
                Piece::Var(name, quoting) => (self.value(name), *quoting == Quoting::Quoted),
                Piece::Command(script, quoting) => {
                    (self.captured(script).await?, *quoting == Quoting::Quoted)
                }
            };
            let splits = !quoted && !matches!(piece, Piece::Text(_));
            for c in text.chars() {
                if splits && c.is_whitespace() {
                    fields.push(Field::default());
                } else if let Some(field) = fields.last_mut() {
                    field.chars.push((c, quoted));
                }
            }
            if quoted && let Some(field) = fields.last_mut() {
                field.kept = true;
            }
        }
        fields.retain(|field| field.kept || !field.chars.is_empty());
        Ok(fields)
    }

    fn value(&self, name: &str) -> String {
        match name {
            "?" => self.status.to_string(),
            "$" => "1999".into(),
            "#" => "0".into(),
            "0" => "bash".into(),
            _ => {
                let (name, fallback) = name
                    .split_once(":-")
                    .or_else(|| name.split_once('-'))
                    .unwrap_or((name, ""));
                self.vars
                    .get(name)
                    .filter(|value| !value.is_empty())
                    .cloned()
                    .unwrap_or_else(|| fallback.to_owned())
            }
        }
    }

    /// A command's output, without its last newlines.
    fn captured<'a>(&'a mut self, script: &'a str) -> BoxFuture<'a, Result<String, Stop>> {
        async move {
            let buffer = Arc::new(Mutex::new(Vec::new()));
            let io = Io::new(Input::empty(), Output::Buffer(buffer.clone()), Output::Null);
            match self.clone().script(script, &io).await {
                Ok(status) | Err(Stop::Exit(status)) => self.status = status,
                Err(stop) => return Err(stop),
            }
            let bytes = std::mem::take(&mut *buffer.lock().unwrap_or_else(PoisonError::into_inner));
            Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
        }
        .boxed()
    }

    /// The files a pattern stands for, folder by folder.
    async fn glob(&self, field: &Field) -> Result<Vec<String>, Stop> {
        let parts: Vec<Vec<(char, bool)>> =
            field.chars.split(|(c, _)| *c == '/').map(<[_]>::to_vec).collect();
        if parts.first().is_none_or(|first| !first.is_empty()) {
            return Ok(Vec::new());
        }
        Ok(self
            .world
            .ask(move |world| {
                let mut paths = vec![String::new()];
                for part in parts.iter().skip(1) {
                    let mut next = Vec::new();
                    for path in &paths {
                        let folder = if path.is_empty() { "/" } else { path.as_str() };
                        let pattern = part.iter().any(|(c, quoted)| !quoted && "*?".contains(*c));
                        let literal: String = part.iter().map(|(c, _)| *c).collect();
                        if !pattern {
                            next.push(format!("{path}/{literal}"));
                            continue;
                        }
                        for name in world.files.names_in(folder) {
                            let chars: Vec<char> = name.chars().collect();
                            if (!name.starts_with('.') || literal.starts_with('.')) && matches(part, &chars) {
                                next.push(format!("{path}/{name}"));
                            }
                        }
                    }
                    paths = next;
                }
                paths.retain(|path| world.files.kind(path).is_some());
                paths
            })
            .await?)
    }
}
