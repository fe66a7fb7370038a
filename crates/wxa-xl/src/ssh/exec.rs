//! One command: bounded in time and in what it may print.
use super::{Channel, Connection, errors};
use bytes::Bytes;
use russh::ChannelMsg;
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::{Error, ErrorKind};

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
    /// Bytes on stdout; more is an error.
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
        let channel = self.channel().await?;
        let acts = limits.effect == Effect::Acts;
        match timeout(limits.time, self.collect(channel, &line, input, limits.stdout)).await {
            Ok(Err(error)) if acts && error.kind == ErrorKind::Unreachable => Err(Error::new(
                ErrorKind::TimedOut { maybe_done: true },
                format!("The connection was lost during `{line}`."),
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
        mut channel: Channel,
        line: &str,
        input: Bytes,
        most: usize,
    ) -> Result<Output, Error> {
        let writer = channel.writer().map_err(|_| self.lost())?;
        writer.exec(true, line).await.map_err(|_| self.lost())?;
        if !input.is_empty() {
            writer.data_bytes(input).await.map_err(|_| self.lost())?;
        }
        writer.eof().await.map_err(|_| self.lost())?;
        let mut output = Output::default();
        let mut ended = false;
        while let Some(message) = channel.wait().await {
            match message {
                ChannelMsg::Data { data } => {
                    if output.stdout.len() + data.len() > most {
                        return Err(Error::new(
                            ErrorKind::Malformed,
                            format!("The host's answer to `{line}` is longer than {most} bytes."),
                        ));
                    }
                    output.stdout.extend_from_slice(&data);
                }
                ChannelMsg::ExtendedData { data, .. } => {
                    let room = STDERR.saturating_sub(output.stderr.len());
                    output.stderr.push_str(&String::from_utf8_lossy(
                        data.get(..room.min(data.len())).unwrap_or_default(),
                    ));
                }
                ChannelMsg::ExitStatus { exit_status } => {
                    output.status = Some(exit_status);
                    ended = true;
                }
                ChannelMsg::ExitSignal { .. } => ended = true,
                ChannelMsg::Failure => {
                    return Err(Error::new(
                        ErrorKind::PermissionDenied,
                        "The host's SSH server runs no commands for this account.",
                    ));
                }
                ChannelMsg::Close => break,
                _ => {}
            }
        }
        if ended { Ok(output) } else { Err(self.lost()) }
    }
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
