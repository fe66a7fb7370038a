//! The stream of xentop. Its lines for each interface and disk are asked for on hosts with few enough domains: xentop
//! looks at them anyway, but a thousand domains would print twice as much every second.
use super::LARGE;
use crate::transport::{AtEnd, Connection, Lines};
use std::time::Duration;
use tokio::time::Instant;
use wxa_driver::Error;

const DOMAINS: [&str; 5] = ["xentop", "-b", "-f", "-d", "1"];
const DEVICES: [&str; 7] = ["xentop", "-b", "-f", "-n", "-x", "-d", "1"];
/// Devices are asked for again below this many domains, and not sooner than after this time: a host whose domains come
/// and go around the limit is not asked anew each time.
const SMALL: usize = LARGE * 3 / 4;
const AGAIN: Duration = Duration::from_secs(60);

/// How much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Devices,
    Domains,
    /// This host's xentop does not tell devices.
    DomainsOnly,
}

/// The stream.
#[derive(Debug)]
pub(super) struct Top {
    /// None only while it is asked for anew.
    lines: Option<Lines>,
    asked: Asked,
    since: Instant,
    /// Whether it has printed a table.
    told: bool,
}

impl Top {
    /// Starts it.
    ///
    /// # Errors
    /// As for opening a session.
    pub(super) async fn open(connection: &Connection) -> Result<Self, Error> {
        let mut top = Self {
            lines: None,
            asked: Asked::Devices,
            since: Instant::now(),
            told: false,
        };
        top.ask(connection, Asked::Devices).await?;
        Ok(top)
    }

    /// The old stream's session is free before the new one's is asked for: all others may be in use, by commands that do not
    /// go on before this has ended.
    async fn ask(&mut self, connection: &Connection, asked: Asked) -> Result<(), Error> {
        self.lines = None;
        let words: &[&str] = match asked {
            Asked::Devices => &DEVICES,
            Asked::Domains | Asked::DomainsOnly => &DOMAINS,
        };
        self.lines = Some(connection.stream(words, AtEnd::Pipe).await?);
        (self.asked, self.since, self.told) = (asked, Instant::now(), false);
        Ok(())
    }

    /// The next line; none when it has ended. Safe to cancel.
    pub(super) async fn next(&mut self) -> Option<String> {
        let line = self.lines.as_mut()?.next().await?;
        self.told |= line.trim_start().starts_with("NAME ");
        Some(line)
    }

    /// It has ended: one that never told anything may do without devices.
    ///
    /// # Errors
    /// Why it ended, where that is not the reason.
    pub(super) async fn go_on(&mut self, connection: &Connection) -> Result<(), Error> {
        let Some(lines) = self.lines.as_ref().filter(|lines| lines.command_ended()) else {
            return Err(connection.lost());
        };
        if self.told || self.asked != Asked::Devices {
            return Err(lines.ended());
        }
        self.ask(connection, Asked::DomainsOnly).await
    }

    /// Asks for more or less where the host has another size than it was. Tells whether it begins anew.
    ///
    /// # Errors
    /// As for opening a session.
    pub(super) async fn fit(&mut self, connection: &Connection, domains: usize) -> Result<bool, Error> {
        let asked = match self.asked {
            Asked::Devices if domains > LARGE => Asked::Domains,
            Asked::Domains if domains < SMALL && self.since.elapsed() >= AGAIN => Asked::Devices,
            _ => return Ok(false),
        };
        self.ask(connection, asked).await?;
        Ok(true)
    }
}
