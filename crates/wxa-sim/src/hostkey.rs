//! The host key: from the seed, so that a demo keeps its fingerprint over restarts.

use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey};

use crate::dice::Dice;

/// The key of a host; `generation` counts the times it was changed.
pub(crate) fn host_key(seed: u64, name: &str, generation: u32) -> PrivateKey {
    let bytes = Dice::new(seed, &format!("host key {name} {generation}")).bytes32();
    PrivateKey::from(Ed25519Keypair::from_seed(&bytes))
}

/// `SHA256:…`, as OpenSSH prints it.
pub(crate) fn fingerprint(key: &PrivateKey) -> String {
    key.public_key().fingerprint(HashAlg::Sha256).to_string()
}

/// Type and base64, without a comment.
pub(crate) fn public_line(key: &PrivateKey) -> String {
    let line = key.public_key().to_openssh().unwrap_or_default();
    line.split(' ').take(2).collect::<Vec<_>>().join(" ")
}
