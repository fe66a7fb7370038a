//! Whose certificate is accepted. That its owner is at the other end is proven by the handshake's signature, which is
//! always checked.
use crate::fingerprint;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// Who is accepted.
#[derive(Debug)]
pub(super) enum Accepts {
    /// Whoever is there: nothing will be sent.
    Anyone,
    /// Those with one of these fingerprints.
    Only(Vec<String>),
    /// Those that an authority vouches for, by the address or one of these names.
    Vouched {
        by: Arc<WebPkiServerVerifier>,
        names: Vec<String>,
    },
}

#[derive(Debug)]
pub(super) struct Verifier {
    accepts: Accepts,
    seen: Mutex<Seen>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// What the handshake met.
#[derive(Debug, Default)]
struct Seen {
    certificate: Option<Vec<u8>>,
    refused: Option<CertificateError>,
}

impl Verifier {
    pub(super) fn new(accepts: Accepts) -> Arc<Self> {
        Arc::new(Self {
            accepts,
            seen: Mutex::default(),
            algorithms: ring::default_provider().signature_verification_algorithms,
        })
    }

    /// The certificate that was shown.
    pub(super) fn seen(&self) -> Option<Vec<u8>> {
        self.lock().certificate.clone()
    }

    /// Why no authority vouches for it.
    pub(super) fn refused(&self) -> Option<CertificateError> {
        self.lock().refused.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.lock().certificate = Some(end_entity.to_vec());
        match &self.accepts {
            Accepts::Only(pins) if !pins.contains(&fingerprint::of(end_entity)) => Err(
                Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure),
            ),
            Accepts::Anyone | Accepts::Only(_) => Ok(ServerCertVerified::assertion()),
            Accepts::Vouched { by, names } => {
                let verify =
                    |name: &ServerName<'_>| by.verify_server_cert(end_entity, intermediates, name, &[], now);
                let first = verify(server_name);
                let others = names
                    .iter()
                    .filter_map(|name| ServerName::try_from(name.as_str()).ok());
                let outcome = match &first {
                    Err(Error::InvalidCertificate(error)) if is_about_names(error) => others
                        .map(|name| verify(&name))
                        .find(Result::is_ok)
                        .unwrap_or(first),
                    _ => first,
                };
                if let Err(Error::InvalidCertificate(why)) = &outcome {
                    self.lock().refused = Some(why.clone());
                }
                outcome
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Another name of the same host may be in the certificate.
fn is_about_names(error: &CertificateError) -> bool {
    matches!(
        error,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
    )
}
