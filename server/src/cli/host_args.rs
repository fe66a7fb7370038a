//! What `host add` can be told.
use clap::Args;
use std::{fs, path::PathBuf};
use wxa_core::Credential;
use wxa_model::Trust;

use super::{
    jump_args::JumpArgs,
    secret::{self, SignIn},
};
use anyhow::Context;

#[derive(Args, Debug)]
pub(super) struct HostAddArgs {
    /// DNS name or IP address; `local` for the machine that the server runs on, without SSH
    pub(super) address: String,
    /// It is a member of an XCP-ng or XenServer pool: add the whole pool, over HTTPS
    #[arg(long, conflicts_with_all = ["config_dir", "key", "agent", "known_hosts", "jump"])]
    pub(super) xapi: bool,
    /// Port of SSH or of XAPI; 22 or 443 when nothing is said
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    pub(super) port: u16,
    /// Account on the host; over SSH, anybody but root goes through `sudo -n`
    #[arg(long, default_value = "root")]
    pub(super) user: String,
    /// What to call the host or pool; its own name when nothing is said
    #[arg(long, default_value = "")]
    pub(super) name: String,
    /// The site it stands in; made when it is not there
    #[arg(long, default_value = "")]
    pub(super) site: String,
    /// Folder with the guests' definitions
    #[arg(long, default_value = "")]
    pub(super) config_dir: String,
    /// Sign in with this private key instead of a password
    #[arg(long, conflicts_with = "agent")]
    key: Option<PathBuf>,
    /// Sign in with the SSH agent of the server's environment
    #[arg(long)]
    agent: bool,
    #[command(flatten)]
    pub(super) trust: TrustArgs,
    #[command(flatten)]
    pub(super) authority: AuthorityArgs,
    #[command(flatten)]
    pub(super) jump: JumpArgs,
}

/// Who vouches for a pool's certificate, instead of a fingerprint.
#[derive(Args, Debug)]
pub(super) struct AuthorityArgs {
    /// Trust the pool's certificates by this authority (PEM): they must be valid, for its members' addresses
    #[arg(long, value_name = "FILE", requires = "xapi", conflicts_with_all = ["fingerprint", "system_ca"])]
    ca: Option<PathBuf>,
    /// Trust the pool's certificates by the authorities that this machine trusts
    #[arg(long, requires = "xapi", conflicts_with = "fingerprint")]
    system_ca: bool,
}

impl AuthorityArgs {
    /// By what the pool is known.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn trust(&self) -> anyhow::Result<Trust> {
        match &self.ca {
            Some(path) => Ok(Trust::Authority {
                certificates: fs::read_to_string(path)
                    .with_context(|| format!("reading {}", path.display()))?,
            }),
            None if self.system_ca => Ok(Trust::System),
            None => Ok(Trust::Pin),
        }
    }
}

impl HostAddArgs {
    /// How to sign in; asks for what is secret.
    ///
    /// # Errors
    /// When the key cannot be read or nothing is typed.
    pub(super) fn credential(&self) -> anyhow::Result<Credential> {
        let with = SignIn::from_flags(self.agent, self.key.as_deref());
        secret::credential(with, &self.user, &self.address)
    }
}

/// How a host's key is confirmed.
#[derive(Args, Debug)]
pub(super) struct TrustArgs {
    /// The fingerprint of the host key (SHA256:…), or of the pool's certificate (hex with colons), compared by you; asked about when nothing is said
    #[arg(long)]
    pub(super) fingerprint: Option<String>,
    /// Confirm the keys of host and jump host by this file of OpenSSH's (e.g. ~/.ssh/known_hosts)
    #[arg(long, value_name = "FILE")]
    known_hosts: Option<PathBuf>,
}

impl TrustArgs {
    /// The file's text; empty where none was named.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn known_hosts(&self) -> anyhow::Result<String> {
        match &self.known_hosts {
            None => Ok(String::new()),
            Some(path) => {
                let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
        }
    }
}
