//! Where a console is: `https://10.0.0.1:8443/console?uuid=…`.

/// The parts of such an address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Location {
    /// Without brackets.
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    /// Path and query.
    pub(crate) target: String,
}

impl Location {
    /// Reads it; none when it is none that could be sent on.
    pub(crate) fn read(url: &str) -> Option<Self> {
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))?;
        let (authority, path) = rest.split_at_checked(rest.find('/')?)?;
        let sendable = |c: char| c.is_ascii_graphic();
        if !path.chars().all(sendable) || path.len() > 2048 || authority.len() > 255 {
            return None;
        }
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']')?;
                (host, after.strip_prefix(':'))
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let port = match port {
            Some(port) => Some(port.parse().ok()?),
            None => None,
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || ".-:%_".contains(c);
        (!host.is_empty() && host.chars().all(is_name)).then(|| Self {
            host: host.to_owned(),
            port,
            target: path.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(host: &str, port: Option<u16>, target: &str) -> Option<Location> {
        Some(Location {
            host: host.to_owned(),
            port,
            target: target.to_owned(),
        })
    }

    #[test]
    fn an_address_is_taken_apart() {
        assert_eq!(
            Location::read("https://10.0.0.1/console?uuid=a-b"),
            location("10.0.0.1", None, "/console?uuid=a-b")
        );
        assert_eq!(
            Location::read("https://[fe80::1]:8443/console?ref=OpaqueRef:x"),
            location("fe80::1", Some(8443), "/console?ref=OpaqueRef:x")
        );
        for wrong in [
            "",
            "https://",
            "https://host",
            "ftp://host/x",
            "https://host:port/x",
            "https://host/x y\r\nCookie: a",
            "https:///x",
            "https://[::1/x",
        ] {
            assert_eq!(Location::read(wrong), None, "{wrong}");
        }
    }
}
