//! TLS to a member. Fresh hosts have self-signed certificates, so what counts is the fingerprint that was confirmed; where
//! an authority vouches, the certificate must be valid now, for the address.
mod authority;
mod refused;
mod verifier;

pub(crate) use authority::Authority;

use crate::fingerprint;
use std::{
    io,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig,
        client::Resumption,
        crypto::{CryptoProvider, ring},
        pki_types::ServerName,
    },
};
use verifier::{Accepts, Verifier};
use wxa_driver::{Error, ErrorKind};
use wxa_model::UnixMillis;
use x509_parser::parse_x509_certificate;

/// The cryptography of all connections.
static CRYPTO: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(ring::default_provider()));
/// How long connecting may take, up to and with the handshake.
const CONNECT: Duration = Duration::from_secs(10);

/// A member's certificate, as people compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// SHA-256 of its DER form, as `AB:CD:…`.
    pub fingerprint: String,
    /// Whom it names, e.g. `CN=xcp-01`; empty where it cannot be read.
    pub subject: String,
    /// Until when it says that it is valid; none where it cannot be read.
    pub not_after: Option<UnixMillis>,
}

/// Fetches the certificate of the TLS server at an address. Only the handshake takes place: no account is named, nothing
/// is proven, and the connection ends there.
///
/// # Errors
/// `Unreachable` or `TimedOut` when there is no answer, `Malformed` when it is no TLS server.
pub async fn certificate(address: &str, port: u16) -> Result<Certificate, Error> {
    let verifier = Verifier::new(Accepts::Anyone);
    let opened = handshake(address, port, &verifier).await;
    let Some(der) = verifier.seen() else {
        return Err(match opened {
            Err(error) => error,
            Ok(_) => Error::new(
                ErrorKind::Malformed,
                "The host finished the handshake without showing a certificate.",
            ),
        });
    };
    opened?;
    let read = parse_x509_certificate(&der).ok().map(|(_, read)| read);
    Ok(Certificate {
        fingerprint: fingerprint::of(&der),
        subject: read
            .as_ref()
            .map(|read| crate::text::printable(&read.subject().to_string()))
            .unwrap_or_default(),
        not_after: read.and_then(|read| {
            let seconds = u64::try_from(read.validity().not_after.timestamp()).ok()?;
            Some(UnixMillis(seconds.saturating_mul(1000)))
        }),
    })
}

/// Whose certificate is accepted at an address.
#[derive(Clone, Debug)]
pub(crate) enum Accept {
    /// One with one of these fingerprints.
    Pins(Vec<String>),
    /// One that an authority vouches for: for the address itself, or one of these names that it has too.
    Vouched {
        authority: Authority,
        names: Vec<String>,
    },
}

/// Connects to a member whose certificate is accepted. Nothing was sent when it is not.
///
/// # Errors
/// `KeyChanged` or `Untrusted` for another certificate, and what connecting can meet.
pub(crate) async fn connect(
    address: &str,
    port: u16,
    accept: &Accept,
) -> Result<TlsStream<TcpStream>, Error> {
    match accept {
        Accept::Pins(pins) => pinned(address, port, pins).await,
        Accept::Vouched { authority, names } => vouched(address, port, authority, names).await,
    }
}

async fn pinned(address: &str, port: u16, pins: &[String]) -> Result<TlsStream<TcpStream>, Error> {
    let verifier = Verifier::new(Accepts::Only(pins.to_vec()));
    let opened = handshake(address, port, &verifier).await;
    if let Some(der) = verifier.seen() {
        let seen = fingerprint::of(&der);
        if !pins.contains(&seen) {
            return Err(Error::new(
                ErrorKind::KeyChanged {
                    pinned: pins.join(" or "),
                    seen: seen.clone(),
                },
                format!("{address} shows the certificate {seen}, which nobody has confirmed."),
            ));
        }
    }
    opened
}

async fn vouched(
    address: &str,
    port: u16,
    authority: &Authority,
    names: &[String],
) -> Result<TlsStream<TcpStream>, Error> {
    let verifier = Verifier::new(Accepts::Vouched {
        by: authority.verifier()?,
        names: names.to_vec(),
    });
    let opened = handshake(address, port, &verifier).await;
    match (verifier.seen(), verifier.refused()) {
        (Some(der), Some(why)) => Err(Error::new(
            ErrorKind::Untrusted,
            refused::sentence(address, authority, &der, &why),
        )),
        _ => opened,
    }
}

async fn handshake(
    address: &str,
    port: u16,
    verifier: &Arc<Verifier>,
) -> Result<TlsStream<TcpStream>, Error> {
    let unreachable = |error: io::Error| {
        Error::new(
            ErrorKind::Unreachable,
            format!("No connection to {address} port {port}: {}.", in_words(&error)),
        )
        .with_source(error)
    };
    let opening = async {
        let stream = TcpStream::connect((address, port)).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        let mut config = ClientConfig::builder_with_provider(CRYPTO.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::new(ErrorKind::Internal, "TLS could not be set up.").with_source(error))?
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone())
            .with_no_client_auth();
        // Each connection has a verifier of its own and so its own configuration: nobody would ever ask it to resume a session, and
        // room to remember some took 7 MB with the consoles of 2,000 VMs.
        config.resumption = Resumption::disabled();
        let name = ServerName::try_from(address.to_owned())
            .or_else(|_| ServerName::try_from("xapi"))
            .map_err(|error| {
                Error::new(ErrorKind::Internal, "TLS could not be set up.").with_source(error)
            })?;
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .map_err(|error| not_tls(address, port, error))
    };
    match timeout(CONNECT, opening).await {
        Ok(opened) => opened,
        Err(_) => Err(Error::new(
            ErrorKind::TimedOut { maybe_done: false },
            format!(
                "{address} port {port} did not answer within {} s.",
                CONNECT.as_secs()
            ),
        )),
    }
}

/// A server that hangs up is going down; one that says something else speaks no TLS.
fn not_tls(address: &str, port: u16, error: io::Error) -> Error {
    let (kind, what) = match error.kind() {
        io::ErrorKind::InvalidData => (ErrorKind::Malformed, "does not speak TLS as XAPI does"),
        _ => (ErrorKind::Unreachable, "hung up during the TLS handshake"),
    };
    Error::new(
        kind,
        format!("{address} port {port} {what}: {}.", in_words(&error)),
    )
    .with_source(error)
}

/// What the system says, without its number.
pub(crate) fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
        io::ErrorKind::UnexpectedEof => "the other side closed the connection".to_owned(),
        _ => error.to_string(),
    }
}
