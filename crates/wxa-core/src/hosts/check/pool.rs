//! What the record of a XAPI pool may hold.
use super::invalid;
use crate::{Credential, Error, JumpHost};

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
