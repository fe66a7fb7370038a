//! A host's certificate: self-signed, as a fresh host's is, and the same at every start with the same seed.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePrivateKey;
use rcgen::{CertificateParams, PKCS_ECDSA_P256_SHA256, PublicKeyData, SignatureAlgorithm, date_time_ymd};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::dice::Dice;

/// Year, and its first second since 1970.
pub(super) const VALID_FROM: (i32, i64) = (2026, 1_767_225_600);
pub(super) const VALID_UNTIL: (i32, i64) = (2046, 2_398_377_600);

/// Key and certificate.
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    pub(super) fingerprint: String,
}

impl Identity {
    /// Makes those of the host `name` from the pool's seed.
    ///
    /// # Errors
    /// When the library refuses what it is given, which it does not.
    pub(super) fn new(seed: u64, name: &str, address: Ipv4Addr) -> io::Result<Self> {
        let mut dice = Dice::new(seed, &format!("{name} certificate"));
        let key = SigningKey::from_slice(&dice.bytes32()).map_err(io::Error::other)?;
        let key = Key {
            public: key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            key,
        };
        let names = vec![address.to_string(), name.to_owned(), "localhost".to_owned()];
        let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
        params.not_before = date_time_ymd(VALID_FROM.0, 1, 1);
        params.not_after = date_time_ymd(VALID_UNTIL.0, 1, 1);
        params.serial_number = Some(dice.next().into());
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        let digest = Sha256::digest(certificate.der());
        let fingerprint: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        let private = key.key.to_pkcs8_der().map_err(io::Error::other)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(private.as_bytes().to_vec()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .map_err(io::Error::other)?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            fingerprint: fingerprint.join(":"),
        })
    }
}

/// Signs without chance, so that the certificate does not change from start to start.
struct Key {
    key: SigningKey,
    public: Vec<u8>,
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: Signature = self.key.sign(message);
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_has_the_same_certificate() {
        let print = |seed| {
            Identity::new(seed, "lab-1", Ipv4Addr::LOCALHOST)
                .expect("an identity")
                .fingerprint
        };
        assert_eq!(print(1), print(1));
        assert_ne!(print(1), print(2));
        assert_eq!(print(1).len(), 95);
    }
}
