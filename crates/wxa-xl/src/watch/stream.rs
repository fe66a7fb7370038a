//! A stream of the host that is there, or is being opened. Nobody waits for the opening alone: a session that is not read
//! meanwhile holds up the whole connection, and with it the answer to the opening.
use super::UnderWay;
use crate::transport::{AtEnd, Connection, Lines};
use std::sync::Arc;
use wxa_driver::Error;

/// The stream.
pub(super) struct Stream<'a> {
    connection: &'a Arc<Connection>,
    state: State<'a>,
}

enum State<'a> {
    Off,
    Opening(UnderWay<'a, Result<Lines, Error>>),
    On(Lines),
}

/// What it tells.
#[derive(Debug)]
pub(super) enum Told {
    /// It is open from now on.
    Opened,
    /// A line, without its end.
    Line(String),
    /// It is off again.
    Ended(End),
}

/// How it ended.
#[derive(Debug)]
pub(super) enum End {
    /// It could not be opened.
    NotOpened(Error),
    /// The command ended, with these words.
    Command(Error),
    /// The connection is gone.
    Lost(Error),
}

impl<'a> Stream<'a> {
    /// One that is off.
    pub(super) fn new(connection: &'a Arc<Connection>) -> Self {
        Self {
            connection,
            state: State::Off,
        }
    }

    /// Opens it with another command. The old one's session is free before the new one's is asked for: all others may be in
    /// use, by commands that do not go on before this one has ended.
    pub(super) fn ask(&mut self, words: &'static [&'static str], end: AtEnd) {
        self.state = State::Off;
        let connection = self.connection;
        self.state = State::Opening(Box::pin(connection.stream(words, end)));
    }

    /// Ends it.
    pub(super) fn stop(&mut self) {
        self.state = State::Off;
    }

    /// Whether it is on, or about to be.
    pub(super) fn is_wanted(&self) -> bool {
        !matches!(self.state, State::Off)
    }

    /// The next thing; nothing ever while it is off. Safe to cancel.
    pub(super) async fn next(&mut self) -> Told {
        let end = match &mut self.state {
            State::Off => std::future::pending().await,
            State::Opening(opening) => match opening.await {
                Ok(lines) => {
                    self.state = State::On(lines);
                    return Told::Opened;
                }
                Err(error) => End::NotOpened(error),
            },
            State::On(lines) => match lines.next().await {
                Some(line) => return Told::Line(line),
                None if lines.command_ended() => End::Command(lines.ended()),
                None => End::Lost(self.connection.lost()),
            },
        };
        self.state = State::Off;
        Told::Ended(end)
    }
}
