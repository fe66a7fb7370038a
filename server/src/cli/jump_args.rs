//! What `host add` can be told about the SSH host through which a host is reached.
use clap::Args;
use std::{path::PathBuf, str::FromStr};
use wxa_core::Credential;

use super::secret::{self, SignIn};

#[derive(Args, Debug)]
pub(super) struct JumpArgs {
    /// Reach the host through this SSH host, as `ssh -J` does
    #[arg(long, value_name = "[USER@]ADDRESS[:PORT]")]
    pub(super) jump: Option<JumpPlace>,
    /// Sign in at the jump host with this private key instead of a password
    #[arg(long, requires = "jump", conflicts_with = "jump_agent", value_name = "FILE")]
    jump_key: Option<PathBuf>,
    /// Sign in at the jump host with the SSH agent of the server's environment
    #[arg(long, requires = "jump")]
    jump_agent: bool,
    /// The fingerprint of the jump host's key, compared by you
    #[arg(long, requires = "jump", value_name = "FINGERPRINT")]
    pub(super) jump_fingerprint: Option<String>,
}

impl JumpArgs {
    /// How to sign in at the jump host; asks for what is secret.
    ///
    /// # Errors
    /// When the key cannot be read or nothing is typed.
    pub(super) fn credential(&self, place: &JumpPlace) -> anyhow::Result<Credential> {
        let with = SignIn::from_flags(self.jump_agent, self.jump_key.as_deref());
        secret::credential(with, &place.user, &place.address)
    }
}

/// Where a jump host is, and who we are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JumpPlace {
    pub(super) user: String,
    pub(super) address: String,
    pub(super) port: u16,
}

const FORM: &str = "use [USER@]ADDRESS[:PORT], with brackets around an IPv6 address that has a port";

impl FromStr for JumpPlace {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (user, place) = text.rsplit_once('@').unwrap_or(("root", text));
        let (address, port) = match place.strip_prefix('[') {
            Some(rest) => {
                let (address, rest) = rest.split_once(']').ok_or(FORM)?;
                match rest {
                    "" => (address, None),
                    rest => (address, Some(rest.strip_prefix(':').ok_or(FORM)?)),
                }
            }
            // More than one colon is an IPv6 address.
            None => match place.split_once(':') {
                Some((address, port)) if !port.contains(':') => (address, Some(port)),
                _ => (place, None),
            },
        };
        if user.is_empty() || address.is_empty() {
            return Err(FORM);
        }
        Ok(Self {
            user: user.to_owned(),
            address: address.to_owned(),
            port: port.map_or(Ok(22), str::parse).map_err(|_| FORM)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_host_is_written_as_for_ssh() {
        let place = |text: &str| {
            text.parse::<JumpPlace>()
                .map(|place| (place.user, place.address, place.port))
        };
        let expected = |user: &str, address: &str, port| Ok((user.to_owned(), address.to_owned(), port));
        assert_eq!(place("gate"), expected("root", "gate", 22));
        assert_eq!(place("jo@gate:2222"), expected("jo", "gate", 2222));
        assert_eq!(
            place("jo@[2001:db8::1]:2222"),
            expected("jo", "2001:db8::1", 2222)
        );
        assert_eq!(place("2001:db8::1"), expected("root", "2001:db8::1", 22));
        for bad in ["", "jo@", "@gate", "gate:ssh", "[::1", "[::1]22", "gate:70000"] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }
}
