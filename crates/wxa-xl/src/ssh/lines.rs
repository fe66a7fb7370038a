//! A command that goes on printing lines for as long as we listen.
use super::{Channel, Connection};
use russh::{ChannelMsg, Pty};
use std::collections::VecDeque;
use wxa_driver::Error;

/// The longest line that is kept; the rest of a longer one is dropped.
const LONGEST: usize = 8 << 10;
/// What is kept of stderr.
const STDERR: usize = 2 << 10;

/// How a streaming command is ended when we stop listening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtEnd {
    /// It writes often and ends at the next write.
    Pipe,
    /// It may be quiet for days: it runs on a terminal, so that it is hung up at once. Its complaints come as lines.
    HangUp,
}

/// Lines of a running command.
#[derive(Debug)]
pub(crate) struct Lines {
    channel: Channel,
    line: String,
    partial: Vec<u8>,
    ready: VecDeque<String>,
    stderr: String,
    status: Option<u32>,
}

impl Connection {
    /// Starts a command that streams.
    ///
    /// # Errors
    /// As for opening a session.
    pub(crate) async fn stream(&self, words: &[&str], end: AtEnd) -> Result<Lines, Error> {
        let line = self.command_line(words);
        let channel = self.channel().await?;
        let writer = channel.writer().map_err(|_| self.lost())?;
        if end == AtEnd::HangUp {
            writer
                .request_pty(false, "dumb", 80, 24, 0, 0, &[(Pty::ECHO, 0), (Pty::OPOST, 0)])
                .await
                .map_err(|_| self.lost())?;
        }
        writer.exec(true, line.as_str()).await.map_err(|_| self.lost())?;
        Ok(Lines {
            channel,
            line,
            partial: Vec::new(),
            ready: VecDeque::new(),
            stderr: String::new(),
            status: None,
        })
    }
}

impl Lines {
    /// The next line, without its end; none when the command or the connection has ended. Safe to cancel.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Some(line);
            }
            match self.channel.wait().await? {
                ChannelMsg::Data { data } => self.take(&data),
                ChannelMsg::ExtendedData { data, .. } => {
                    let room = STDERR.saturating_sub(self.stderr.len());
                    self.stderr.push_str(&String::from_utf8_lossy(
                        data.get(..room.min(data.len())).unwrap_or_default(),
                    ));
                }
                ChannelMsg::ExitStatus { exit_status } => self.status = Some(exit_status),
                ChannelMsg::Close => return None,
                _ => {}
            }
        }
    }

    /// What it said when it ended, for an error.
    pub(crate) fn ended(&self) -> Error {
        crate::parse::stderr::to_error(&format!("`{}`", self.line), self.status, &self.stderr)
    }

    /// Whether the command itself ended, rather than the connection.
    pub(crate) fn command_ended(&self) -> bool {
        self.status.is_some()
    }

    fn take(&mut self, data: &[u8]) {
        for &byte in data {
            if byte == b'\n' {
                self.ready
                    .push_back(String::from_utf8_lossy(&self.partial).into_owned());
                self.partial.clear();
            } else if self.partial.len() < LONGEST {
                self.partial.push(byte);
            }
        }
    }
}
