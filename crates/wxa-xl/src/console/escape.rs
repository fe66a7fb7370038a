//! What is typed, on its way to the guest. `xl console` ends when it reads one lone Ctrl-], and what it reads at once
//! is not ours to decide; so a piece with that byte is written to the guest's terminal on the host directly.
use super::attach::Kind;
use crate::{
    parse::stderr,
    transport::{Closed, Connection, Limits, Writer},
};
use bytes::Bytes;
use std::time::Duration;
use wxa_driver::{Error, ErrorKind};

/// Ctrl-].
const ESCAPE: u8 = 0x1d;
/// A guest that reads nothing keeps the writer waiting; what is typed after it waits too, up to this.
const WRITE: Duration = Duration::from_secs(10);

/// Sends what is typed.
pub(super) struct Keyboard<'a> {
    connection: &'a Connection,
    console: Writer<'a>,
    kind: Kind,
    domid: u32,
    terminal: Option<String>,
}

impl<'a> Keyboard<'a> {
    pub(super) fn new(connection: &'a Connection, console: Writer<'a>, kind: Kind, domid: u32) -> Self {
        Self {
            connection,
            console,
            kind,
            domid,
            terminal: None,
        }
    }

    /// Sends bytes, in order.
    ///
    /// # Errors
    /// When the console has ended.
    pub(super) async fn send(&mut self, bytes: Bytes) -> Result<(), Closed> {
        let Some(at) = bytes.iter().position(|byte| *byte == ESCAPE) else {
            return self.console.write(bytes).await;
        };
        let before = bytes.slice(..at);
        if !before.is_empty() {
            self.console.write(before).await?;
        }
        // The host takes a connection's sessions in order, and starting a program takes longer than writing to a
        // running one: what was typed before is there before.
        let rest = bytes.slice(at..);
        if let Err(error) = self.write_aside(rest.clone()).await {
            // Losing one key is better than losing the session.
            tracing::warn!(%error, "Ctrl-] cannot be sent to the guest");
            let rest: Vec<u8> = rest.into_iter().filter(|byte| *byte != ESCAPE).collect();
            if !rest.is_empty() {
                self.console.write(rest.into()).await?;
            }
        }
        Ok(())
    }

    async fn write_aside(&mut self, bytes: Bytes) -> Result<(), Error> {
        let terminal = match &self.terminal {
            Some(terminal) => terminal,
            None => self
                .terminal
                .insert(find_terminal(self.connection, self.kind, self.domid).await?),
        };
        let target = format!("of={terminal}");
        let words = [
            "dd",
            "bs=4096",
            "oflag=noctty",
            "conv=notrunc,nocreat",
            "status=none",
            &target,
        ];
        let limits = Limits {
            time: WRITE,
            ..Limits::read(4096)
        };
        let output = self.connection.run_with_input(&words, bytes, limits).await?;
        if output.status == Some(0) {
            Ok(())
        } else {
            Err(stderr::to_error(
                "Writing to the guest's terminal",
                output.status,
                &output.stderr,
            ))
        }
    }
}

/// The terminal that stands for the console on the host.
async fn find_terminal(connection: &Connection, kind: Kind, domid: u32) -> Result<String, Error> {
    let node = match kind {
        Kind::Pv => format!("/local/domain/{domid}/console/tty"),
        Kind::Serial => format!("/local/domain/{domid}/serial/0/tty"),
    };
    let output = connection
        .run(&["xenstore-read", &node], Limits::read(4096))
        .await?;
    let text = output.text();
    if is_terminal(text.trim()) {
        Ok(text.trim().to_owned())
    } else {
        Err(Error::new(
            ErrorKind::Malformed,
            "The host names no terminal for this console.",
        ))
    }
}

/// It goes into a command that writes as root: nothing but a pseudo-terminal will do.
fn is_terminal(path: &str) -> bool {
    path.strip_prefix("/dev/pts/")
        .is_some_and(|number| (1..10).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_terminal;

    #[test]
    fn only_a_terminal_is_written_to() {
        assert!(is_terminal("/dev/pts/3"));
        for path in [
            "",
            "/dev/sda",
            "/dev/pts/",
            "/dev/pts/../sda",
            "/dev/pts/1 x",
            "/dev/pts/12345678901",
        ] {
            assert!(!is_terminal(path), "{path}");
        }
    }
}
