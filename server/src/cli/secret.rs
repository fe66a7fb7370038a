//! How to sign in at a host, as the command line takes it: secrets are asked for, never given as arguments.
use anyhow::Context;
use std::{fs, path::Path};
use wxa_core::Credential;

use super::prompt;

/// What signs in.
#[derive(Clone, Copy, Debug)]
pub(super) enum SignIn<'a> {
    Password,
    Key(&'a Path),
    Agent,
}

impl<'a> SignIn<'a> {
    /// A password where neither flag was given.
    pub(super) fn from_flags(agent: bool, key: Option<&'a Path>) -> Self {
        match (agent, key) {
            (true, _) => Self::Agent,
            (false, Some(path)) => Self::Key(path),
            (false, None) => Self::Password,
        }
    }
}

/// How `user` signs in at `address`; asks for what is secret.
///
/// # Errors
/// When the key cannot be read or nothing is typed.
pub(super) fn credential(with: SignIn<'_>, user: &str, address: &str) -> anyhow::Result<Credential> {
    let path = match with {
        SignIn::Agent => return Ok(Credential::Agent),
        SignIn::Password => {
            let what = format!("Password of {user} on {address}");
            return prompt::password(&what).map(Credential::Password);
        }
        SignIn::Key(path) => path,
    };
    let private_key = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let passphrase = match is_encrypted(&private_key) {
        true => Some(prompt::password(&format!("Passphrase of {}", path.display()))?),
        false => None,
    };
    Ok(Credential::Key {
        private_key: private_key.into(),
        passphrase,
    })
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
