//! A WebSocket whose bytes are the test's: it reads when told to, and sends what no browser would.
use axum::http::HeaderName;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::DEADLINE;

/// The longest head of a reply.
const HEAD: usize = 16 << 10;

/// A socket after its upgrade. Nothing reads from it unless the test does.
#[derive(Debug)]
pub struct RawSocket(TcpStream);

impl RawSocket {
    pub(crate) async fn open(address: SocketAddr, path: &str, headers: Vec<(HeaderName, String)>) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        // Little fits in before the server notices that nothing is read.
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        let mut stream = socket.connect(address).await.expect("a connection");
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}connection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            assert!(head.len() < HEAD, "no end of the head");
            head.push(stream.read_u8().await.expect("a reply"));
        }
        let head = String::from_utf8_lossy(&head);
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        Self(stream)
    }

    /// Sends bytes as they are.
    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.expect("sent");
    }

    /// Sends one whole frame, masked as browsers do. `opcode` is 1 for text, 2 for bytes.
    pub async fn send_frame(&mut self, opcode: u8, payload: &[u8]) {
        self.send(&frame(opcode, payload)).await;
    }

    /// Sends the same bytes again and again until the other end takes no more, or is gone. Reads nothing.
    pub async fn send_until_stuck(&mut self, bytes: &[u8]) {
        loop {
            match timeout(std::time::Duration::from_secs(1), self.0.write_all(bytes)).await {
                Ok(Ok(())) => {}
                // The rest of `bytes` is lost with it: nothing sensible can be sent afterwards.
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }

    /// Reads until the other end has gone; tells what came last, of which a close frame is the end.
    pub async fn read_to_end(mut self) -> Vec<u8> {
        let mut all = Vec::new();
        let read = timeout(DEADLINE, self.0.read_to_end(&mut all)).await;
        // An end by reset is an end.
        let _ = read.unwrap_or_else(|_| panic!("it did not end within {DEADLINE:?}"));
        all
    }
}

/// One whole frame with a mask of zeros, which leaves the payload readable.
pub fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        len @ 0..126 => frame.push(0x80 | u8::try_from(len).unwrap_or_default()),
        len @ 126..0x1_0000 => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(len).unwrap_or_default().to_be_bytes());
        }
        len => {
            frame.push(0x80 | 127);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}
