//! What is typed, on its way to the guest. `xl console` ends when it reads one lone Ctrl-]; the guest must get that
//! byte all the same, so from the first one on everything is written to the guest's terminal on the host directly.
use super::attach::Kind;
use crate::ssh::{Channel, Connection, Limits};
use bytes::Bytes;
use russh::{ChannelWriteHalf, client::Msg};
use wxa_driver::Error;

/// Ctrl-].
const ESCAPE: u8 = 0x1d;

/// Sends what is typed.
pub(super) struct Keyboard<'a> {
    connection: &'a Connection,
    console: &'a ChannelWriteHalf<Msg>,
    kind: Kind,
    domid: u32,
    aside: Option<Channel>,
}

impl<'a> Keyboard<'a> {
    pub(super) fn new(connection: &'a Connection, console: &'a ChannelWriteHalf<Msg>, kind: Kind, domid: u32) -> Self {
        Self {
            connection,
            console,
            kind,
            domid,
            aside: None,
        }
    }

    /// Sends bytes, in order.
    pub(super) async fn send(&mut self, bytes: Bytes) -> Result<(), russh::Error> {
        if let Some(aside) = &self.aside {
            return aside.writer()?.data_bytes(bytes).await;
        }
        let Some(at) = bytes.iter().position(|byte| *byte == ESCAPE) else {
            return self.console.data_bytes(bytes).await;
        };
        let before = bytes.slice(..at);
        if !before.is_empty() {
            self.console.data_bytes(before).await?;
        }
        match self.open_aside().await {
            Ok(aside) => {
                aside.writer()?.data_bytes(bytes.slice(at..)).await?;
                self.aside = Some(aside);
                Ok(())
            }
            Err(error) => {
                // Losing one key is better than losing the session.
                tracing::warn!(%error, "Ctrl-] cannot be sent to the guest");
                let rest: Vec<u8> = bytes.iter().skip(at).copied().filter(|byte| *byte != ESCAPE).collect();
                if rest.is_empty() { Ok(()) } else { self.console.data_bytes(rest).await }
            }
        }
    }

    /// Opens the guest's terminal for writing. The host handles a connection's sessions in order and starting a
    /// program takes longer than writing to a running one, so what was typed before is there before.
    async fn open_aside(&self) -> Result<Channel, Error> {
        let node = match self.kind {
            Kind::Pv => format!("/local/domain/{}/console/tty", self.domid),
            Kind::Serial => format!("/local/domain/{}/serial/0/tty", self.domid),
        };
        let output = self.connection.run(&["xenstore-read", &node], Limits::read(4096)).await?;
        let text = output.text();
        let tty = text.trim();
        // It goes into a command that writes as root: nothing but a terminal will do.
        let number = tty.strip_prefix("/dev/pts/").unwrap_or_default();
        if number.is_empty() || number.len() > 9 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Error::new(
                wxa_driver::ErrorKind::Malformed,
                "The host names no terminal for this console.",
            ));
        }
        let channel = self.connection.channel().await?;
        let target = format!("of={tty}");
        let line = self.connection.command_line(&[
            "dd",
            "bs=4096",
            "oflag=noctty",
            "conv=notrunc,nocreat",
            "status=none",
            &target,
        ]);
        let writer = channel.writer().map_err(|_| self.connection.lost())?;
        writer.exec(false, line).await.map_err(|_| self.connection.lost())?;
        Ok(channel)
    }
}
