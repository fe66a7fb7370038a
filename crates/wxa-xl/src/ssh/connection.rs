//! One SSH connection to a host, signed in, with its sessions counted.
use super::{
    Channel, auth, errors,
    handler::{Client, Seen},
    host_key::CONNECT,
    jump,
    terminal::{self, RAW},
};
use crate::{config::SshTarget, transport::Terminal};
use russh::client::{self, Handle};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};
use wxa_driver::{Error, ErrorKind};

/// OpenSSH allows ten sessions on a connection by default; one is left for those that are just closing.
const SESSIONS: usize = 9;
/// Signing in may take this long: PAM modules and slow hosts.
const SIGN_IN: Duration = Duration::from_secs(10);
/// How soon a refused session is asked for again.
const AGAIN: Duration = Duration::from_millis(50);
/// Opening a session, waiting for a free one included.
const OPEN: Duration = Duration::from_secs(20);

/// A connection that is signed in. It closes when the last use of it is gone.
pub(crate) struct Link {
    pub(super) handle: Handle<Client>,
    seen: Arc<Seen>,
    sessions: Arc<Semaphore>,
    /// The jump host that carries it.
    via: Option<Box<Link>>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("closed", &self.is_closed()).finish()
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

/// Connects up to and with the exchange of keys, through the jump host where there is one.
pub(super) async fn connect(
    address: &str,
    port: u16,
    via: Option<&Link>,
    client: Client,
) -> Result<Handle<Client>, Error> {
    let connecting = async {
        let connected = match via {
            None => client::connect(config(), (address, port), client).await,
            Some(jump) => {
                let stream = jump::forward(jump, address, port).await?;
                client::connect_stream(config(), stream, client).await
            }
        };
        connected.map_err(|error| errors::connecting(address, port, error))
    };
    match timeout(CONNECT, connecting).await {
        Ok(connected) => connected,
        Err(_) => Err(errors::connect_timed_out(address, port)),
    }
}

impl Link {
    /// Connects, checks the host's key, and signs in; at the jump host first, where there is one.
    ///
    /// # Errors
    /// `Unreachable`, `TimedOut`, `Malformed`, `KeyChanged`, `JumpKeyChanged`, `Unauthenticated`.
    pub(crate) fn open(target: &SshTarget) -> Pin<Box<dyn Future<Output = Result<Self, Error>> + Send + '_>> {
        Box::pin(async move {
            let via = match &target.jump {
                Some(jump) => Some(Box::new(jump::open(jump).await?)),
                None => None,
            };
            Self::open_via(target, via).await
        })
    }

    async fn open_via(target: &SshTarget, via: Option<Box<Self>>) -> Result<Self, Error> {
        let seen = Arc::new(Seen::default());
        let client = Client {
            pinned: Some(target.pinned_key.clone()),
            seen: seen.clone(),
        };
        let connected = connect(&target.address, target.port, via.as_deref(), client).await;
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
        let mut handle = connected?;
        timeout(SIGN_IN, auth::sign_in(&mut handle, target))
            .await
            .map_err(|_| {
                Error::new(
                    ErrorKind::TimedOut { maybe_done: false },
                    format!("{} did not finish signing in within 10 s.", target.address),
                )
            })??;
        Ok(Self {
            handle,
            seen,
            sessions: Arc::new(Semaphore::new(SESSIONS)),
            via,
        })
    }

    /// Whether it is of no use any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.handle.is_closed()
    }

    /// Why it was lost.
    pub(crate) fn lost(&self) -> Error {
        match &self.via {
            Some(jump) if jump.is_closed() => jump::explain(jump.lost()),
            _ => errors::lost(self.seen.ended()),
        }
    }

    /// Starts a command.
    ///
    /// # Errors
    /// `Unreachable` when the connection is gone, `Refused` when the host opens no more sessions.
    pub(crate) async fn start(&self, line: &str, terminal: Terminal) -> Result<Channel, Error> {
        let channel = self.channel().await?;
        let starting = async {
            let writer = channel.writer()?;
            match terminal {
                Terminal::None => {}
                Terminal::Quiet => {
                    let modes = terminal::QUIET;
                    writer.request_pty(false, "dumb", 80, 24, 0, 0, &modes).await?;
                }
                Terminal::Raw => writer.request_pty(false, "xterm", 80, 24, 0, 0, &RAW).await?,
            }
            writer.exec(true, line).await
        };
        starting.await.map_err(|_: russh::Error| self.lost())?;
        Ok(channel)
    }

    /// Opens a session.
    async fn channel(&self) -> Result<Channel, Error> {
        let refused = AtomicBool::new(false);
        let opening = async {
            let permit = self
                .sessions
                .clone()
                .acquire_owned()
                .await
                .map_err(|_| self.lost())?;
            loop {
                match self.handle.channel_open_session().await {
                    Ok(channel) => return Ok(Channel::new(channel, permit)),
                    Err(russh::Error::ChannelOpenFailure(_)) => refused.store(true, Ordering::Relaxed),
                    Err(_) => return Err(self.lost()),
                }
                // The host allows fewer than is usual: one of ours may end.
                if self.sessions.available_permits() + 1 >= SESSIONS {
                    return Err(errors::no_more_sessions());
                }
                sleep(AGAIN).await;
            }
        };
        match timeout(OPEN, opening).await {
            Ok(result) => result,
            Err(_) if refused.load(Ordering::Relaxed) => Err(errors::no_more_sessions()),
            Err(_) => Err(errors::command_timed_out("opening a session", OPEN, false)),
        }
    }
}
