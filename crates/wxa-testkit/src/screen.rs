//! Somebody in front of a screen: as much of RFB as it takes to see it and to type.
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use wxa_wire::{ConsoleStatus, ScreenFrame, ScreenWatcherView, ScreenWord};

use crate::{Closed, DEADLINE, Socket};

/// What the viewer has seen.
#[derive(Debug)]
pub struct ScreenClient {
    socket: Socket,
    /// Binary bytes that were not looked at yet.
    ahead: Vec<u8>,
    /// The session that was begun last.
    pub session: u64,
    /// How the connection to the guest stands.
    pub status: Option<ConsoleStatus>,
    /// Its own number.
    pub you: u64,
    /// Who looks.
    pub watchers: Vec<ScreenWatcherView>,
    /// Width and height in pixels.
    pub size: (u16, u16),
}

impl ScreenClient {
    pub(crate) fn new(socket: Socket) -> Self {
        Self {
            socket,
            ahead: Vec::new(),
            session: 0,
            status: None,
            you: 0,
            watchers: Vec::new(),
            size: (0, 0),
        }
    }

    /// Waits for session `session` and shakes hands.
    pub async fn begin(&mut self, session: u64) {
        self.wait_until(&format!("session {session} of the screen"), |screen| {
            screen.session >= session
        })
        .await;
        let ready = ScreenWord::Ready {
            session: self.session,
        };
        self.ahead.clear();
        let text = serde_json::to_string(&ready).expect("a word is JSON");
        self.socket.send_text(text).await;
        assert_eq!(self.take(12).await, b"RFB 003.008\n");
        self.socket.send_bytes(b"RFB 003.008\n").await;
        assert_eq!(self.take(2).await, [1, 1], "one way in, without a password");
        self.socket.send_bytes(&[1]).await;
        assert_eq!(self.take(4).await, [0; 4]);
        self.socket.send_bytes(&[1]).await;
        let init = self.take(24).await;
        let number = |at: usize| u16::from_be_bytes([init[at], init[at + 1]]);
        self.size = (number(0), number(2));
        let name = usize::from(number(22));
        self.take(name).await;
        // Raw alone.
        self.socket.send_bytes(&[2, 0, 0, 1, 0, 0, 0, 0]).await;
    }

    /// Presses and releases a key, by its keysym.
    pub async fn key(&mut self, keysym: u32) {
        for down in [1, 0] {
            let mut message = vec![4, down, 0, 0];
            message.extend_from_slice(&keysym.to_be_bytes());
            self.socket.send_bytes(&message).await;
        }
    }

    /// The whole picture, row by row.
    pub async fn picture(&mut self) -> Vec<u8> {
        let (width, height) = self.size;
        let mut request = vec![3, 0, 0, 0, 0, 0];
        request.extend_from_slice(&width.to_be_bytes());
        request.extend_from_slice(&height.to_be_bytes());
        self.socket.send_bytes(&request).await;
        loop {
            assert_eq!(self.take(1).await, [0], "an update");
            let head = self.take(3).await;
            let mut whole = None;
            for _ in 0..u16::from_be_bytes([head[1], head[2]]) {
                let head = self.take(12).await;
                let number = |at: usize| usize::from(u16::from_be_bytes([head[at], head[at + 1]]));
                let pixels = self.take(number(4) * number(6) * 4).await;
                if number(6) == usize::from(height) {
                    whole = Some(pixels);
                }
            }
            if let Some(pixels) = whole {
                return pixels;
            }
        }
    }

    /// Reads frames until `cond` holds; panics with what was seen when the deadline has passed.
    pub async fn wait_until(&mut self, what: &str, cond: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !cond(self) {
            let seen = (&self.status, self.session, &self.watchers);
            assert!(
                begun.elapsed() < DEADLINE,
                "waited {DEADLINE:?} in vain for: {what}; seen: {seen:?}"
            );
            if let Err(closed) = self.read().await {
                panic!("the screen ended with {closed:?} while waiting for: {what}");
            }
        }
    }

    /// Reads one frame.
    ///
    /// # Errors
    /// When the socket has ended.
    pub async fn read(&mut self) -> Result<(), Closed> {
        match self.socket.next().await? {
            Message::Binary(bytes) => self.ahead.extend_from_slice(&bytes),
            Message::Text(text) => match serde_json::from_str(&text).expect("a screen frame") {
                ScreenFrame::Begin { session } => self.session = session,
                ScreenFrame::Status { status } => self.status = Some(status),
                ScreenFrame::Watchers { you, watchers } => (self.you, self.watchers) = (you, watchers),
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

    async fn take(&mut self, count: usize) -> Vec<u8> {
        self.wait_until(&format!("{count} bytes"), |screen| screen.ahead.len() >= count)
            .await;
        self.ahead.drain(..count).collect()
    }
}
