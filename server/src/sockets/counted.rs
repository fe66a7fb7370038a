//! A socket that counts what goes through it.
use axum::extract::ws::{Message, WebSocket};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Bytes of payload in frames, in both directions.
#[derive(Debug, Default)]
pub(super) struct Bytes {
    out: AtomicU64,
    r#in: AtomicU64,
}

impl Bytes {
    /// Sent and received so far.
    pub(super) fn read(&self) -> (u64, u64) {
        (
            self.out.load(Ordering::Relaxed),
            self.r#in.load(Ordering::Relaxed),
        )
    }

    pub(super) fn add(&self, (out, r#in): (u64, u64)) {
        self.out.fetch_add(out, Ordering::Relaxed);
        self.r#in.fetch_add(r#in, Ordering::Relaxed);
    }
}

/// The socket.
pub(super) struct Socket {
    socket: WebSocket,
    bytes: Arc<Bytes>,
}

impl Socket {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self {
            socket,
            bytes: Arc::default(),
        }
    }

    /// What has gone through it, also later.
    pub(super) fn bytes(&self) -> Arc<Bytes> {
        Arc::clone(&self.bytes)
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), axum::Error> {
        let size = size(&message);
        self.socket.send(message).await?;
        self.bytes.add((size, 0));
        Ok(())
    }

    /// The next message; none when the other end has gone. Cancelling the wait loses nothing.
    pub(super) async fn recv(&mut self) -> Option<Result<Message, axum::Error>> {
        let received = self.socket.recv().await;
        if let Some(Ok(message)) = &received {
            self.bytes.add((0, size(message)));
        }
        received
    }
}

fn size(message: &Message) -> u64 {
    let bytes = match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    };
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
