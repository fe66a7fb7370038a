//! OpenSSH's `known_hosts` format: what a file says about the key that a host shows. Pure.
use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use wxa_model::KnownHost;

use crate::HostKey;

/// One line about some host.
struct Line<'a> {
    number: u32,
    marker: Option<Marker>,
    names: &'a str,
    algorithm: &'a str,
    /// `SHA256:…` of its key.
    fingerprint: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Revoked,
    Authority,
}

/// What `text` says about `key`, which the host at `address` and `port` shows. A line that cannot be read is passed
/// over, as OpenSSH does it. Revocation wins over everything.
pub(crate) fn look_up(text: &str, address: &str, port: u16, key: &HostKey) -> KnownHost {
    let name = lookup_name(address, port);
    let mut unreadable = None;
    let mut about = Vec::new();
    for (number, text) in (1u32..).zip(text.lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match parse(number, text) {
            Some(line) if names_match(line.names, &name) => about.push(line),
            Some(_) => {}
            None => unreadable = unreadable.or(Some(number)),
        }
    }
    let with = |marker: Option<Marker>| about.iter().filter(move |line| line.marker == marker);
    if let Some(line) = with(Some(Marker::Revoked)).find(|line| line.fingerprint == key.fingerprint) {
        return KnownHost::Revoked { line: line.number };
    }
    if let Some(line) = with(None).find(|line| line.fingerprint == key.fingerprint) {
        return KnownHost::Listed { line: line.number };
    }
    if let Some(line) = with(None).find(|line| line.algorithm == key.algorithm) {
        return KnownHost::Differs {
            line: line.number,
            fingerprint: line.fingerprint.clone(),
        };
    }
    let mut types: Vec<String> = with(None).map(|line| line.algorithm.to_owned()).collect();
    types.sort();
    types.dedup();
    if !types.is_empty() {
        return KnownHost::OtherTypes { types };
    }
    match with(Some(Marker::Authority)).next() {
        Some(line) => KnownHost::Authority { line: line.number },
        None => KnownHost::Missing { unreadable },
    }
}

/// How OpenSSH writes it: the port only where it is not 22.
fn lookup_name(address: &str, port: u16) -> String {
    let address = address.to_ascii_lowercase();
    match port {
        22 => address,
        port => format!("[{address}]:{port}"),
    }
}

fn parse(number: u32, text: &str) -> Option<Line<'_>> {
    let mut words = text.split_ascii_whitespace();
    let first = words.next()?;
    let (marker, names) = match first {
        "@revoked" => (Some(Marker::Revoked), words.next()?),
        "@cert-authority" => (Some(Marker::Authority), words.next()?),
        other if other.starts_with('@') => return None,
        names => (None, names),
    };
    let algorithm = words.next()?;
    let key = decode(words.next()?)?;
    // The key itself begins with its type: a line that says another one is damaged.
    let (length, rest) = key.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    if rest.get(..length)? != algorithm.as_bytes() {
        return None;
    }
    let fingerprint = format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&key)));
    Some(Line {
        number,
        marker,
        names,
        algorithm,
        fingerprint,
    })
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Whether a line's first word names the host: a hash, or patterns of which one must match and no `!` one may.
fn names_match(names: &str, name: &str) -> bool {
    if names.starts_with('|') {
        return hash_matches(names, name) == Some(true);
    }
    let mut found = false;
    for pattern in names.split(',') {
        match pattern.strip_prefix('!') {
            Some(not) if wildcard(not, name) => return false,
            Some(_) => {}
            None => found |= wildcard(pattern, name),
        }
    }
    found
}

/// `|1|salt|hash`, both in base64: HMAC-SHA1 of the name.
fn hash_matches(text: &str, name: &str) -> Option<bool> {
    let (salt, hash) = text.strip_prefix("|1|")?.split_once('|')?;
    let mut mac = Hmac::<Sha1>::new_from_slice(&decode(salt)?).ok()?;
    mac.update(name.as_bytes());
    Some(mac.verify_slice(&decode(hash)?).is_ok())
}

/// `*` stands for any characters, `?` for one; case does not matter. Takes time in proportion to both lengths.
fn wildcard(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    // Where to go on when what came after the latest `*` does not fit.
    let mut again = None;
    while let Some(byte) = name.get(n) {
        match pattern.get(p) {
            Some(b'*') => {
                again = Some((p + 1, n));
                p += 1;
            }
            Some(want) if *want == b'?' || want.eq_ignore_ascii_case(byte) => {
                p += 1;
                n += 1;
            }
            _ => match again {
                Some((after, at)) => {
                    again = Some((after, at + 1));
                    (p, n) = (after, at + 1);
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_none_or(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests;
