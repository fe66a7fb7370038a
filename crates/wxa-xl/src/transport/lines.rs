//! A command that goes on printing lines for as long as we listen.
use super::{Connection, Process, Said, Terminal};
use std::collections::VecDeque;
use wxa_driver::Error;

/// The longest line that is kept; the rest of a longer one is dropped.
const LONGEST: usize = 16 << 10;
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
    process: Process,
    line: String,
    partial: Vec<u8>,
    ready: VecDeque<String>,
    stderr: String,
    ended: bool,
    status: Option<u32>,
}

impl Connection {
    /// Starts a command that streams.
    ///
    /// # Errors
    /// As for opening a session.
    pub(crate) async fn stream(&self, words: &[&str], end: AtEnd) -> Result<Lines, Error> {
        let terminal = match end {
            AtEnd::Pipe => Terminal::None,
            AtEnd::HangUp => Terminal::Quiet,
        };
        Ok(Lines {
            process: self.start(words, terminal).await?,
            line: self.command_line(words),
            partial: Vec::new(),
            ready: VecDeque::new(),
            stderr: String::new(),
            ended: false,
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
            match self.process.next().await? {
                Said::Out(data) => self.take(&data),
                Said::Err(data) => {
                    let room = STDERR.saturating_sub(self.stderr.len());
                    self.stderr.push_str(&String::from_utf8_lossy(
                        data.get(..room.min(data.len())).unwrap_or_default(),
                    ));
                }
                Said::Ended(status) => {
                    self.ended = true;
                    self.status = status;
                }
                Said::Refused => {}
            }
        }
    }

    /// What it said when it ended, for an error.
    pub(crate) fn ended(&self) -> Error {
        crate::parse::stderr::to_error(&format!("`{}`", self.line), self.status, &self.stderr)
    }

    /// Whether the command itself ended, rather than the connection.
    pub(crate) fn command_ended(&self) -> bool {
        self.ended
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
