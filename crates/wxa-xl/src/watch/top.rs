//! The stream of xentop. Its lines for each interface and disk are asked for on hosts with few enough domains: xentop
//! looks at them anyway, but a thousand domains would print twice as much every second.
use super::{
    LARGE,
    stream::{End, Stream, Told},
};
use crate::transport::{AtEnd, Connection};
use std::{sync::Arc, time::Duration};
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
pub(super) struct Top<'a> {
    stream: Stream<'a>,
    asked: Asked,
    since: Instant,
    /// Whether it has printed a table.
    told: bool,
}

impl<'a> Top<'a> {
    /// Starts it.
    pub(super) fn open(connection: &'a Arc<Connection>) -> Self {
        let mut top = Self {
            stream: Stream::new(connection),
            asked: Asked::Devices,
            since: Instant::now(),
            told: false,
        };
        top.ask(Asked::Devices);
        top
    }

    fn ask(&mut self, asked: Asked) {
        let words: &[&str] = match asked {
            Asked::Devices => &DEVICES,
            Asked::Domains | Asked::DomainsOnly => &DOMAINS,
        };
        self.stream.ask(words, AtEnd::Pipe);
        (self.asked, self.since, self.told) = (asked, Instant::now(), false);
    }

    /// The next line; none when it begins anew, since this host's xentop knows no devices. Safe to cancel.
    ///
    /// # Errors
    /// Why it ended.
    pub(super) async fn next(&mut self) -> Result<Option<String>, Error> {
        loop {
            match self.stream.next().await {
                Told::Opened => {}
                Told::Line(line) => {
                    self.told |= line.trim_start().starts_with("NAME ");
                    return Ok(Some(line));
                }
                Told::Ended(End::Command(_)) if !self.told && self.asked == Asked::Devices => {
                    self.ask(Asked::DomainsOnly);
                    return Ok(None);
                }
                Told::Ended(End::NotOpened(error) | End::Command(error) | End::Lost(error)) => {
                    return Err(error);
                }
            }
        }
    }

    /// Asks for more or less where the host has another size than it was. Tells whether it begins anew.
    pub(super) fn fit(&mut self, domains: usize) -> bool {
        let asked = match self.asked {
            Asked::Devices if domains > LARGE => Asked::Domains,
            Asked::Domains if domains < SMALL && self.since.elapsed() >= AGAIN => Asked::Devices,
            _ => return false,
        };
        self.ask(asked);
        true
    }
}
