//! Somebody at a guest's console, through the product or over raw SSH: signs in, types a byte, waits for its echo.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use russh::client::Msg;
use russh::{Channel, ChannelMsg};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use wxa_model::VmId;
use wxa_wire::operation::ConsoleOpen;
use wxa_wire::{ConsoleFrame, ConsoleStatus, Operation};

use crate::live::{Socket, socket};
use crate::server::Server;
use crate::ssh::DEADLINE;
use crate::target::Target;

/// Erases the line that was begun, in every shell.
const ERASE: &[u8] = b"\x15";
/// Isn't in any prompt, nor among the bytes that are measured.
const MARK: u8 = b'Z';

/// The way to the console.
enum Way {
    Product(Box<Socket>),
    Raw(Channel<Msg>),
}

/// An open console with a shell on it.
pub struct Terminal {
    way: Way,
    /// What came and wasn't looked at yet.
    unread: VecDeque<u8>,
}

impl Terminal {
    /// Through the product's console socket.
    ///
    /// # Errors
    /// When the console can't be opened or shows no shell.
    pub async fn product(server: &Server, vm: VmId, target: &Target) -> Result<Terminal> {
        let mut socket = socket(server, &ConsoleOpen::ROW.path_for(&vm)).await?;
        let connected = async {
            while let Some(message) = socket.next().await {
                if let Message::Text(text) = message?
                    && let ConsoleFrame::Status { status } = serde_json::from_str(&text)?
                    && status == ConsoleStatus::Connected
                {
                    return Ok(());
                }
            }
            bail!("the console's socket ended")
        };
        timeout(DEADLINE, connected)
            .await
            .context("the console isn't attached")??;
        Terminal::with_shell(Way::Product(Box::new(socket)), target).await
    }

    /// With `xl console` in an SSH session of its own.
    ///
    /// # Errors
    /// As for [`Terminal::product`].
    pub async fn raw(session: Channel<Msg>, target: &Target) -> Result<Terminal> {
        Terminal::with_shell(Way::Raw(session), target).await
    }

    async fn with_shell(way: Way, target: &Target) -> Result<Terminal> {
        let mut terminal = Terminal {
            way,
            unread: VecDeque::new(),
        };
        terminal.send(b"\r").await?;
        for (wanted, answer) in target.sign_in {
            terminal.wait_for(wanted.as_bytes()).await?;
            terminal.send(answer.as_bytes()).await?;
        }
        terminal.wait_for(target.prompt.as_bytes()).await?;
        terminal.clear().await?;
        Ok(terminal)
    }

    /// Types one byte; the time until it comes back.
    ///
    /// # Errors
    /// When the console ends or stays silent.
    pub async fn echo(&mut self, byte: u8) -> Result<Duration> {
        let begun = Instant::now();
        self.send(&[byte]).await?;
        self.wait_for(&[byte]).await?;
        Ok(begun.elapsed())
    }

    /// Erases the line and waits until nothing more of it can come.
    ///
    /// # Errors
    /// When the console ends or stays silent.
    pub async fn clear(&mut self) -> Result<()> {
        self.send(ERASE).await?;
        self.send(&[MARK]).await?;
        self.wait_for(&[MARK]).await
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.way {
            Way::Product(socket) => socket.send(Message::binary(bytes.to_vec())).await?,
            Way::Raw(channel) => channel.data_bytes(bytes.to_vec()).await?,
        }
        Ok(())
    }

    /// Reads up to the end of `wanted`.
    async fn wait_for(&mut self, wanted: &[u8]) -> Result<()> {
        let reading = async {
            let mut last = VecDeque::with_capacity(wanted.len());
            loop {
                while let Some(byte) = self.unread.pop_front() {
                    if last.len() == wanted.len() {
                        last.pop_front();
                    }
                    last.push_back(byte);
                    if last == wanted {
                        return Ok(());
                    }
                }
                self.read().await?;
            }
        };
        timeout(DEADLINE, reading).await.with_context(|| {
            format!(
                "waited in vain for {:?} on a console",
                String::from_utf8_lossy(wanted)
            )
        })?
    }

    async fn read(&mut self) -> Result<()> {
        match &mut self.way {
            Way::Product(socket) => match socket.next().await.context("the console's socket ended")?? {
                Message::Binary(bytes) => self.unread.extend(&bytes),
                Message::Close(frame) => bail!("the console's socket was closed: {frame:?}"),
                _ => {}
            },
            Way::Raw(channel) => match channel.wait().await.context("the SSH session ended")? {
                ChannelMsg::Data { data } => self.unread.extend(data.iter()),
                ChannelMsg::ExitStatus { exit_status } => bail!("xl console ended with {exit_status}"),
                _ => {}
            },
        }
        Ok(())
    }
}
