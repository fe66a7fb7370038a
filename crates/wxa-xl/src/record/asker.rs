//! How questions about logs get to the host: one `xargs` for all of them, which runs a `find` for each.
use crate::transport::{Connection, Limits, Process, Said, Terminal};
use bytes::Bytes;
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::{Error, ErrorKind};

use super::request::{ARGUMENTS, LONGEST};

/// Until an answer must be there.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is kept of complaints.
const STDERR: usize = 2 << 10;

/// Asks.
#[derive(Debug)]
pub(super) struct Asker<'a> {
    connection: &'a Connection,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// A session that stays: nothing is begun on the host for a question but the `find` itself.
    Stays(Process),
    /// A session for each question, where the account may not run `xargs`.
    Each,
}

impl<'a> Asker<'a> {
    /// Begins.
    ///
    /// # Errors
    /// As for opening a session.
    pub(super) async fn open(connection: &'a Connection) -> Result<Self, Error> {
        let count = ARGUMENTS.to_string();
        let words = ["xargs", "-0", "-n", &count, "find"];
        let process = connection.start(&words, Terminal::None).await?;
        Ok(Self {
            connection,
            way: Way::Stays(process),
        })
    }

    /// Whether each question costs the host a session.
    pub(super) fn is_costly(&self) -> bool {
        matches!(self.way, Way::Each)
    }

    /// Asks one question: arguments of `find`. The answer ends with `end`.
    ///
    /// # Errors
    /// `TimedOut`, `Unreachable`, `Malformed` when the answer makes no sense, `PermissionDenied`.
    pub(super) async fn ask(&mut self, arguments: &[String], end: &str) -> Result<Vec<u8>, Error> {
        if let Way::Stays(process) = &mut self.way {
            let asked = timeout(PATIENCE, question(self.connection, process, arguments, end));
            let heard = asked.await.map_err(|_| {
                Error::new(
                    ErrorKind::TimedOut { maybe_done: false },
                    format!(
                        "The host did not tell of its guests' logs within {} s.",
                        PATIENCE.as_secs()
                    ),
                )
            })?;
            match heard? {
                Heard::Answer(answer) => return Ok(answer),
                Heard::NoXargs => self.way = Way::Each,
            }
        }
        let words: Vec<&str> = std::iter::once("find")
            .chain(arguments.iter().map(String::as_str))
            .collect();
        let limits = Limits {
            time: PATIENCE,
            ..Limits::read(LONGEST)
        };
        let output = self.connection.run(&words, limits).await?;
        if output.stdout.ends_with(end.as_bytes()) {
            return Ok(output.stdout);
        }
        Err(crate::parse::stderr::to_error(
            "Looking for guests' logs",
            output.status,
            &output.stderr,
        ))
    }
}

enum Heard {
    Answer(Vec<u8>),
    /// `xargs` is not there, or not for this account.
    NoXargs,
}

async fn question(
    connection: &Connection,
    process: &mut Process,
    arguments: &[String],
    end: &str,
) -> Result<Heard, Error> {
    let mut input = Vec::new();
    for argument in arguments {
        input.extend_from_slice(argument.as_bytes());
        input.push(0);
    }
    let (mut said, mut write) = process.halves();
    // Whoever reads no more has ended: what it says tells why.
    let _ = write.write(Bytes::from(input)).await;
    let (mut answer, mut complaints) = (Vec::new(), String::new());
    while let Some(said) = said.next().await {
        match said {
            Said::Out(bytes) => {
                answer.extend_from_slice(&bytes);
                if answer.ends_with(end.as_bytes()) {
                    return Ok(Heard::Answer(answer));
                }
                if answer.len() > LONGEST {
                    return Err(Error::new(
                        ErrorKind::Malformed,
                        "The host's answer about its guests' logs is too long.",
                    ));
                }
            }
            Said::Err(bytes) => {
                let room = STDERR.saturating_sub(complaints.len());
                complaints.push_str(&String::from_utf8_lossy(
                    bytes.get(..room.min(bytes.len())).unwrap_or_default(),
                ));
            }
            Said::Ended(Some(127)) => return Ok(Heard::NoXargs),
            // sudo's words where its rules do not name it, and where it is not there.
            Said::Ended(Some(1))
                if ["password is required", "command not found"]
                    .iter()
                    .any(|words| complaints.contains(words)) =>
            {
                return Ok(Heard::NoXargs);
            }
            Said::Ended(status) => {
                return Err(crate::parse::stderr::to_error(
                    "Looking for guests' logs",
                    status,
                    &complaints,
                ));
            }
            Said::Refused => {
                return Err(Error::new(
                    ErrorKind::PermissionDenied,
                    "The host's SSH server runs no commands for this account.",
                ));
            }
        }
    }
    Err(connection.lost())
}
