//! What browsers may call this server, for a certificate of our own making.
use std::{fs, net::SocketAddr};

use crate::config::PublicUrl;

/// The listen address, the public one, this machine's name, and loopback.
pub(super) fn of(listen: SocketAddr, public_url: Option<&PublicUrl>) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    if !listen.ip().is_unspecified() {
        names.push(listen.ip().to_string());
    }
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    names.push(host.trim().to_ascii_lowercase());
    names.extend(public_url.map(|url| url.host().trim_matches(['[', ']']).to_owned()));
    names.retain(|name| !name.is_empty() && name.len() < 254 && !name.contains(['*', ' ', '_']));
    names.sort();
    names.dedup();
    names
}
