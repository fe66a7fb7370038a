//! HTTP/1.1 to one member, as little of it as XAPI needs: a request with a known length, an answer in pieces.
mod body;
mod head;

use crate::tls::{self, Accept};
use body::Body;
use bytes::{Buf, Bytes, BytesMut};
use std::{fmt::Write, io};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;
use wxa_driver::{Error, ErrorKind};

pub(crate) use head::Head;

/// How much is read at once: as much as TLS puts into a record.
const PIECE: usize = 16 << 10;
/// The longest head of an answer.
const LONGEST_HEAD: usize = 64 << 10;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// `GET`, `POST`, `CONNECT`.
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    /// `HTTP/1.1`; consoles are opened with 1.0.
    pub(crate) version: &'a str,
    /// Besides the host's name and the length.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// None sends no length either.
    pub(crate) body: Option<&'a [u8]>,
}

/// A connection that answers one request after the other.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TlsStream<TcpStream>,
    address: String,
    buffer: BytesMut,
    body: Body,
    /// Whether another request may follow.
    open: bool,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// See [`tls::connect`].
    pub(crate) async fn open(address: &str, port: u16, accept: &Accept) -> Result<Self, Error> {
        Ok(Self {
            stream: tls::connect(address, port, accept).await?,
            address: address.to_owned(),
            buffer: BytesMut::new(),
            body: Body::Ended,
            open: true,
        })
    }

    /// Lets go of what reading needed: it is to wait for its next request.
    pub(crate) fn rest(&mut self) {
        self.buffer = BytesMut::new();
    }

    /// Whether the last answer was read to its end, and the member goes on listening.
    pub(crate) fn is_idle(&self) -> bool {
        self.open && self.body.has_ended() && self.buffer.is_empty()
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// # Errors
    /// `Unreachable` when the connection ends, `Malformed` when the answer is no HTTP.
    pub(crate) async fn send(&mut self, request: &Request<'_>) -> Result<Head, Error> {
        let mut text = format!(
            "{} {} {}\r\nHost: {}\r\n",
            request.method,
            request.target,
            request.version,
            host_header(&self.address)
        );
        for (name, value) in request.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if let Some(body) = request.body {
            let _ = write!(text, "Content-Length: {}\r\n", body.len());
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(request.body.unwrap_or_default());
        self.open = false;
        let sent = async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        };
        sent.await.map_err(|error| self.lost(&error))?;
        let head = self.head().await?;
        self.body = Body::of(request.method, &head)?;
        self.open = head.keeps_alive();
        Ok(head)
    }

    async fn head(&mut self) -> Result<Head, Error> {
        loop {
            if let Some((head, length)) = Head::read(&self.buffer)? {
                self.buffer.advance(length);
                return Ok(head);
            }
            if self.buffer.len() > LONGEST_HEAD {
                return Err(head::nonsense());
            }
            if self.fill().await? == 0 {
                return Err(self.lost(&io::ErrorKind::UnexpectedEof.into()));
            }
        }
    }

    /// The next piece of the answer's body; none at its end.
    ///
    /// # Errors
    /// `Unreachable` when it is cut short.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(piece) = self.body.take(&mut self.buffer)? {
                return Ok(Some(piece));
            }
            if self.body.has_ended() {
                return Ok(None);
            }
            if self.fill().await? == 0 {
                return match self.body.closed() {
                    true => Ok(None),
                    false => Err(self.lost(&io::ErrorKind::UnexpectedEof.into())),
                };
            }
        }
    }

    /// Waits until `length` bytes came behind the head of the answer; fewer when the connection ends before. They stay where
    /// they are. The caller bounds the time.
    ///
    /// # Errors
    /// `Unreachable` when the connection breaks.
    pub(crate) async fn peek(&mut self, length: usize) -> Result<&[u8], Error> {
        while self.buffer.len() < length && self.fill().await? > 0 {}
        Ok(self.buffer.get(..length).unwrap_or(&self.buffer))
    }

    /// The stream, with what was read beyond the head: for whoever speaks something else on it from now on.
    pub(crate) fn into_stream(self) -> (TlsStream<TcpStream>, Bytes) {
        // A copy: what is none yet would keep the room that was made for reading, for as long as the stream.
        (self.stream, Bytes::copy_from_slice(&self.buffer))
    }

    async fn fill(&mut self) -> Result<usize, Error> {
        self.buffer.reserve(PIECE);
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(read) => Ok(read),
            // stunnel closes without saying good-bye.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            Err(error) => Err(self.lost(&error)),
        }
    }

    fn lost(&self, error: &io::Error) -> Error {
        Error::new(
            ErrorKind::Unreachable,
            format!(
                "The connection to {} was lost: {}.",
                self.address,
                tls::in_words(error)
            ),
        )
    }
}

/// An IPv6 address has brackets in a header.
fn host_header(address: &str) -> String {
    match address.contains(':') {
        true => format!("[{address}]"),
        false => address.to_owned(),
    }
}

/// The body of an answer that came whole; none when it is none.
pub(crate) fn whole(method: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, length) = Head::read(bytes).ok()??;
    let mut buffer = BytesMut::from(bytes.get(length..)?);
    let mut body = Body::of(method, &head).ok()?;
    let mut whole = Vec::new();
    while let Some(piece) = body.take(&mut buffer).ok()? {
        whole.extend_from_slice(&piece);
    }
    (body.has_ended() || body.closed()).then_some(whole)
}
