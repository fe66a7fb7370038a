//! Telling the service manager how it goes, as `sd_notify(3)` does: ready, reloading, stopping, still alive.
use std::{
    ffi::OsString,
    io,
    os::{
        linux::net::SocketAddrExt,
        unix::{
            ffi::OsStrExt,
            net::{SocketAddr, UnixDatagram},
        },
    },
    path::PathBuf,
    time::Duration,
};

/// Where to tell it. Without a service manager nobody is told.
#[derive(Debug)]
pub struct Notify {
    to: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl Notify {
    /// As the environment says: `NOTIFY_SOCKET`, `WATCHDOG_USEC`.
    pub fn from_env() -> Self {
        Self::new(
            std::env::var_os("NOTIFY_SOCKET"),
            std::env::var("WATCHDOG_USEC").ok(),
        )
    }

    fn new(socket: Option<OsString>, watchdog_usec: Option<String>) -> Self {
        let to = socket
            .filter(|socket| !socket.is_empty())
            .and_then(|socket| match open(&socket) {
                Ok(to) => Some(to),
                Err(error) => {
                    tracing::warn!(%error, "the service manager cannot be told anything");
                    None
                }
            });
        let watchdog = watchdog_usec
            .and_then(|usec| usec.parse().ok())
            .filter(|usec| *usec > 0)
            .map(Duration::from_micros);
        Self { to, watchdog }
    }

    /// Whether a service manager listens.
    pub fn is_heard(&self) -> bool {
        self.to.is_some()
    }

    /// Requests are answered, on `url`.
    pub fn ready(&self, url: &str) {
        self.say(&format!("READY=1\nSTATUS=Serving on {url}"));
    }

    /// Settings are read again; [`Notify::ready`] follows.
    pub fn reloading(&self) {
        self.say("RELOADING=1\nSTATUS=Reloading");
    }

    /// The end has begun.
    pub fn stopping(&self) {
        self.say("STOPPING=1\nSTATUS=Stopping");
    }

    /// Still alive.
    pub fn alive(&self) {
        self.say("WATCHDOG=1");
    }

    /// How often to say [`Notify::alive`]: twice within the time after which the service manager gives up.
    pub fn alive_every(&self) -> Option<Duration> {
        self.watchdog.filter(|_| self.is_heard()).map(|within| within / 2)
    }

    fn say(&self, text: &str) {
        if let Some((socket, to)) = &self.to
            && let Err(error) = socket.send_to_addr(text.as_bytes(), to)
        {
            tracing::debug!(%error, "the service manager was not told");
        }
    }
}

fn open(socket: &OsString) -> io::Result<(UnixDatagram, SocketAddr)> {
    let to = match socket.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(PathBuf::from(socket))?,
    };
    let datagram = UnixDatagram::unbound()?;
    // A service manager that does not listen must not hold us up.
    datagram.set_nonblocking(true)?;
    Ok((datagram, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_manager_hears_it_on_both_kinds_of_sockets() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let name = format!("wxa-notify-{}", std::process::id());
        let abstract_name = SocketAddr::from_abstract_name(&name).expect("a name");
        let sockets = [
            (
                UnixDatagram::bind(&path).expect("a socket"),
                path.into_os_string(),
            ),
            (
                UnixDatagram::bind_addr(&abstract_name).expect("a socket"),
                format!("@{name}").into(),
            ),
        ];
        for (manager, said) in sockets {
            let notify = Notify::new(Some(said), Some("30000000".into()));
            notify.ready("http://127.0.0.1:8006");
            let mut buffer = [0; 100];
            let length = manager.recv(&mut buffer).expect("a message");
            let text = String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned();
            assert_eq!(text, "READY=1\nSTATUS=Serving on http://127.0.0.1:8006");
            assert_eq!(notify.alive_every(), Some(Duration::from_secs(15)));
        }
    }

    #[test]
    fn without_a_service_manager_nothing_happens() {
        let notify = Notify::new(None, Some("30000000".into()));
        notify.ready("http://127.0.0.1:8006");
        assert!(!notify.is_heard() && notify.alive_every().is_none());
        assert!(!Notify::new(Some("/nowhere/at/all/".repeat(20).into()), None).is_heard());
    }
}
