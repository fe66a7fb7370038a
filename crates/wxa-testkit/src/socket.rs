//! A WebSocket over the real port.
use futures::{SinkExt, StreamExt};
use std::net::SocketAddr;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
    },
};

use crate::DEADLINE;

/// A socket as a browser would have it.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// How a socket ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The close code; none when the connection just broke.
    pub code: Option<u16>,
    /// The reason given.
    pub reason: String,
}

impl Socket {
    /// Opens `path` at `address`, with these headers besides a socket's own.
    ///
    /// # Errors
    /// When the upgrade is refused.
    pub async fn open(
        address: SocketAddr,
        path: &str,
        headers: Vec<(HeaderName, String)>,
    ) -> Result<Self, Error> {
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        for (name, value) in headers {
            let value = HeaderValue::from_str(&value).expect("a header");
            request.headers_mut().insert(name, value);
        }
        let (stream, _) = connect_async(request).await?;
        Ok(Self { stream })
    }

    /// Sends a text frame.
    pub async fn send_text(&mut self, text: impl Into<String>) {
        self.try_send_text(text).await.expect("the frame is sent");
    }

    /// Sends a text frame on a socket that may have ended.
    ///
    /// # Errors
    /// When it has.
    pub async fn try_send_text(&mut self, text: impl Into<String>) -> Result<(), Error> {
        self.stream.send(Message::text(text.into())).await
    }

    /// Sends a binary frame.
    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream
            .send(Message::binary(bytes.to_vec()))
            .await
            .expect("the frame is sent");
    }

    /// The next text or binary frame, or how the socket ended.
    ///
    /// # Errors
    /// The end.
    pub async fn next(&mut self) -> Result<Message, Closed> {
        // Pings are no frames: a server that only pings has nothing to say.
        let deadline = Instant::now() + DEADLINE;
        loop {
            let next = timeout_at(deadline, self.stream.next()).await;
            match next.unwrap_or_else(|_| panic!("no frame within {DEADLINE:?}")) {
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(frame))) => {
                    return Err(Closed {
                        code: frame.as_ref().map(|frame| frame.code.into()),
                        reason: frame.map(|frame| frame.reason.to_string()).unwrap_or_default(),
                    });
                }
                Some(Ok(message)) => return Ok(message),
                Some(Err(_)) | None => {
                    return Err(Closed {
                        code: None,
                        reason: String::new(),
                    });
                }
            }
        }
    }

    /// Reads until the socket ends.
    pub async fn closed(mut self) -> Closed {
        loop {
            if let Err(closed) = self.next().await {
                return closed;
            }
        }
    }
}
