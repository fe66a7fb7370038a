//! How a plain Xen host is reached.
use crate::world::Runs;
use secrecy::SecretString;
use std::{ffi::OsString, path::PathBuf};
use wxa_model::{Arrival, HostId, SiteId};

/// A plain Xen host and how it is reached.
#[derive(Clone, Debug)]
pub struct XlConfig {
    /// The site it stands in: VM ids derive from it.
    pub site: SiteId,
    /// Our id of it: VM ids derive from it.
    pub host: HostId,
    /// The way there.
    pub reach: Reach,
    /// The folder with the definitions (`*.cfg`), absolute.
    pub config_dir: String,
    /// What is known of runs on the site's other hosts: guests come from there.
    pub runs: Runs,
    /// The guests that an earlier driver of this host knew to have come there from others.
    pub arrivals: Vec<Arrival>,
}

impl XlConfig {
    /// Where definitions are by convention.
    pub const DEFAULT_CONFIG_DIR: &'static str = "/etc/xen";
}

/// The way to a host.
#[derive(Clone, Debug)]
pub enum Reach {
    /// It is this very machine: commands are processes beside us.
    Local(LocalTarget),
    /// It is reached over SSH.
    Ssh(SshTarget),
}

/// This machine.
#[derive(Clone, Debug, Default)]
pub struct LocalTarget {
    /// Where tools are looked for, as in `PATH`; none takes the usual folders.
    pub path: Option<OsString>,
}

/// An SSH server and who we are there.
#[derive(Clone, Debug)]
pub struct SshTarget {
    /// Name or address.
    pub address: String,
    /// SSH port.
    pub port: u16,
    /// Account. Anyone but root goes through `sudo -n`.
    pub user: String,
    /// What proves that we are that account.
    pub credential: Credential,
    /// The confirmed host key, `SHA256:…` as OpenSSH prints it. Another one stops everything.
    pub pinned_key: String,
    /// The SSH server through which it is reached, if it is.
    pub jump: Option<Box<SshTarget>>,
}

/// What proves who we are. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A password.
    Password(SecretString),
    /// A private key.
    Key {
        /// In OpenSSH's, PEM or PuTTY's format.
        pem: SecretString,
        /// What it is encrypted with; none where it is not.
        passphrase: Option<SecretString>,
    },
    /// The keys of an SSH agent.
    Agent {
        /// Its socket; none for the one that `SSH_AUTH_SOCK` names.
        socket: Option<PathBuf>,
    },
}
