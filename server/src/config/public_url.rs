//! The address under which browsers reach the server.
use axum::http::Uri;
use std::{fmt, net::Ipv6Addr, str::FromStr};

/// Scheme, host and port, written as browsers write an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// `https://console.example`, without a trailing slash.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Its host, without scheme and port.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        match authority.rsplit_once(':') {
            // A colon inside brackets belongs to an IPv6 address.
            Some((host, port)) if !port.contains(']') => host,
            _ => authority,
        }
    }

    /// Whether browsers talk TLS to it.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let uri: Uri = text.parse().map_err(|_| ())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(());
        };
        let default_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(()),
        };
        let bare = uri.path_and_query().is_none_or(|rest| rest.as_str() == "/");
        // `Uri` drops what follows a `#`, and takes no port and an unreadable one for the same.
        let host = authority.host().to_ascii_lowercase();
        let said_port = authority.as_str().len() > authority.host().len();
        let port = authority.port_u16();
        if !bare || text.contains('#') || !is_host(&host) || said_port != port.is_some() {
            return Err(());
        }
        let port = port.filter(|port| *port != default_port);
        Ok(Self(match port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }))
    }
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(text: &str) -> bool {
    match text.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => {
            let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
            !text.is_empty() && text.chars().all(part)
        }
    }
}
