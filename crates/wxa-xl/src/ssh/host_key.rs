//! Looking at a host's key before anything is trusted.
use super::{
    connection::connect,
    handler::{Client, Seen},
    jump,
};
use crate::config::SshTarget;
use std::{sync::Arc, time::Duration};
use wxa_driver::{Error, ErrorKind};

/// A host's public key, as people compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    /// E.g. `ssh-ed25519`.
    pub algorithm: String,
}

/// How long connecting may take, up to and with the exchange of keys.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// Fetches the key of the SSH server at an address, as seen from the jump host where there is one. Only the handshake
/// takes place: no account is named, nothing is proven, and the connection ends there. At the jump host we do sign in.
///
/// # Errors
/// `Unreachable` or `TimedOut` when there is no answer, `Malformed` when it is not an SSH server; whatever signing in
/// at the jump host can meet.
pub async fn host_key(address: &str, port: u16, jump: Option<&SshTarget>) -> Result<HostKey, Error> {
    let via = jump::via(jump).await?;
    let seen = Arc::new(Seen::default());
    let client = Client {
        pinned: None,
        seen: seen.clone(),
    };
    let connected = connect(address, port, via.as_ref(), client).await;
    if let Some(key) = seen.key() {
        return Ok(key);
    }
    Err(match connected {
        Err(error) => error,
        Ok(_) => Error::new(
            ErrorKind::Malformed,
            "The host finished the handshake without showing a key.",
        ),
    })
}
