//! A console's bytes in binary WebSocket frames.

use futures::{SinkExt, StreamExt};
use std::io::Cursor;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::Stream;
use super::head::Head;

/// The answer to an upgrade; none when the request is not one.
pub(super) fn accept(head: &Head) -> Option<String> {
    let upgrades = head.header("upgrade")?.eq_ignore_ascii_case("websocket");
    let key = head.header("sec-websocket-key").filter(|_| upgrades)?;
    let offered = head.header("sec-websocket-protocol").unwrap_or_default();
    let protocol = match offered.split(',').any(|name| name.trim() == "binary") {
        true => "Sec-WebSocket-Protocol: binary\r\n",
        false => "",
    };
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n{protocol}\r\n",
        derive_accept_key(key.as_bytes())
    ))
}

/// Carries bytes between frames and a pipe until one of them ends.
pub(super) async fn carry(stream: impl Stream, early: Vec<u8>, pipe: DuplexStream) {
    let stream = After {
        early: Cursor::new(early),
        stream,
    };
    let (mut frames_out, mut frames_in) = WebSocketStream::from_raw_socket(stream, Role::Server, None)
        .await
        .split();
    let (mut from_console, mut to_console) = tokio::io::split(pipe);
    let out = async {
        let mut bytes = [0; 16 << 10];
        while let Ok(read) = from_console.read(&mut bytes).await {
            let piece = bytes.get(..read).unwrap_or_default().to_vec();
            if read == 0 || frames_out.send(Message::Binary(piece.into())).await.is_err() {
                break;
            }
        }
        let _ = frames_out.close().await;
    };
    let inward = async {
        while let Some(Ok(frame)) = frames_in.next().await {
            let bytes = match frame {
                Message::Binary(bytes) => bytes,
                Message::Text(text) => text.into(),
                Message::Close(_) => break,
                _ => continue,
            };
            if to_console.write_all(&bytes).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = out => {}
        () = inward => {}
    }
}

/// A stream whose first bytes were read already.
struct After<S> {
    early: Cursor<Vec<u8>>,
    stream: S,
}

impl<S: Stream> AsyncRead for After<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let at = usize::try_from(self.early.position()).unwrap_or(usize::MAX);
        let rest = self.early.get_ref().get(at..).unwrap_or_default();
        if rest.is_empty() {
            return Pin::new(&mut self.stream).poll_read(ctx, buffer);
        }
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(rest.get(..count).unwrap_or_default());
        self.early.set_position((at + count) as u64);
        Poll::Ready(Ok(()))
    }
}

impl<S: Stream> AsyncWrite for After<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(ctx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(ctx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(ctx)
    }
}
