//! What we answer when the host speaks first: its key is checked before anything of ours is sent.
use super::host_key::HostKey;
use russh::{
    client::{self, DisconnectReason},
    keys::{HashAlg, PublicKeyOrCertificate},
};
use std::sync::{Arc, Mutex, PoisonError};

/// What was learned while connecting; shared between russh's task and ours.
#[derive(Debug, Default)]
pub(super) struct Seen {
    key: Mutex<Option<HostKey>>,
    ended: Mutex<Option<String>>,
}

impl Seen {
    /// The key that the host showed.
    pub(super) fn key(&self) -> Option<HostKey> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why the connection ended, if it has.
    pub(super) fn ended(&self) -> Option<String> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Accepts the pinned key only; without a pinned key it accepts none, which is how a key is looked at.
pub(super) struct Client {
    pub(super) pinned: Option<String>,
    pub(super) seen: Arc<Seen>,
}

impl client::Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let key = match key {
            PublicKeyOrCertificate::PublicKey { key, .. } => HostKey {
                fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
                algorithm: key.algorithm().as_str().to_owned(),
            },
            // The key inside a certificate is what a fingerprint names.
            PublicKeyOrCertificate::Certificate(certificate) => HostKey {
                fingerprint: certificate.public_key().fingerprint(HashAlg::Sha256).to_string(),
                algorithm: certificate.algorithm().as_str().to_owned(),
            },
        };
        let accepted = self.pinned.as_ref() == Some(&key.fingerprint);
        *self.seen.key.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
        Ok(accepted)
    }

    async fn disconnected(&mut self, reason: DisconnectReason<Self::Error>) -> Result<(), Self::Error> {
        let (why, error) = match reason {
            DisconnectReason::ReceivedDisconnect(info) => {
                (format!("the host closed it: {}", info.message), None)
            }
            DisconnectReason::Error(error) => (error.to_string(), Some(error)),
        };
        *self.seen.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(crate::parse::printable(&why));
        match error {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}
