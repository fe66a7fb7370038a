//! Accepting connections, with TLS where it is on: handshakes are bounded in time and number.
use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use std::{collections::VecDeque, io, net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::{either::Either, sync::CancellationToken};

use super::plain_http;
use crate::config::PublicUrl;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at once. Whoever comes when it is full takes the place of the one that waits longest.
const HANDSHAKES: usize = 256;
/// After a failed accept, usually for want of file descriptors.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Who is at the other end of a connection, and how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Where it comes from; with a reverse proxy in front, that proxy.
    pub address: SocketAddr,
    /// Whether it speaks TLS with us.
    pub scheme: Scheme,
}

/// How a request travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Inside TLS.
    Https,
}

impl Connected<IncomingStream<'_, Door>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        *stream.remote_addr()
    }
}

/// A connection, in the clear or inside TLS.
pub type Connection = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Where connections come in.
pub struct Door {
    listener: TcpListener,
    tls: Option<Tls>,
}

struct Tls {
    acceptor: TlsAcceptor,
    public_url: Option<PublicUrl>,
    handshakes: FuturesUnordered<BoxFuture<'static, Option<(Connection, Peer)>>>,
    /// Gives one of them up; the oldest first. Those that have ended are cancelled too.
    waiting: VecDeque<CancellationToken>,
}

impl Door {
    /// In the clear: for loopback, or behind a proxy that does TLS.
    pub fn plain(listener: TcpListener) -> Self {
        Self { listener, tls: None }
    }

    /// With TLS. Who speaks plain HTTP is sent to `public_url`, or to where they asked, with https.
    pub fn with_tls(listener: TcpListener, acceptor: TlsAcceptor, public_url: Option<PublicUrl>) -> Self {
        let tls = Tls {
            acceptor,
            public_url,
            handshakes: FuturesUnordered::new(),
            waiting: VecDeque::new(),
        };
        Self {
            listener,
            tls: Some(tls),
        }
    }
}

impl Listener for Door {
    type Io = Connection;
    type Addr = Peer;

    async fn accept(&mut self) -> (Connection, Peer) {
        loop {
            let Some(tls) = &mut self.tls else {
                let (stream, address) = accept(&self.listener).await;
                let peer = Peer {
                    address,
                    scheme: Scheme::Http,
                };
                return (Either::Left(stream), peer);
            };
            tokio::select! {
                Some(done) = tls.handshakes.next(), if !tls.handshakes.is_empty() => {
                    if let Some(connection) = done {
                        return connection;
                    }
                }
                (stream, address) = accept(&self.listener) => tls.begin(stream, address),
            }
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer {
            address: self.listener.local_addr()?,
            scheme: if self.tls.is_some() {
                Scheme::Https
            } else {
                Scheme::Http
            },
        })
    }
}

impl Tls {
    fn begin(&mut self, stream: TcpStream, address: SocketAddr) {
        // Only those that still wait are kept in mind.
        self.waiting.retain(|waiting| !waiting.is_cancelled());
        if self.waiting.len() >= HANDSHAKES
            && let Some(oldest) = self.waiting.pop_front()
        {
            oldest.cancel();
        }
        let given_up = CancellationToken::new();
        self.waiting.push_back(given_up.clone());
        let (acceptor, public_url) = (self.acceptor.clone(), self.public_url.clone());
        self.handshakes.push(Box::pin(async move {
            let ended = given_up.clone().drop_guard();
            let shaking = timeout(HANDSHAKE, shake(stream, acceptor, public_url));
            let stream = tokio::select! {
                stream = shaking => stream.ok().flatten(),
                () = given_up.cancelled() => None,
            };
            drop(ended);
            let peer = Peer {
                address,
                scheme: Scheme::Https,
            };
            stream.map(|stream| (Either::Right(Box::new(stream)), peer))
        }));
    }
}

/// Does the handshake. Plain HTTP is answered, anything else that is no TLS is hung up on.
async fn shake(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    public_url: Option<PublicUrl>,
) -> Option<TlsStream<TcpStream>> {
    let mut first = [0];
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first[0].is_ascii_uppercase() {
        plain_http::answer(stream, public_url.as_ref()).await;
        return None;
    }
    match acceptor.accept(stream).await {
        Ok(stream) => Some(stream),
        Err(error) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
    }
}

/// The next connection; small frames on it do not wait for company.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY");
                }
                return (stream, address);
            }
            Err(error) => {
                let of_one_client = matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionRefused
                );
                if !of_one_client {
                    tracing::error!(%error, "connections cannot be accepted now");
                    sleep(AFTER_FAILURE).await;
                }
            }
        }
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door")
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}
