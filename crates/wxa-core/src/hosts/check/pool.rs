//! What the record of a XAPI pool may hold.
use super::invalid;
use crate::{Credential, Error, JumpHost};
use wxa_model::Trust;

/// Bytes of SHA-256.
const DIGEST: usize = 32;

/// The fingerprint of a certificate, as it is kept: hex in upper case, with colons.
pub(super) fn fingerprint(text: &str) -> Result<String, Error> {
    let is_byte = |part: &str| part.len() == 2 && part.chars().all(|c| c.is_ascii_hexdigit());
    if text.split(':').count() == DIGEST && text.split(':').all(is_byte) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(invalid(
            "fingerprint",
            "use the form that openssl x509 -fingerprint -sha256 prints: 32 pairs of hex digits with colons between them",
        ))
    }
}

/// The longest text with certificates of authorities.
const AUTHORITY_MOST: usize = 64 << 10;

/// What a pool is known by: the fingerprint as it is kept, empty where an authority vouches.
pub(super) fn trusted(trust: &Trust, text: &str) -> Result<String, Error> {
    match trust {
        Trust::Pin => return fingerprint(text),
        Trust::System => {}
        Trust::Authority { certificates } => check_authority(certificates)?,
    }
    match text {
        "" => Ok(String::new()),
        _ => Err(invalid(
            "fingerprint",
            "an authority vouches for the certificate: leave the fingerprint empty",
        )),
    }
}

fn check_authority(certificates: &str) -> Result<(), Error> {
    if certificates.len() > AUTHORITY_MOST {
        return Err(invalid(
            "trust",
            "this is too long: give only the authority of the pool",
        ));
    }
    if certificates.contains("PRIVATE KEY-----") {
        return Err(invalid(
            "trust",
            "this holds a private key: give the authority's certificate only, and keep its key secret",
        ));
    }
    match certificates.contains("-----BEGIN CERTIFICATE-----") {
        true => Ok(()),
        false => Err(invalid(
            "trust",
            "use certificates in PEM form: they begin with -----BEGIN CERTIFICATE-----",
        )),
    }
}

pub(super) fn check_credential(credential: &Credential) -> Result<(), Error> {
    match credential {
        Credential::Password(_) => Ok(()),
        Credential::Key { .. } | Credential::Agent => Err(invalid(
            "credential",
            "a pool takes a password: keys and agents are for SSH",
        )),
    }
}

pub(super) fn check_jump(jump: Option<&JumpHost>) -> Result<(), Error> {
    match jump {
        None => Ok(()),
        Some(_) => Err(invalid(
            "jump",
            "a pool is reached directly: jump hosts are for SSH",
        )),
    }
}
