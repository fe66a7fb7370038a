//! The pool's web server: one per host, for TLS and in the clear, byte for byte as xapi answers.

mod console;
mod head;
mod routes;
mod ws;

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::pool::PoolHandle;
use super::tls::Showing;
use super::value::Ref;
use head::{Head, HeadError};

/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(30);
/// An idle connection is kept for so long.
const IDLE: Duration = Duration::from_secs(300);
/// The largest request.
const BODY_LIMIT: usize = 32 << 20;
const HEAD_LIMIT: usize = 64 << 10;

/// Serves a host on a listener until it is stopped.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<Showing>,
    pool: PoolHandle,
    host: Ref,
    stop: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            () = stop.cancelled() => return,
        };
        let Ok((stream, _)) = accepted else {
            tokio::task::yield_now().await;
            continue;
        };
        let (tls, pool) = (tls.as_ref().map(Showing::acceptor), pool.clone());
        connections.spawn(async move {
            tokio::select! {
                // Looked at first: a host that is down does not even answer once.
                biased;
                () = pool.gone(host) => {}
                () = connection(stream, tls, pool.clone(), host) => {}
            }
        });
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, pool: PoolHandle, host: Ref) {
    // Small answers must not wait for company.
    let _ = stream.set_nodelay(true);
    match tls {
        None => requests(stream, pool, host).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(PATIENCE, tls.accept(stream)).await {
                requests(stream, pool, host).await;
            }
        }
    }
}

/// Whether a connection goes on after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    KeepAlive,
    Close,
}

/// A whole answer.
#[derive(Debug)]
struct Reply {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    after: After,
}

impl Reply {
    fn new(status: &'static str, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
            after: After::KeepAlive,
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn closing(mut self) -> Self {
        self.after = After::Close;
        self
    }

    /// xapi's page for what it could not do.
    fn page(status: &'static str) -> Self {
        let text = format!("<html><body><h1>{status}</h1></body></html>");
        Self::new(status, "text/html", text).closing()
    }

    /// Sends it; a body of a hundred megabytes is not copied for that.
    async fn send(&self, stream: &mut impl Stream, after: After) -> std::io::Result<()> {
        stream.write_all(&self.head(after)).await?;
        stream.write_all(&self.body).await?;
        stream.flush().await
    }

    fn head(&self, after: After) -> Vec<u8> {
        let connection = if after == After::KeepAlive {
            "keep-alive"
        } else {
            "close"
        };
        let mut head = format!("HTTP/1.1 {}\r\nconnection: {connection}\r\n", self.status);
        head.push_str("cache-control: no-cache, no-store\r\n");
        head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// Everything a stream can be.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

async fn requests(mut stream: impl Stream, pool: PoolHandle, host: Ref) {
    let mut buffer = Vec::new();
    loop {
        let head = match timeout(IDLE, read_head(&mut stream, &mut buffer)).await {
            Ok(Ok(Some(head))) => head,
            Ok(Err(HeadError)) => {
                let _ = Reply::page("400 Bad Request")
                    .send(&mut stream, After::Close)
                    .await;
                return;
            }
            Ok(Ok(None)) | Err(_) => return,
        };
        if head.is_console() {
            return console::open(stream, buffer, &head, &pool, host).await;
        }
        let Some(body) = read_body(&mut stream, &mut buffer, &head).await else {
            let refused = Reply::page("413 Request Entity Too Large");
            let _ = refused.send(&mut stream, After::Close).await;
            return;
        };
        let reply = routes::answer(&pool, host, &head, &body).await;
        let after = if head.keep_alive {
            reply.after
        } else {
            After::Close
        };
        if reply.send(&mut stream, after).await.is_err() {
            return;
        }
        if after == After::Close {
            let _ = stream.shutdown().await;
            return;
        }
    }
}

async fn read_head(stream: &mut impl Stream, buffer: &mut Vec<u8>) -> Result<Option<Head>, HeadError> {
    loop {
        if let Some((head, length)) = Head::read(buffer)? {
            buffer.drain(..length);
            return Ok(Some(head));
        }
        if buffer.len() > HEAD_LIMIT {
            return Err(HeadError);
        }
        match stream.read_buf(buffer).await {
            Ok(0) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
    }
}

async fn read_body(stream: &mut impl Stream, buffer: &mut Vec<u8>, head: &Head) -> Option<Vec<u8>> {
    let length = head.content_length.unwrap_or(0);
    if length > BODY_LIMIT {
        return None;
    }
    while buffer.len() < length {
        match timeout(PATIENCE, stream.read_buf(buffer)).await {
            Ok(Ok(read)) if read > 0 => {}
            _ => return None,
        }
    }
    let rest = buffer.split_off(length);
    Some(std::mem::replace(buffer, rest))
}
