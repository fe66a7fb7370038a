//! Looking at a host's key before anything is trusted.
use super::{
    errors,
    handler::{Client, Seen},
};
use russh::client;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
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

/// Fetches the key of the SSH server at an address. Only the handshake takes place: no account is named, nothing is
/// proven, and the connection ends there.
///
/// # Errors
/// `Unreachable` or `TimedOut` when there is no answer, `Malformed` when it is not an SSH server.
pub async fn host_key(address: &str, port: u16) -> Result<HostKey, Error> {
    let seen = Arc::new(Seen::default());
    let client = Client {
        pinned: None,
        seen: seen.clone(),
    };
    let connecting = client::connect(super::connection::config(), (address, port), client);
    let result = timeout(CONNECT, connecting).await;
    if let Some(key) = seen.key() {
        return Ok(key);
    }
    Err(match result {
        Err(_) => errors::connect_timed_out(address, port),
        Ok(Err(error)) => errors::connecting(address, port, error),
        Ok(Ok(_)) => Error::new(
            ErrorKind::Malformed,
            "The host finished the handshake without showing a key.",
        ),
    })
}
