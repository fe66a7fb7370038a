//! Where a guest's screen is. libxl writes it into the guest's part of xenstore once the emulator runs; the guest itself may only read
//! there (XSA-57), so that it cannot lead us to somebody else's.
use crate::{
    parse::stderr,
    transport::{Connection, Limits},
};
use secrecy::SecretString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use wxa_driver::{Error, ErrorKind};

/// An RFB server, as the host reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Display {
    pub address: String,
    pub port: u16,
}

impl Display {
    /// That of a domain; none where it has none.
    ///
    /// # Errors
    /// As for any command; `Malformed` for what is no address.
    pub(super) async fn of(connection: &Connection, domid: u32) -> Result<Option<Self>, Error> {
        let node = |name: &str| format!("/local/domain/{domid}/console/{name}");
        let (port, listen) = (node("vnc-port"), node("vnc-listen"));
        let output = connection
            .run(&["xenstore-read", &port, &listen], Limits::read(4096))
            .await?;
        if output.status == Some(0) {
            return Self::read(&output.text()).map(Some);
        }
        // As xenstore-read says it of a path that is not there.
        match output.stderr.contains("read path") {
            true => Ok(None),
            false => Err(stderr::to_error(
                "Looking for the screen",
                output.status,
                &output.stderr,
            )),
        }
    }

    /// Reads port and address, a line each.
    fn read(text: &str) -> Result<Self, Error> {
        let mut lines = text.lines().map(str::trim);
        let port = lines.next().and_then(|port| port.parse().ok());
        let listen = lines.next().unwrap_or_default();
        // Below are the ports of the host's own services: no emulator listens there.
        match (port.filter(|port| *port >= 1024), address(listen)) {
            (Some(port), Some(address)) => Ok(Self {
                address: address.to_string(),
                port,
            }),
            _ => Err(Error::new(
                ErrorKind::Malformed,
                "The host does not tell where the screen is.",
            )),
        }
    }
}

/// Where to connect to for what listens there: for everywhere, the host itself.
fn address(listen: &str) -> Option<IpAddr> {
    let bare = listen.trim_start_matches('[').trim_end_matches(']');
    match bare {
        "" | "localhost" => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        bare => bare.parse().ok().map(|address: IpAddr| match address {
            IpAddr::V4(all) if all.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(all) if all.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            other => other,
        }),
    }
}

/// The password of a domain's display; empty where there is none.
///
/// # Errors
/// As for any command.
pub(super) async fn password(connection: &Connection, domid: u32) -> Result<SecretString, Error> {
    let node = format!("/local/domain/{domid}/console/vnc-pass");
    let output = connection
        .run(&["xenstore-read", &node], Limits::read(4096))
        .await?;
    let known = output.status == Some(0);
    let text = if known { output.text() } else { String::new() };
    Ok(SecretString::from(
        text.strip_suffix('\n').unwrap_or(&text).to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, u16)> {
        Display::read(text)
            .ok()
            .map(|display| (display.address, display.port))
    }

    #[test]
    fn what_listens_everywhere_is_reached_at_the_host_itself() {
        let here = |address: &str| Some((address.to_owned(), 5901));
        assert_eq!(read("5901\n0.0.0.0\n"), here("127.0.0.1"));
        assert_eq!(read("5901\n\n"), here("127.0.0.1"));
        assert_eq!(read("5901\n::\n"), here("::1"));
        assert_eq!(read("5901\n192.0.2.7\n"), here("192.0.2.7"));
        assert_eq!(read("5901\n[fe80::1]"), here("fe80::1"));
    }

    #[test]
    fn nothing_but_an_address_and_a_port_of_no_service_will_do() {
        for wrong in [
            "",
            "22\n127.0.0.1\n",
            "5901\nexample.com\n",
            "99999\n::\n",
            "-1\n::\n",
            "\n\n",
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
