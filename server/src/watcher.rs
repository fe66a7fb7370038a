//! Asking a running server from outside whether it is ready, for `healthcheck` and `doctor`.
use std::{io, net::IpAddr, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{Config, config::Tls, tls};

const WITHIN: Duration = Duration::from_secs(5);
/// More than the reply to this question ever is.
const REPLY_MOST: u64 = 8 * 1024;

/// Whether the server that these settings start says that it is ready.
///
/// # Errors
/// When it does not answer within 5 s.
pub async fn ready(config: &Config) -> io::Result<bool> {
    let address = reachable(config.listen);
    let asking = async {
        let stream = TcpStream::connect(address).await?;
        match config.tls {
            Tls::Off => ask(stream, address).await,
            Tls::Files { .. } | Tls::SelfSigned => ask(tls::probe::connect(stream).await?, address).await,
        }
    };
    let reply = timeout(WITHIN, asking).await;
    let reply = reply.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    Ok(reply.starts_with("HTTP/1.1 200 "))
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, address: SocketAddr) -> io::Result<String> {
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut reply = Vec::new();
    stream.take(REPLY_MOST).read_to_end(&mut reply).await?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

/// Where to connect: a server that listens on all addresses is asked on this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
