//! Whose certificate is accepted. That its owner is at the other end is proven by the handshake's signature, which is
//! always checked.
use crate::fingerprint;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// Who is accepted.
#[derive(Debug)]
pub(super) enum Trust {
    /// Whoever is there: nothing will be sent.
    Anyone,
    /// Those with one of these fingerprints.
    Only(Vec<String>),
}

#[derive(Debug)]
pub(super) struct Verifier {
    trust: Trust,
    seen: Mutex<Option<Vec<u8>>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    pub(super) fn new(trust: Trust) -> Arc<Self> {
        Arc::new(Self {
            trust,
            seen: Mutex::new(None),
            algorithms: ring::default_provider().signature_verification_algorithms,
        })
    }

    /// The certificate that was shown.
    pub(super) fn seen(&self) -> Option<Vec<u8>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        match &self.trust {
            Trust::Only(pins) if !pins.contains(&fingerprint::of(end_entity)) => Err(
                Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure),
            ),
            Trust::Anyone | Trust::Only(_) => Ok(ServerCertVerified::assertion()),
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
