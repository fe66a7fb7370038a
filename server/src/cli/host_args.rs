//! What `host add` can be told.
use anyhow::Context;
use clap::Args;
use std::{fs, path::PathBuf};
use wxa_core::Credential;

use super::prompt;

#[derive(Args, Debug)]
pub(super) struct HostAddArgs {
    /// DNS name or IP address
    pub(super) address: String,
    /// SSH port
    #[arg(long, default_value_t = 22)]
    pub(super) port: u16,
    /// Account on the host; anybody but root goes through `sudo -n`
    #[arg(long, default_value = "root")]
    pub(super) user: String,
    /// What to call it; its own name when nothing is said
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
    pub(super) key: Option<PathBuf>,
    /// Sign in with the SSH agent of the server's environment
    #[arg(long)]
    pub(super) agent: bool,
    /// The host key's fingerprint (SHA256:…), compared by you; asked about when nothing is said
    #[arg(long)]
    pub(super) fingerprint: Option<String>,
}

impl HostAddArgs {
    /// How to sign in; asks for what is secret.
    ///
    /// # Errors
    /// When the key cannot be read or nothing is typed.
    pub(super) fn credential(&self) -> anyhow::Result<Credential> {
        if self.agent {
            return Ok(Credential::Agent);
        }
        let Some(path) = &self.key else {
            let what = format!("Password of {} on {}", self.user, self.address);
            return prompt::password(&what).map(Credential::Password);
        };
        let private_key = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let passphrase = match is_encrypted(&private_key) {
            true => Some(prompt::password("Passphrase of the key")?),
            false => None,
        };
        Ok(Credential::Key {
            private_key: private_key.into(),
            passphrase,
        })
    }
}

/// Good enough to know whether to ask: a wrong guess is told by the host's answer.
fn is_encrypted(key: &str) -> bool {
    use base64::{Engine, prelude::BASE64_STANDARD};
    if key.contains("ENCRYPTED") {
        return true;
    }
    let body: String = key.lines().filter(|line| !line.starts_with("-----")).collect();
    // OpenSSH: a magic word, then the cipher's name, which is "none" for a key in the clear.
    let bytes = BASE64_STANDARD.decode(body.trim()).unwrap_or_default();
    let rest = bytes.strip_prefix(b"openssh-key-v1\0");
    rest.is_some_and(|rest| !rest.starts_with(b"\0\0\0\x04none"))
}
