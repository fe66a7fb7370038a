//! Commands as processes beside us: the server runs in the control domain itself.
mod child;

pub(crate) use child::{Child, Input, Output};

use crate::{
    config::LocalTarget,
    transport::{Said, Terminal, Tunnel},
};
use bytes::Bytes;
use std::{ffi::OsString, io, path::Path};
use wxa_driver::{Error, ErrorKind};

/// Where Xen's tools and what they need are looked for, besides our own search path.
const TOOLS: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Runs commands on this machine.
#[derive(Debug)]
pub(crate) struct Local {
    path: OsString,
}

impl Local {
    pub(crate) fn new(target: &LocalTarget) -> Self {
        Self {
            path: target.path.clone().unwrap_or_else(|| OsString::from(TOOLS)),
        }
    }

    /// Starts a command, in a process group of its own. Nothing of our environment reaches it.
    ///
    /// # Errors
    /// `Unreachable` when this machine starts no more processes.
    pub(crate) fn start(&self, words: &[&str], terminal: Terminal) -> Result<Child, Error> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(Error::new(ErrorKind::Internal, "A command without words."));
        };
        // As a shell does it: what cannot be run is the command's failure, not the host's.
        let Some(found) = find(program, &self.path) else {
            let words = format!("{program}: command not found\n");
            return Ok(Child::failed(127, Bytes::from(words)));
        };
        let started = match terminal {
            Terminal::None => Child::on_pipes(found.as_os_str(), arguments, &self.path),
            Terminal::Quiet | Terminal::Raw => Child::on_terminal(found.as_os_str(), arguments, &self.path),
        };
        started.or_else(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => {
                let words = format!("{program}: {error}\n");
                Ok(Child::failed(126, Bytes::from(words)))
            }
            _ => Err(Error::new(
                ErrorKind::Unreachable,
                format!("This machine cannot start `{program}` now: {error}."),
            )
            .with_source(error)),
        })
    }
}

/// The program in the search path; one that is named with its folder needs none.
fn find(program: &str, path: &std::ffi::OsStr) -> Option<std::path::PathBuf> {
    if program.contains('/') {
        return Some(program.into());
    }
    std::env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A stream to a port of this machine.
///
/// # Errors
/// `Refused` when nothing answers there.
pub(crate) async fn tunnel(address: &str, port: u16) -> Result<Tunnel, Error> {
    let connecting = tokio::net::TcpStream::connect((address, port));
    match tokio::time::timeout(std::time::Duration::from_secs(5), connecting).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(_)) | Err(_) => Err(crate::ssh::nothing_there(port)),
    }
}

/// Whether this machine looks like a control domain: then it can be managed without SSH.
pub fn is_control_domain() -> bool {
    let capabilities = std::fs::read_to_string("/proc/xen/capabilities").unwrap_or_default();
    capabilities.contains("control_d") || Path::new("/usr/sbin/xl").exists() || Path::new("/sbin/xl").exists()
}

/// A process that is gone without having ended: that cannot be, but it is no reason to stop.
pub(crate) fn lost() -> Error {
    Error::new(
        ErrorKind::Unreachable,
        "A command on this machine ended without saying how.",
    )
}

/// What a command that was never started says.
fn failure(status: u32, words: Bytes) -> [Said; 2] {
    [Said::Err(words), Said::Ended(Some(status))]
}

#[cfg(test)]
mod tests;
