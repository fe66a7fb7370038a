//! A host that is reached: what runs commands there, and what is put before each of them.
use super::{Process, Terminal, Tunnel};
use crate::{config::Reach, local::Local, ssh::Link};
use wxa_driver::Error;

/// A host that is reached. An SSH connection closes when the last use of it is gone.
#[derive(Debug)]
pub(crate) struct Connection {
    way: Way,
    /// Put before each command.
    prefix: Vec<&'static str>,
}

#[derive(Debug)]
enum Way {
    Ssh(Link),
    Local(Local),
}

impl Connection {
    /// Reaches the host, and finds out whether sudo is needed there.
    ///
    /// # Errors
    /// `Unreachable`, `TimedOut`, `Malformed`, `KeyChanged`, `JumpKeyChanged`, `Unauthenticated`.
    pub(crate) async fn open(reach: &Reach) -> Result<Self, Error> {
        let way = match reach {
            Reach::Ssh(target) => Way::Ssh(Link::open(target).await?),
            Reach::Local(target) => Way::Local(Local::new(target)),
        };
        let mut connection = Self {
            way,
            prefix: Vec::new(),
        };
        // An account's profile may greet before.
        let uid = connection.read(&["id", "-u"], 16 << 10).await?;
        if uid.lines().last().map(str::trim) != Some("0") {
            connection.prefix = vec!["sudo", "-n"];
        }
        Ok(connection)
    }

    /// Whether it is of no use any more.
    pub(crate) fn is_closed(&self) -> bool {
        match &self.way {
            Way::Ssh(link) => link.is_closed(),
            Way::Local(_) => false,
        }
    }

    /// The words of a command as they are run: through sudo where that is needed.
    fn words<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        self.prefix.iter().chain(words).copied().collect()
    }

    /// The same as a line, for messages.
    pub(crate) fn command_line(&self, words: &[&str]) -> String {
        crate::shell::line(self.words(words))
    }

    /// Why it was lost.
    pub(crate) fn lost(&self) -> Error {
        match &self.way {
            Way::Ssh(link) => link.lost(),
            Way::Local(_) => crate::local::lost(),
        }
    }

    /// A stream to a port, as the host itself reaches it: no port of the host's is seen from outside.
    ///
    /// # Errors
    /// `PermissionDenied` when the host forwards nothing for this account, `Refused` when nothing answers there, `Unreachable`.
    pub(crate) async fn tunnel(&self, address: &str, port: u16) -> Result<Tunnel, Error> {
        match &self.way {
            Way::Ssh(link) => link.tunnel(address, port).await,
            Way::Local(_) => crate::local::tunnel(address, port).await,
        }
    }

    /// Starts a command.
    ///
    /// # Errors
    /// `Unreachable` when the connection is gone, `Refused` when the host opens no more sessions.
    pub(crate) async fn start(&self, words: &[&str], terminal: Terminal) -> Result<Process, Error> {
        let words = self.words(words);
        match &self.way {
            Way::Ssh(link) => {
                let line = crate::shell::line(words);
                link.start(&line, terminal).await.map(Process::Ssh)
            }
            Way::Local(local) => local.start(&words, terminal).map(Process::Local),
        }
    }
}
