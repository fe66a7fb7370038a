//! One SSH connection to a host, signed in, with its sessions counted.
use super::{
    Channel, auth, errors,
    handler::{Client, Seen},
    host_key::CONNECT,
};
use crate::config::XlConfig;
use russh::client::{self, Handle};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::timeout};
use wxa_driver::{Error, ErrorKind};

/// OpenSSH allows ten sessions on a connection by default; one is left for those that are just closing.
const SESSIONS: usize = 9;
/// Signing in may take this long: PAM modules and slow hosts.
const SIGN_IN: Duration = Duration::from_secs(10);
/// Opening a session, waiting for a free one included.
const OPEN: Duration = Duration::from_secs(20);

/// A connection that is signed in. It closes when the last use of it is gone.
pub(crate) struct Connection {
    handle: Handle<Client>,
    seen: Arc<Seen>,
    sessions: Arc<Semaphore>,
    /// Put before each command.
    prefix: Vec<&'static str>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("closed", &self.is_closed())
            .finish()
    }
}

/// Keepalives find a dead connection within 10 s even when nothing is going on.
pub(super) fn config() -> Arc<client::Config> {
    Arc::new(client::Config {
        keepalive_interval: Some(Duration::from_millis(2250)),
        keepalive_max: 3,
        nodelay: true,
        ..client::Config::default()
    })
}

impl Connection {
    /// Connects, checks the host's key, signs in, and finds out whether sudo is needed.
    ///
    /// # Errors
    /// `Unreachable`, `TimedOut`, `Malformed`, `KeyChanged`, `Unauthenticated`.
    pub(crate) async fn open(target: &XlConfig) -> Result<Self, Error> {
        let seen = Arc::new(Seen::default());
        let client = Client {
            pinned: Some(target.pinned_key.clone()),
            seen: seen.clone(),
        };
        let connecting = client::connect(config(), (target.address.as_str(), target.port), client);
        let result = timeout(CONNECT, connecting).await;
        if let Some(key) = seen.key()
            && key.fingerprint != target.pinned_key
        {
            return Err(Error::new(
                ErrorKind::KeyChanged {
                    pinned: target.pinned_key.clone(),
                    seen: key.fingerprint.clone(),
                },
                format!(
                    "{} shows another host key than the confirmed one: {} ({}), not {}.",
                    target.address, key.fingerprint, key.algorithm, target.pinned_key
                ),
            ));
        }
        let mut handle = match result {
            Err(_) => return Err(errors::connect_timed_out(&target.address, target.port)),
            Ok(Err(error)) => return Err(errors::connecting(&target.address, target.port, error)),
            Ok(Ok(handle)) => handle,
        };
        timeout(SIGN_IN, auth::sign_in(&mut handle, target))
            .await
            .map_err(|_| {
                Error::new(
                    ErrorKind::TimedOut { maybe_done: false },
                    format!("{} did not finish signing in within 10 s.", target.address),
                )
            })??;
        let mut connection = Self {
            handle,
            seen,
            sessions: Arc::new(Semaphore::new(SESSIONS)),
            prefix: Vec::new(),
        };
        let uid = connection.read(&["id", "-u"], 64).await?;
        if uid.trim() != "0" {
            connection.prefix = vec!["sudo", "-n"];
        }
        Ok(connection)
    }

    /// Whether it is of no use any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.handle.is_closed()
    }

    /// The words of a command as they are sent: through sudo where that is needed.
    pub(crate) fn command_line(&self, words: &[&str]) -> String {
        crate::shell::line(self.prefix.iter().chain(words))
    }

    /// Why it was lost.
    pub(crate) fn lost(&self) -> Error {
        errors::lost(self.seen.ended())
    }

    /// Opens a session.
    ///
    /// # Errors
    /// `Unreachable` when the connection is gone, `Busy` when no session is free.
    pub(crate) async fn channel(&self) -> Result<Channel, Error> {
        let opening = async {
            let permit = self
                .sessions
                .clone()
                .acquire_owned()
                .await
                .map_err(|_| self.lost())?;
            let channel = self
                .handle
                .channel_open_session()
                .await
                .map_err(|error| match error {
                    russh::Error::ChannelOpenFailure(reason) => Error::new(
                        ErrorKind::Busy,
                        format!(
                            "The host opens no more sessions ({reason:?}); sshd's MaxSessions may be too low."
                        ),
                    ),
                    _ => self.lost(),
                })?;
            Ok(Channel::new(channel, permit))
        };
        match timeout(OPEN, opening).await {
            Ok(result) => result,
            Err(_) => Err(errors::command_timed_out("opening a session", OPEN, false)),
        }
    }
}
