//! By what a pool's certificates are known, and what is known of its members.
use serde::{Deserialize, Serialize};

/// By what the certificate of a pool is known. Hosts that are reached over SSH are known by a pinned key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trust {
    /// By the fingerprint that an administrator confirmed, and what the pool itself tells of its other members.
    #[default]
    Pin,
    /// By an authority that the machine of the server trusts: it must be valid now, for the address.
    System,
    /// By an authority that the administrator gave: it must be valid now, for the address.
    Authority {
        /// Certificates in PEM form, one after the other. They are public.
        certificates: String,
    },
}

impl Trust {
    /// Whether a fingerprint is compared.
    pub fn is_pin(&self) -> bool {
        matches!(self, Self::Pin)
    }
}

/// A member that its pool told us through a connection that was trusted already.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownMember {
    /// Its address, as its pool tells it.
    pub address: String,
    /// What its pool calls it besides.
    pub names: Vec<String>,
    /// SHA-256 of its certificates as hex with colons; empty where its pool tells none.
    pub fingerprints: Vec<String>,
}
