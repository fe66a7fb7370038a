//! A browser, as far as nginx and the server can tell: HTTP/1.1 and WebSockets inside TLS.
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpSocket,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::bed::{Bed, NAME};

/// What a connection is, with TLS or without.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub struct Client {
    to: SocketAddr,
    /// Where connections come from.
    pub from: IpAddr,
    host: String,
    pub origin: String,
    tls: Option<TlsConnector>,
    headers: Vec<String>,
    cookie: String,
}

pub struct Reply {
    pub head: String,
    pub body: String,
}

impl Client {
    /// Through nginx, under the public name.
    pub fn new(bed: &Bed) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(bed.certificate.clone().into()).expect("a certificate");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            to: bed.nginx,
            from: Ipv4Addr::LOCALHOST.into(),
            host: format!("{NAME}:{}", bed.nginx.port()),
            origin: bed.origin(),
            tls: Some(TlsConnector::from(Arc::new(config))),
            headers: Vec::new(),
            cookie: String::new(),
        }
    }

    /// Past nginx, as somebody who found the server's own port, from an address that is no trusted proxy.
    pub fn around(bed: &Bed, host: &str) -> Self {
        Self {
            to: bed.server,
            from: Ipv4Addr::new(127, 0, 0, 7).into(),
            host: host.to_owned(),
            origin: format!("http://{host}"),
            tls: None,
            headers: vec!["x-forwarded-proto: https\r\n".into()],
            cookie: String::new(),
        }
    }

    /// Sends this with every request.
    pub fn header(&mut self, line: &str) -> &mut Self {
        self.headers.push(format!("{line}\r\n"));
        self
    }

    async fn connect(&self) -> Box<dyn Stream> {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind(SocketAddr::new(self.from, 0))
            .expect("an address of this machine");
        let stream = socket.connect(self.to).await.expect("a connection");
        match &self.tls {
            None => Box::new(stream),
            Some(tls) => {
                let name = ServerName::try_from(NAME).expect("a name");
                Box::new(
                    tls.connect(name, stream)
                        .await
                        .expect("TLS under the public name"),
                )
            }
        }
    }

    async fn exchange(&self, request: &str, body: &str) -> Reply {
        let mut stream = self.connect().await;
        let cookie = match self.cookie.as_str() {
            "" => String::new(),
            cookie => format!("cookie: {cookie}\r\n"),
        };
        let text = format!(
            "{request} HTTP/1.1\r\nhost: {}\r\norigin: {}\r\nconnection: close\r\n{cookie}{}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            self.origin,
            self.headers.concat(),
            body.len()
        );
        stream.write_all(text.as_bytes()).await.expect("sent");
        let mut bytes = Vec::new();
        // nginx may end TLS without a goodbye.
        let _ = stream.read_to_end(&mut bytes).await;
        let reply = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = reply.split_once("\r\n\r\n").expect("a reply");
        let body = match head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            true => unchunked(body),
            false => body.to_owned(),
        };
        Reply {
            head: head.to_owned(),
            body,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.exchange(&format!("GET {path}"), "").await
    }

    /// The form, as the page sends it.
    pub async fn log_in(&self, bed: &Bed) -> Reply {
        let body = format!("name=admin&password={}&next=", bed.password);
        self.exchange("POST /login", &body).await
    }

    /// Signs in; the cookie as it was set.
    pub async fn sign_in(&mut self, bed: &Bed) -> String {
        let reply = self.log_in(bed).await;
        assert!(reply.head.starts_with("HTTP/1.1 303"), "{}", reply.head);
        let cookie = reply
            .head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie
            .unwrap_or_else(|| panic!("no cookie: {}", reply.head))
            .to_owned();
        self.cookie = cookie.split(';').next().expect("a pair").to_owned();
        cookie
    }

    pub async fn socket(&self, path: &str) -> Socket {
        let mut request = format!("wss://{}{path}", self.host)
            .into_client_request()
            .expect("a request");
        for (name, value) in [("origin", &self.origin), ("cookie", &self.cookie)] {
            request
                .headers_mut()
                .insert(name, value.parse().expect("a value"));
        }
        let (stream, _) = client_async(request, self.connect().await)
            .await
            .expect("an upgrade");
        Socket { stream, bytes: 0 }
    }
}

fn unchunked(body: &str) -> String {
    let mut whole = Vec::new();
    let mut rest = body.as_bytes();
    while let Some(at) = rest.windows(2).position(|end| end == b"\r\n") {
        let (size, after) = rest.split_at(at);
        let size = std::str::from_utf8(size)
            .ok()
            .and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else {
            break;
        };
        whole.extend_from_slice(&after[2..2 + size]);
        rest = &after[2 + size + 2..];
    }
    String::from_utf8_lossy(&whole).into_owned()
}

pub struct Socket {
    stream: WebSocketStream<Box<dyn Stream>>,
    /// How many bytes came in binary frames.
    pub bytes: u64,
}

impl Socket {
    pub async fn say(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.expect("sent");
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream
            .send(Message::binary(bytes.to_vec()))
            .await
            .expect("sent");
    }

    /// The first frame, or the guest's output so far, that `fits`.
    pub async fn until(&mut self, what: &str, within: Duration, fits: impl Fn(&str) -> bool) -> String {
        let mut printed = String::new();
        let waiting = async {
            loop {
                let text = match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => text.to_string(),
                    Some(Ok(Message::Binary(bytes))) => {
                        self.bytes += bytes.len() as u64;
                        printed += &String::from_utf8_lossy(&bytes);
                        printed.clone()
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    other => panic!("{what}: the socket ended: {other:?}"),
                };
                if fits(&text) {
                    return text;
                }
            }
        };
        timeout(within, waiting)
            .await
            .unwrap_or_else(|_| panic!("{what}: not in time"))
    }

    /// Waits for so many pings.
    pub async fn pings(&mut self, count: usize, within: Duration) {
        let waiting = async {
            for _ in 0..count {
                loop {
                    match self.stream.next().await {
                        Some(Ok(Message::Ping(_))) => break,
                        Some(Ok(Message::Binary(bytes))) => self.bytes += bytes.len() as u64,
                        Some(Ok(_)) => {}
                        other => panic!("the socket ended: {other:?}"),
                    }
                }
            }
        };
        timeout(within, waiting).await.expect("pings");
    }

    /// Waits until the connection breaks, without the server having said anything.
    pub async fn cut(&mut self, within: Duration) {
        let waiting = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Close(frame))) => panic!("it was closed, not cut: {frame:?}"),
                    Some(Ok(Message::Binary(bytes))) => self.bytes += bytes.len() as u64,
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                }
            }
        };
        timeout(within, waiting).await.expect("the proxy cuts it");
    }

    /// The id of the VM of that name, from the first snapshot.
    pub async fn vm_named(&mut self, name: &str, within: Duration) -> String {
        let snapshot = self
            .until("a snapshot", within, |text| text.contains("\"snapshot\""))
            .await;
        let snapshot: Value = serde_json::from_str(&snapshot).expect("a frame");
        let objects = snapshot["snapshot"]["objects"].as_array().expect("objects");
        let found = objects.iter().find(|object| object["vm"]["name"] == name);
        let id = found.and_then(|object| object["vm"]["id"].as_str());
        id.unwrap_or_else(|| panic!("no {name} in {snapshot}")).to_owned()
    }
}
