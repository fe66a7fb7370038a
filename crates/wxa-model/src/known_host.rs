//! What a `known_hosts` file says about the key that a host shows.
use serde::{Deserialize, Serialize};

/// What the file says. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownHost {
    /// This very key is listed for this host.
    Listed {
        /// Where.
        line: u32,
    },
    /// Another key of the same type is listed for this host.
    Differs {
        /// Where.
        line: u32,
        /// That key's fingerprint, `SHA256:…`.
        fingerprint: String,
    },
    /// Only keys of other types are listed for this host.
    OtherTypes {
        /// Those types, e.g. `ssh-rsa`.
        types: Vec<String>,
    },
    /// The key is marked `@revoked`: it must not be used any more.
    Revoked {
        /// Where.
        line: u32,
    },
    /// Only an authority that signs host keys is listed for this host.
    Authority {
        /// Where.
        line: u32,
    },
    /// The host is not listed.
    Missing {
        /// The first line that cannot be read, if there is one.
        unreadable: Option<u32>,
    },
}

impl KnownHost {
    /// Whether a person need not compare the key any more.
    pub fn is_confirmed(&self) -> bool {
        matches!(self, Self::Listed { .. })
    }

    /// Whether the key must not be trusted, whatever a person thinks.
    pub fn forbids(&self) -> bool {
        matches!(self, Self::Revoked { .. })
    }

    /// What it means, in words.
    pub fn sentence(&self) -> String {
        match self {
            Self::Listed { line } => format!("Line {line} of known_hosts has this key for this host."),
            Self::Differs { line, fingerprint } => format!(
                "Line {line} of known_hosts has another key for this host: {fingerprint}. The host was set up anew, or \
                 something else answers in its place. Compare it on the host itself."
            ),
            Self::OtherTypes { types } => format!(
                "known_hosts has keys of other types for this host ({}), but not the one it shows. ssh-keyscan adds \
                 the rest; or compare this one on the host itself.",
                types.join(", ")
            ),
            Self::Revoked { line } => {
                format!("Line {line} of known_hosts has this key as @revoked: it must not be trusted.")
            }
            Self::Authority { line } => format!(
                "Line {line} of known_hosts names an authority (@cert-authority). Host certificates are not \
                 checked here: compare the host's own key."
            ),
            Self::Missing { unreadable: None } => {
                "This host is not in known_hosts, at least not under this address and port.".to_owned()
            }
            Self::Missing {
                unreadable: Some(line),
            } => format!(
                "This host is not in known_hosts, at least not under this address and port; line {line} cannot be read."
            ),
        }
    }
}
