//! A socket that counts what goes through it, and sends what is long without a copy of its own.
use bytes::{Buf, BufMut, Bytes as Payload, BytesMut, buf::Chain};
use futures::{SinkExt, StreamExt};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Error, Message},
};

use super::upgrade::Connection;

/// A longer message is written to the connection from where it is: tungstenite would copy it first, and each socket would keep room
/// for the longest that it ever sent. What everybody is told is in memory once so.
const LONG: usize = 1024;
/// First bytes of a frame that is a whole message (RFC 6455, section 5.2).
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

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
pub(super) struct Socket<C = Connection> {
    socket: WebSocketStream<C>,
    bytes: Arc<Bytes>,
    /// What is not sent yet of a long message.
    rest: Chain<Payload, Payload>,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Socket<C> {
    pub(super) fn new(socket: WebSocketStream<C>) -> Self {
        Self {
            socket,
            bytes: Arc::default(),
            rest: nothing(),
        }
    }

    /// What has gone through it, also later.
    pub(super) fn bytes(&self) -> Arc<Bytes> {
        Arc::clone(&self.bytes)
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), Error> {
        let size = size(&message);
        self.send_rest().await?;
        match message {
            Message::Text(text) if text.len() > LONG => self.send_long(TEXT, text.into()).await?,
            Message::Binary(bytes) if bytes.len() > LONG => self.send_long(BINARY, bytes).await?,
            short => self.socket.send(short).await?,
        }
        self.bytes.add((size, 0));
        Ok(())
    }

    async fn send_long(&mut self, first: u8, payload: Payload) -> Result<(), Error> {
        // An answer to a ping may wait to be sent.
        self.socket.flush().await?;
        self.rest = head(first, payload.len()).chain(payload);
        self.send_rest().await
    }

    /// Sends what is left of a long message, also of one that was given up in its middle: no other frame may begin there.
    async fn send_rest(&mut self) -> Result<(), Error> {
        if self.rest.has_remaining() {
            let stream = self.socket.get_mut();
            stream.write_all_buf(&mut self.rest).await?;
            stream.flush().await?;
            self.rest = nothing();
        }
        Ok(())
    }

    /// The next message; none when the other end has gone. Cancelling the wait loses nothing.
    pub(super) async fn recv(&mut self) -> Option<Result<Message, Error>> {
        let received = self.socket.next().await;
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
        Message::Close(_) | Message::Frame(_) => 0,
    };
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn nothing() -> Chain<Payload, Payload> {
    Payload::new().chain(Payload::new())
}

/// What stands before a message of so many bytes.
fn head(first: u8, len: usize) -> Payload {
    let mut head = BytesMut::with_capacity(10);
    head.put_u8(first);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(len @ ..126), _) => head.put_u8(len),
        (_, Ok(len)) => {
            head.put_u8(126);
            head.put_u16(len);
        }
        _ => {
            head.put_u8(127);
            head.put_u64(len as u64);
        }
    }
    head.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::{
        io::{DuplexStream, duplex},
        time::timeout,
    };
    use tokio_tungstenite::tungstenite::protocol::Role;

    #[tokio::test]
    async fn messages_of_every_length_arrive_whole_and_in_order() {
        let (mut socket, mut reader) = pair().await;
        let lengths = [0, 1, 125, 126, LONG, LONG + 1, 65_535, 65_536, 300_000];
        let sending = async {
            for len in lengths {
                let text = "x".repeat(len);
                socket
                    .send(Message::Binary(text.clone().into()))
                    .await
                    .expect("sent");
                socket.send(Message::Text(text.into())).await.expect("sent");
            }
        };
        let reading = async {
            for len in lengths {
                let text = "x".repeat(len);
                assert_eq!(next(&mut reader).await, Message::Binary(text.clone().into()));
                assert_eq!(next(&mut reader).await, Message::Text(text.into()));
            }
        };
        tokio::join!(sending, reading);
        let all: usize = lengths.iter().sum();
        assert_eq!(socket.bytes().read(), (2 * all as u64, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_given_up_in_the_middle_is_ended_before_the_next_frame_begins() {
        let (mut socket, mut reader) = pair().await;
        let long = Message::Binary(vec![7; 100_000].into());
        let given_up = timeout(Duration::from_secs(1), socket.send(long.clone())).await;
        assert!(given_up.is_err(), "nobody reads");
        let reading = async {
            assert_eq!(next(&mut reader).await, long);
            assert_eq!(next(&mut reader).await, Message::Close(None));
        };
        let (closed, ()) = tokio::join!(socket.send(Message::Close(None)), reading);
        closed.expect("sent");
    }

    type Reader = WebSocketStream<DuplexStream>;

    /// A socket, and its browser.
    async fn pair() -> (Socket<DuplexStream>, Reader) {
        let (ours, theirs) = duplex(4096);
        let socket = WebSocketStream::from_raw_socket(ours, Role::Server, None).await;
        let reader = WebSocketStream::from_raw_socket(theirs, Role::Client, None).await;
        (Socket::new(socket), reader)
    }

    async fn next(reader: &mut Reader) -> Message {
        reader.next().await.expect("open").expect("a frame")
    }
}
