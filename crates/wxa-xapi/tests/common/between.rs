//! Something that stands between the driver and a host, and spoils answers.
use super::bed::{Bed, POOL, SITE};
use secrecy::SecretString;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};
use wxa_model::{KnownMember, Trust};
use wxa_xapi::XapiConfig;

/// What becomes of an answer.
pub enum Answer {
    /// It is sent on.
    AsItIs,
    /// It is sent on with another body.
    Body(String),
    /// Half of it is sent, then the connection ends.
    Half,
    /// So many MiB of a text come instead.
    Long(usize),
    /// A text without an end comes instead.
    Endless,
    /// These bytes come instead, then the connection ends.
    Raw(&'static [u8]),
    /// These bytes come instead, and nothing after them.
    Stuck(&'static [u8]),
    /// Nothing comes.
    Silence,
}

/// Decides from the call's name, how often it was made before, and the answer.
type Rule = dyn Fn(&str, usize, &Value) -> Answer + Send + Sync;

pub struct Between {
    address: SocketAddr,
    fingerprint: String,
    asked: Arc<Mutex<Vec<String>>>,
    _serving: JoinSet<()>,
}

impl Between {
    /// Stands before the n-th host of a pool, at an address of its own.
    pub async fn start(
        bed: &Bed,
        n: usize,
        rule: impl Fn(&str, usize, &Value) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start_at("127.0.0.9:0", bed, n, rule).await
    }

    /// The same where it is told to.
    pub async fn start_at(
        at: &str,
        bed: &Bed,
        n: usize,
        rule: impl Fn(&str, usize, &Value) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let host = bed.pool.http_address(n).expect("a host");
        let listener = TcpListener::bind(at).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let made = rcgen::generate_simple_self_signed(vec!["between".to_owned()]).expect("a certificate");
        let der = made.cert.der().clone();
        let print: Vec<String> = Sha256::digest(&der)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![der], key))
            .expect("TLS");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let rule: Arc<Rule> = Arc::new(rule);
        let mut serving = JoinSet::new();
        let log = asked.clone();
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, rule, log) = (acceptor.clone(), rule.clone(), log.clone());
                connections.spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, host, &*rule, &log).await;
                    }
                });
            }
        });
        Self {
            address,
            fingerprint: print.join(":"),
            asked,
            _serving: serving,
        }
    }

    /// How the pool is reached through it.
    pub fn config(&self) -> XapiConfig {
        XapiConfig {
            site: SITE,
            host: POOL,
            address: self.address.ip().to_string(),
            port: self.address.port(),
            user: "root".to_owned(),
            password: SecretString::from("xen"),
            fingerprint: self.fingerprint.clone(),
            trust: Trust::Pin,
            uuid: None,
            members: Vec::new(),
            shell: None,
        }
    }

    /// How a driver knows it that has heard of it as a member.
    pub fn member(&self) -> KnownMember {
        KnownMember {
            address: self.address.ip().to_string(),
            names: Vec::new(),
            fingerprints: vec![self.fingerprint.clone()],
        }
    }

    /// Where it stands, as a pool writes it into addresses.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Everything that was asked.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

async fn serve(
    mut stream: tokio_rustls::server::TlsStream<TcpStream>,
    host: SocketAddr,
    rule: &Rule,
    log: &Mutex<Vec<String>>,
) {
    while let Some(request) = message(&mut stream).await {
        let text = String::from_utf8_lossy(&request).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("a request");
        let called: Option<Value> = serde_json::from_str(body).ok();
        let name = match called.as_ref().and_then(|call| call["method"].as_str()) {
            Some(method) => method.to_owned(),
            None => head.split([' ', '?']).nth(1).unwrap_or_default().to_owned(),
        };
        let before = {
            let mut log = log.lock().expect("no panic");
            log.push(name.clone());
            log.iter().filter(|one| **one == name).count() - 1
        };
        let Ok(mut real) = TcpStream::connect(host).await else {
            return;
        };
        let sent = real.write_all(&request).await;
        let (Ok(()), Some(answer)) = (sent, message(&mut real).await) else {
            return;
        };
        let whole = String::from_utf8_lossy(&answer).into_owned();
        let body = whole.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let spoilt = match rule(&name, before, &serde_json::from_str(body).unwrap_or(Value::Null)) {
            Answer::AsItIs => stream.write_all(&answer).await,
            Answer::Body(body) => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all((head + &body).as_bytes()).await
            }
            Answer::Half => {
                let _ = stream.write_all(&answer[..answer.len() / 2]).await;
                let _ = stream.shutdown().await;
                return;
            }
            Answer::Long(mib) => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", mib << 20);
                let _ = stream.write_all(head.as_bytes()).await;
                flood(&mut stream, mib).await
            }
            Answer::Endless => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"result\":\"").await;
                flood(&mut stream, usize::MAX).await
            }
            Answer::Raw(bytes) => {
                let _ = stream.write_all(bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Answer::Stuck(bytes) => {
                let _ = stream.write_all(bytes).await;
                std::future::pending().await
            }
            Answer::Silence => std::future::pending().await,
        };
        if spoilt.is_err() {
            return;
        }
    }
}

async fn flood(stream: &mut tokio_rustls::server::TlsStream<TcpStream>, mib: usize) -> std::io::Result<()> {
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..mib {
        stream.write_all(&piece).await?;
    }
    Ok(())
}

/// A whole message with its length said.
async fn message(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text[..end].lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length:")?
                    .trim()
                    .parse()
                    .ok()
            });
            if bytes.len() >= end + 4 + length.unwrap_or(0usize) {
                return Some(bytes);
            }
        }
        let mut piece = vec![0; 1 << 20];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}
