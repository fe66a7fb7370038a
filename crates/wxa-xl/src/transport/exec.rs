//! One command: bounded in time and in what it may print.
use super::{Connection, Process, Reader, Said, Terminal};
use crate::ssh::errors;
use bytes::Bytes;
use std::{convert::Infallible, future::pending, time::Duration};
use tokio::time::timeout;
use wxa_driver::{Error, ErrorKind};

/// What a command that acts may print at all before it is no longer waited for.
const ENDLESS: usize = 16 << 20;
/// How much a command may print on stderr before the rest is dropped.
const STDERR: usize = 16 << 10;

/// Whether a command changes something: then no answer means that it may have been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It only reads.
    None,
    /// It acts.
    Acts,
}

/// What a command may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Until it must have ended.
    pub(crate) time: Duration,
    /// Bytes on stdout; more is an error, or left out where the command acts.
    pub(crate) stdout: usize,
    /// Whether it changes something.
    pub(crate) effect: Effect,
}

/// What a command said.
#[derive(Debug, Default)]
pub(crate) struct Output {
    /// Exit status; none when it was killed.
    pub(crate) status: Option<u32>,
    /// Its output.
    pub(crate) stdout: Vec<u8>,
    /// Its complaints, bounded.
    pub(crate) stderr: String,
}

impl Output {
    /// Its output as text, invalid bytes replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl Connection {
    /// Runs a command to its end.
    ///
    /// # Errors
    /// `TimedOut`, `Unreachable`, `Malformed` when it prints more than it may. What its exit status means is the
    /// caller's to say.
    pub(crate) async fn run(&self, words: &[&str], limits: Limits) -> Result<Output, Error> {
        self.run_with_input(words, Bytes::new(), limits).await
    }

    /// Runs a command that reads `input`.
    ///
    /// # Errors
    /// As for [`Self::run`].
    pub(crate) async fn run_with_input(
        &self,
        words: &[&str],
        input: Bytes,
        limits: Limits,
    ) -> Result<Output, Error> {
        let line = self.command_line(words);
        let process = self.start(words, Terminal::None).await?;
        let acts = limits.effect == Effect::Acts;
        match timeout(limits.time, self.collect(process, &line, input, limits)).await {
            // However it was lost: what was asked for may have been done.
            Ok(Err(error)) if acts && is_lost(&error) => Err(Error::new(
                ErrorKind::TimedOut { maybe_done: true },
                format!("The connection was lost during `{line}`: {error}"),
            )
            .with_source(error)),
            Ok(result) => result,
            Err(_) => Err(errors::command_timed_out(&line, limits.time, acts)),
        }
    }

    /// Runs a command that only reads and must succeed; its output as text.
    ///
    /// # Errors
    /// As for [`Self::run`], and what the host said when it failed.
    pub(crate) async fn read(&self, words: &[&str], stdout: usize) -> Result<String, Error> {
        let output = self.run(words, Limits::read(stdout)).await?;
        if output.status == Some(0) {
            return Ok(output.text());
        }
        Err(crate::parse::stderr::to_error(
            &format!("`{}`", self.command_line(words)),
            output.status,
            &output.stderr,
        ))
    }

    async fn collect(
        &self,
        mut process: Process,
        line: &str,
        bytes: Bytes,
        limits: Limits,
    ) -> Result<Output, Error> {
        let (printed, mut input) = process.halves();
        // Whoever reads no more has ended or will: its exit status tells.
        let feed = async {
            if !bytes.is_empty() {
                let _ = input.write(bytes).await;
            }
            input.close().await;
            pending::<Infallible>().await
        };
        tokio::select! {
            output = self.gather(printed, line, limits) => output,
            never = feed => match never {},
        }
    }

    async fn gather(&self, mut reader: Reader<'_>, line: &str, limits: Limits) -> Result<Output, Error> {
        let mut output = Output::default();
        let mut ended = false;
        let most = limits.stdout;
        let mut printed = 0usize;
        while let Some(said) = reader.next().await {
            match said {
                Said::Out(data) => {
                    printed = printed.saturating_add(data.len());
                    let room = most.saturating_sub(output.stdout.len());
                    if data.len() > room && limits.effect == Effect::None {
                        return Err(Error::new(
                            ErrorKind::Malformed,
                            format!("The host's answer to `{line}` is longer than {most} bytes."),
                        ));
                    }
                    if printed > ENDLESS {
                        return Err(Error::new(
                            ErrorKind::TimedOut { maybe_done: true },
                            format!("`{line}` prints without end: it is not known whether it was done."),
                        ));
                    }
                    output
                        .stdout
                        .extend_from_slice(data.get(..room.min(data.len())).unwrap_or_default());
                }
                Said::Err(data) => {
                    let room = STDERR.saturating_sub(output.stderr.len());
                    output.stderr.push_str(&String::from_utf8_lossy(
                        data.get(..room.min(data.len())).unwrap_or_default(),
                    ));
                }
                Said::Ended(status) => {
                    output.status = status;
                    ended = true;
                }
                Said::Refused => {
                    return Err(Error::new(
                        ErrorKind::PermissionDenied,
                        "The host's SSH server runs no commands for this account.",
                    ));
                }
            }
        }
        if ended { Ok(output) } else { Err(self.lost()) }
    }
}

/// Whether the connection went away, or the host fell silent.
fn is_lost(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Unreachable | ErrorKind::TimedOut { maybe_done: false }
    )
}

impl Limits {
    /// For a command that only reads and is quick.
    pub(crate) fn read(stdout: usize) -> Self {
        Self {
            time: Duration::from_secs(30),
            stdout,
            effect: Effect::None,
        }
    }

    /// For a command that acts.
    pub(crate) fn act(time: Duration) -> Self {
        Self {
            time,
            stdout: 64 << 10,
            effect: Effect::Acts,
        }
    }
}
