//! Somebody in front of a console.
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use wxa_wire::{ConsoleFrame, ConsoleStatus, ConsoleViewerView, ConsoleWord, KeyboardState};

use crate::{Closed, DEADLINE, Socket};

/// What the viewer has seen.
#[derive(Debug)]
pub struct ConsoleClient {
    socket: Socket,
    /// Names the history.
    pub epoch: u64,
    /// The offset of the first byte in `screen`.
    pub began_at: u64,
    /// The offset after the last byte it has.
    pub offset: u64,
    /// Everything printed since it opened.
    pub screen: Vec<u8>,
    /// How the connection to the guest stands.
    pub status: Option<ConsoleStatus>,
    /// Its own number among them.
    pub you: u64,
    /// Who is looking.
    pub viewers: Vec<ConsoleViewerView>,
    /// Bytes that were left out.
    pub skipped: u64,
}

impl ConsoleClient {
    pub(crate) fn new(socket: Socket) -> Self {
        Self {
            socket,
            epoch: 0,
            began_at: 0,
            offset: 0,
            screen: Vec::new(),
            status: None,
            you: 0,
            viewers: Vec::new(),
            skipped: 0,
        }
    }

    /// Types.
    pub async fn type_text(&mut self, text: &str) {
        self.socket.send_bytes(text.as_bytes()).await;
    }

    /// Says something about the keyboard.
    pub async fn say(&mut self, word: ConsoleWord) {
        let text = serde_json::to_string(&word).expect("json");
        self.socket.send_text(text).await;
    }

    /// Who types, by name.
    pub fn typist(&self) -> Option<&str> {
        let mut typing = self.viewers.iter();
        let typing = typing.find(|viewer| viewer.keyboard == KeyboardState::Types);
        typing.map(|viewer| viewer.name.as_str())
    }

    /// What it does with the keyboard itself.
    pub fn keyboard(&self) -> Option<KeyboardState> {
        let mut all = self.viewers.iter();
        let own = all.find(|viewer| viewer.number == self.you);
        own.map(|viewer| viewer.keyboard)
    }

    /// What was printed, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.screen).into_owned()
    }

    /// Forgets what was printed so far, so that only news are waited for.
    pub fn clear(&mut self) {
        self.screen.clear();
        self.began_at = self.offset;
    }

    /// Reads until `wanted` was printed.
    pub async fn wait_for(&mut self, wanted: &str) {
        self.wait_until(&format!("{wanted:?} on the console"), |console| {
            console.text().contains(wanted)
        })
        .await;
    }

    /// Reads until the guest can be typed to.
    pub async fn connected(&mut self) {
        self.wait_until("the console is connected", |console| {
            console.status == Some(ConsoleStatus::Connected)
        })
        .await;
    }

    /// Reads frames until `cond` holds; panics with what was seen when the deadline has passed.
    pub async fn wait_until(&mut self, what: &str, cond: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !cond(self) {
            assert!(
                begun.elapsed() < DEADLINE,
                "waited {DEADLINE:?} in vain for: {what}; seen: {:?}",
                (&self.status, self.text())
            );
            if let Err(closed) = self.read().await {
                panic!(
                    "the console ended with {closed:?} while waiting for: {what}; seen: {:?}",
                    self.text()
                );
            }
        }
    }

    /// Reads one frame.
    ///
    /// # Errors
    /// When the socket has ended.
    pub async fn read(&mut self) -> Result<(), Closed> {
        match self.socket.next().await? {
            Message::Binary(bytes) => {
                self.offset += bytes.len() as u64;
                self.screen.extend_from_slice(&bytes);
            }
            Message::Text(text) => match serde_json::from_str(&text).expect("a console frame") {
                ConsoleFrame::Begin { epoch, offset, .. } => {
                    (self.epoch, self.began_at, self.offset) = (epoch, offset, offset);
                    self.screen.clear();
                }
                ConsoleFrame::Skipped { bytes } => self.skipped += bytes,
                ConsoleFrame::Status { status } => self.status = Some(status),
                ConsoleFrame::Viewers { you, viewers } => (self.you, self.viewers) = (you, viewers),
            },
            other => panic!("an unexpected frame: {other:?}"),
        }
        Ok(())
    }

    /// Reads until the socket ends.
    pub async fn closed(mut self) -> Closed {
        loop {
            if let Err(closed) = self.read().await {
                return closed;
            }
        }
    }

    /// The socket itself, to break the protocol with.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }
}
