//! TLS to what is checked: its certificate must be valid now, for that name, by an authority that this machine trusts.
use super::Answer;
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        CertificateError, ClientConfig, Error, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};
use wxa_model::UnixMillis;
use x509_parser::parse_x509_certificate;

/// Where systems keep the certificates of all authorities that they trust, in one file.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
];
/// Says another file, as for OpenSSL.
const VARIABLE: &str = "SSL_CERT_FILE";
/// The longest such file that is read.
const MOST: u64 = 16 << 20;

/// Makes TLS connections.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
}

impl Tls {
    /// By the authorities that this machine trusts; none when it has no list of them.
    pub fn system() -> Option<Self> {
        let said = env::var_os(VARIABLE).map(PathBuf::from);
        let file = said.or_else(|| BUNDLES.into_iter().map(PathBuf::from).find(|path| path.exists()))?;
        let text = read(&file)?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&text).filter_map(Result::ok));
        Self::trusting(roots)
    }

    /// By those authorities; none when there are none.
    pub fn trusting(roots: RootCertStore) -> Option<Self> {
        if roots.is_empty() {
            return None;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .ok()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = TlsConnector::from(Arc::new(config));
        Some(Self { connector })
    }

    /// Speaks TLS on a connection.
    ///
    /// # Errors
    /// The check's answer.
    pub async fn begin(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, Answer> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Answer::unknown(format!("{host} is no name that a certificate can be for.")))?;
        self.connector
            .connect(name, stream)
            .await
            .map_err(|error| refused(host, &error))
    }
}

fn read(file: &Path) -> Option<Vec<u8>> {
    (fs::metadata(file).ok()?.len() <= MOST).then(|| fs::read(file).ok())?
}

/// What a handshake that failed says about the service.
fn refused(host: &str, error: &io::Error) -> Answer {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let what = match cause {
        Some(Error::InvalidCertificate(why)) => return Answer::down(not_valid(host, why)),
        Some(Error::InvalidMessage(_)) => "does not speak TLS".to_owned(),
        Some(other) => format!("does not finish the TLS handshake: {other}"),
        None => "hung up during the TLS handshake".to_owned(),
    };
    Answer::down(format!("{host} {what}."))
}

fn not_valid(host: &str, why: &CertificateError) -> String {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("The certificate of {host} has expired.")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("The certificate of {host} is not valid yet.")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("The certificate is not for the name {host}.")
        }
        CertificateError::UnknownIssuer => {
            format!("No authority that this machine trusts vouches for the certificate of {host}.")
        }
        CertificateError::Revoked => format!("The certificate of {host} was revoked."),
        other => format!("The certificate of {host} is not valid: {other:?}."),
    }
}

/// Until when the certificate is valid that was shown; none where it cannot be read.
pub(super) fn valid_until(stream: &TlsStream<TcpStream>) -> Option<UnixMillis> {
    let (_, session) = stream.get_ref();
    let (_, certificate) = parse_x509_certificate(session.peer_certificates()?.first()?).ok()?;
    let seconds = u64::try_from(certificate.validity().not_after.timestamp()).ok()?;
    Some(UnixMillis(seconds.saturating_mul(1000)))
}
