//! What a guest's own agent tells about it.
use serde::{Deserialize, Serialize};

/// Told from inside a guest while it runs. Whoever holds the guest writes it: it is shown, and nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct GuestInfo {
    /// Its operating system, e.g. `Debian GNU/Linux 12 (bookworm)`; empty unknown.
    pub os: String,
    /// Its IP addresses, by network interface, IPv4 before IPv6.
    pub addresses: Vec<String>,
    /// The version of its tools, e.g. `8.4.0`; empty where none were found.
    pub tools: String,
}
