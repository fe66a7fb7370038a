//! A host's certificate: self-signed, as a fresh host's is, or signed by an authority; the same at every start with the same
//! seed.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::EncodePrivateKey;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    PublicKeyData, SignatureAlgorithm, date_time_ymd,
};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::dice::Dice;

/// Year, and its first second since 1970.
pub(super) const VALID_FROM: (i32, i64) = (2026, 1_767_225_600);
pub(super) const VALID_UNTIL: (i32, i64) = (2046, 2_398_377_600);

/// Who signs a host's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signer {
    /// The host itself, as a fresh one does.
    Itself,
    /// The authority that follows from this number; see [`authority`].
    Authority(u64),
}

/// A certificate that a host is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Who signs it.
    pub signer: Signer,
    /// The only name in it; none has the host's name and address.
    pub only_for: Option<String>,
    /// Its last day, as year, month and day; none has many years.
    pub until: Option<(i32, u8, u8)>,
    /// Another number makes another key.
    pub issue: u64,
}

impl Paper {
    /// The first one, with the host's names and many years.
    pub fn of(signer: Signer) -> Self {
        Self {
            signer,
            only_for: None,
            until: None,
            issue: 0,
        }
    }
}

/// The certificate of the authority that follows from `seed`, in PEM form.
///
/// # Errors
/// When the library refuses what it is given, which it does not.
pub fn authority(seed: u64) -> io::Result<String> {
    let (params, key) = issuer(seed)?;
    let der = params.self_signed(&key).map_err(io::Error::other)?;
    let text = STANDARD.encode(der.der());
    Ok(format!(
        "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
    ))
}

fn issuer(seed: u64) -> io::Result<(CertificateParams, Key)> {
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params.not_before = date_time_ymd(VALID_FROM.0, 1, 1);
    params.not_after = date_time_ymd(VALID_UNTIL.0, 1, 1);
    params.serial_number = Some(seed.into());
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params
        .distinguished_name
        .push(DnType::CommonName, format!("Lab authority {seed}"));
    Ok((params, Key::new(&mut Dice::new(seed, "authority"))?))
}

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
    pub(super) fn new(seed: u64, name: &str, address: Ipv4Addr, paper: &Paper) -> io::Result<Self> {
        let mut dice = match paper.issue {
            0 => Dice::new(seed, &format!("{name} certificate")),
            issue => Dice::new(seed, &format!("{name} certificate {issue}")),
        };
        let key = Key::new(&mut dice)?;
        let names = match &paper.only_for {
            Some(only) => vec![only.clone()],
            None => vec![address.to_string(), name.to_owned(), "localhost".to_owned()],
        };
        let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
        params.not_before = date_time_ymd(VALID_FROM.0, 1, 1);
        params.not_after = date_time_ymd(VALID_UNTIL.0, 1, 1);
        if let Some((year, month, day)) = paper.until {
            params.not_before = date_time_ymd(year - 1, 1, 1);
            params.not_after = date_time_ymd(year, month, day);
        }
        params.serial_number = Some(dice.next().into());
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = match paper.signer {
            Signer::Itself => params.self_signed(&key),
            Signer::Authority(seed) => {
                let (authority, signing) = issuer(seed)?;
                params.signed_by(&key, &Issuer::from_params(&authority, &signing))
            }
        };
        let certificate = certificate.map_err(io::Error::other)?;
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

/// What a host shows now: it can be replaced while it serves.
#[derive(Clone)]
pub(super) struct Showing(Arc<Mutex<TlsAcceptor>>);

impl Showing {
    pub(super) fn new(identity: &Identity) -> Self {
        Self(Arc::new(Mutex::new(identity.acceptor.clone())))
    }

    /// For the next connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn replace(&self, identity: &Identity) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = identity.acceptor.clone();
    }
}

/// Signs without chance, so that the certificate does not change from start to start.
struct Key {
    key: SigningKey,
    public: Vec<u8>,
}

impl Key {
    fn new(dice: &mut Dice) -> io::Result<Self> {
        let key = SigningKey::from_slice(&dice.bytes32()).map_err(io::Error::other)?;
        Ok(Self {
            public: key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            key,
        })
    }
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
            Identity::new(seed, "lab-1", Ipv4Addr::LOCALHOST, &Paper::of(Signer::Itself))
                .expect("an identity")
                .fingerprint
        };
        assert_eq!(print(1), print(1));
        assert_ne!(print(1), print(2));
        assert_eq!(print(1).len(), 95);
    }
}
