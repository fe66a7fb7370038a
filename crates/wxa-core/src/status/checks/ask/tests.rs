//! Checks against servers on this machine, with an administrator's consent; and what happens without it.
mod certificates;
mod pages;
mod ports;

use super::*;
use crate::{supervisor::Supervisor, testing::ManualClock};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use std::future::Future;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    },
};
use uuid::Uuid;
use wxa_model::{CheckId, UserId, status::Check};

/// Something that answers at a port of this machine for as long as it is kept.
struct Served {
    port: u16,
    _tasks: JoinSet<()>,
}

impl Served {
    /// Does the same with each connection.
    async fn by<F, Fut>(with: F) -> Self
    where
        F: Fn(TcpStream) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut each = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                each.spawn(with.clone()(stream));
            }
        });
        Self { port, _tasks: tasks }
    }

    /// Answers each request with that, and hangs up.
    async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        Self::by(move |stream| answered(stream, answer.clone())).await
    }
}

async fn answered(mut stream: impl AsyncRead + AsyncWrite + Unpin + Send, answer: Arc<[u8]>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") && stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {}
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
}

fn asker(tls: Option<Tls>) -> Asker {
    Asker {
        clock: Arc::new(ManualClock::default()),
        inventory: Inventory::start(7, &Supervisor::new()),
        tls,
        timeout: Duration::from_millis(700),
    }
}

async fn asked_with(tls: Option<Tls>, kind: CheckKind, may_go_inside: bool) -> Answer {
    let check = Check {
        id: CheckId(Uuid::from_u128(1)),
        kind,
        every_s: 10,
        may_go_inside,
    };
    let asked = Asked {
        check,
        by: UserId(Uuid::from_u128(1)),
        vms: Vec::new(),
    };
    asker(tls).ask(&asked).await
}

/// With consent.
async fn asked(kind: CheckKind) -> Answer {
    asked_with(None, kind, true).await
}

fn http(url: String, status: Option<u16>, text: Option<&str>) -> CheckKind {
    let text = text.map(str::to_owned);
    CheckKind::Http { url, status, text }
}

/// An authority, and what trusts it.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    roots: RootCertStore,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let mut roots = RootCertStore::empty();
        let certificate = params.self_signed(&key).unwrap();
        roots.add(certificate.der().clone()).unwrap();
        let issuer = Issuer::new(params, key);
        Self { issuer, roots }
    }

    fn tls(&self) -> Option<Tls> {
        Tls::trusting(self.roots.clone())
    }

    /// A TLS server with a certificate for that name until the end of that year, which answers each request so.
    async fn serves(&self, name: &str, until: i32, answer: &'static str) -> Served {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(until, 12, 31);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Served::by(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    answered(stream, answer.as_bytes().into()).await;
                }
            }
        })
        .await
    }
}
