//! Who asks and how, as reverse proxies that are trusted tell it. Anybody else is not believed.
use axum::http::{HeaderMap, HeaderName};
use std::net::{IpAddr, SocketAddr};

use crate::{
    config::{Network, ProxyHeaders},
    listen::{Peer, Scheme},
};

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The reverse proxies that are believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Which.
    pub trusted: Vec<Network>,
    /// What they say it with.
    pub headers: ProxyHeaders,
}

/// Who asks, as far as can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The nearest address that is no trusted proxy.
    pub address: IpAddr,
    /// How the request travelled to the first of us: with a trusted proxy in front, as that one says.
    pub scheme: Option<Scheme>,
}

impl Proxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// Who is behind `peer`.
    pub fn caller(&self, peer: Peer, headers: &HeaderMap) -> Caller {
        let nearest = peer.address.ip().to_canonical();
        if !self.trusts(nearest) {
            // On this machine it may be a proxy that nobody has named.
            let unknown = nearest.is_loopback() && peer.scheme == Scheme::Http;
            return Caller {
                address: nearest,
                scheme: (!unknown).then_some(peer.scheme),
            };
        }
        let hops = match self.headers {
            ProxyHeaders::XForwarded => x_forwarded(headers),
            ProxyHeaders::Forwarded => forwarded(headers),
        };
        let mut caller = Caller {
            address: nearest,
            scheme: None,
        };
        // From the nearest hop on: each was told by the one before it, which must be trusted itself.
        for hop in hops.into_iter().rev() {
            caller.scheme = hop.scheme.or(caller.scheme);
            let Some(address) = hop.address else { break };
            caller.address = address;
            if !self.trusts(address) {
                break;
            }
        }
        caller
    }
}

/// What one proxy tells of whom it heard.
struct Hop {
    address: Option<IpAddr>,
    scheme: Option<Scheme>,
}

fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).collect()
}

/// The protocol belongs to the nearest hop: proxies replace it, or add theirs at the end.
fn x_forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let scheme = lines(headers, &X_FORWARDED_PROTO)
        .last()
        .and_then(|word| scheme(word));
    let mut hops: Vec<Hop> = lines(headers, &X_FORWARDED_FOR)
        .into_iter()
        .map(|text| Hop {
            address: address(text),
            scheme: None,
        })
        .collect();
    match hops.last_mut() {
        Some(last) => last.scheme = scheme,
        None => hops.push(Hop {
            address: None,
            scheme,
        }),
    }
    hops
}

/// `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"`
fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let hop = |element: &str| {
        let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
        let mut hop = Hop {
            address: None,
            scheme: None,
        };
        for (name, value) in pairs {
            let value = value.trim().trim_matches('"');
            if name.eq_ignore_ascii_case("for") {
                hop.address = address(value);
            } else if name.eq_ignore_ascii_case("proto") {
                hop.scheme = scheme(value);
            }
        }
        hop
    };
    lines(headers, &FORWARDED).into_iter().map(hop).collect()
}

/// An address as proxies write it: bare, in brackets, with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare.parse().ok();
    let address = address.or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address| address.to_canonical())
}

fn scheme(word: &str) -> Option<Scheme> {
    match word {
        word if word.eq_ignore_ascii_case("https") => Some(Scheme::Https),
        word if word.eq_ignore_ascii_case("http") => Some(Scheme::Http),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
