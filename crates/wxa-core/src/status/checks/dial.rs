//! Connecting: a name becomes addresses, those that are out of bounds are left out, and the connection goes to one of the rest.
use super::{
    Answer,
    guard::{forbidden, keeps_secrets},
};
use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// How long a name may take.
const RESOLVE: Duration = Duration::from_secs(5);
/// How long one address may take when there are others.
const EACH: Duration = Duration::from_secs(3);
/// How long all of it may take: less than a whole check may, so that what is only slow to answer is told apart.
const CONNECT: Duration = Duration::from_secs(9);
/// Addresses of one name that are tried.
const MOST: usize = 4;

/// Whether a check may go to this machine itself and to link-local addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// An administrator allowed it.
    Allowed,
    /// Nobody did.
    Refused,
}

/// Connects.
///
/// # Errors
/// The check's answer: down when nobody answers there, unknown when it was not tried, or when it is our own fault.
pub(super) async fn dial(host: &str, port: u16, inside: Inside) -> Result<TcpStream, Answer> {
    timeout(CONNECT, connect(host, port, inside))
        .await
        .unwrap_or_else(|_| Err(no_answer(host, port)))
}

async fn connect(host: &str, port: u16, inside: Inside) -> Result<TcpStream, Answer> {
    let addresses = pick(host, resolve(host, port).await?, inside)?;
    let mut last = Answer::unknown(format!("{host} has no address."));
    let is_only = addresses.len() == 1;
    for address in addresses {
        let connecting = TcpStream::connect(address);
        let connected = match is_only {
            true => connecting.await,
            false => timeout(EACH, connecting)
                .await
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())),
        };
        match connected {
            Ok(stream) if inside == Inside::Refused && leads_here(&stream) => {
                last = out_of_bounds(host, address, "this machine itself");
            }
            Ok(stream) => {
                // A small request waits for nothing.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = not_connected(host, port, &error),
        }
    }
    Err(last)
}

async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Answer> {
    match timeout(RESOLVE, lookup_host((host, port))).await {
        Ok(Ok(found)) => Ok(found.collect()),
        Ok(Err(error)) if is_resolvers_own(&error) => Err(Answer::unknown(format!(
            "The name {host} could not be looked up, or no name server answers: {error}."
        ))),
        // A server that is cut off may still have somebody on it who says so.
        Ok(Err(_)) => Err(Answer::silent(format!(
            "There is no address for the name {host}."
        ))),
        Err(_) => Err(Answer::unknown(format!(
            "The name {host} could not be looked up in time."
        ))),
    }
}

/// Whether the resolver had trouble of its own, and told nothing about the name. That has no kind, but a text: glibc's and musl's.
fn is_resolvers_own(error: &io::Error) -> bool {
    let text = error.to_string().to_ascii_lowercase();
    // With a number it is the system that told: too many open files, no memory, an unreadable /etc/resolv.conf.
    error.raw_os_error().is_some()
        || ["temporary failure", "try again", "memory"]
            .iter()
            .any(|sign| text.contains(sign))
}

/// The addresses to connect to.
fn pick(host: &str, found: Vec<SocketAddr>, inside: Inside) -> Result<Vec<SocketAddr>, Answer> {
    let mut refused = None;
    let mut allowed = Vec::new();
    for address in found {
        let canonical = match address.ip().to_canonical() {
            // Of an IPv6 address the interface would be lost.
            ip if ip == address.ip() => address,
            ip => SocketAddr::new(ip, address.port()),
        };
        match (forbidden(canonical.ip()), inside) {
            (Some(why), Inside::Refused) => {
                refused = refused.or(Some(out_of_bounds(host, canonical, why)));
            }
            // Consent was given to a name. Whoever has it says later where it leads.
            (Some(_), Inside::Allowed) if keeps_secrets(canonical.ip()) && !is_address(host) => {
                refused = refused.or(Some(Answer::unknown(format!(
                    "{host} leads to {}, where clouds keep secrets of this machine: only a check that names this address may go there.",
                    canonical.ip()
                ))));
            }
            (_, Inside::Allowed) | (None, Inside::Refused) => allowed.push(canonical),
        }
    }
    allowed.truncate(MOST);
    match refused {
        Some(refused) if allowed.is_empty() => Err(refused),
        _ => Ok(allowed),
    }
}

/// Whether an address was named, and nothing that must be looked up.
fn is_address(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok()
}

fn out_of_bounds(host: &str, address: SocketAddr, why: impl std::fmt::Display) -> Answer {
    Answer::unknown(format!(
        "{host} leads to {}, {why}: an administrator must allow that for this check.",
        address.ip()
    ))
}

/// A connection from an address to itself.
fn leads_here(stream: &TcpStream) -> bool {
    match (stream.local_addr(), stream.peer_addr()) {
        (Ok(local), Ok(peer)) => local.ip().to_canonical() == peer.ip().to_canonical(),
        _ => true,
    }
}

fn no_answer(host: &str, port: u16) -> Answer {
    Answer::silent(format!("{host} port {port} does not answer."))
}

fn not_connected(host: &str, port: u16, error: &io::Error) -> Answer {
    /// This process, or this machine, has too many files open.
    const TOO_MANY: [i32; 2] = [24, 23];
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            Answer::down(format!("{host} refuses connections to port {port}."))
        }
        io::ErrorKind::TimedOut => no_answer(host, port),
        io::ErrorKind::HostUnreachable => {
            Answer::silent(format!("No connection to {host} port {port}: {error}."))
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown | io::ErrorKind::AddrNotAvailable => {
            Answer::unknown(format!("This server has no way to {host}: {error}."))
        }
        io::ErrorKind::PermissionDenied => {
            Answer::unknown(format!("This server may not connect to {host}: {error}."))
        }
        _ if error.raw_os_error().is_some_and(|code| TOO_MANY.contains(&code)) => {
            Answer::unknown(format!("This server could not connect: {error}."))
        }
        _ => Answer::down(format!("No connection to {host} port {port}: {error}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::status::Standing;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().expect(text)).collect()
    }

    #[test]
    fn a_name_that_leads_inside_is_not_followed_there() {
        for text in [
            "127.0.0.1:80",
            "[::1]:80",
            "[::ffff:127.0.0.1]:80",
            "169.254.169.254:80",
            "[fe80::1]:80",
            "0.0.0.0:80",
        ] {
            let answer = pick("evil.example", addresses(&[text]), Inside::Refused).unwrap_err();
            assert_eq!(answer.standing, Standing::Unknown);
            assert!(answer.why.contains("evil.example leads to "), "{}", answer.why);
            let address: SocketAddr = text.parse().unwrap();
            let literal = pick(&address.ip().to_string(), addresses(&[text]), Inside::Allowed);
            assert!(literal.is_ok(), "with consent");
        }
    }

    #[test]
    fn consent_to_a_name_does_not_lead_to_where_clouds_keep_secrets() {
        for text in [
            "169.254.169.254:80",
            "100.100.100.200:80",
            "[fd00:ec2::254]:80",
            "[64:ff9b::a9fe:a9fe]:80",
        ] {
            let answer = pick("lo.example", addresses(&[text]), Inside::Allowed).unwrap_err();
            assert_eq!(answer.standing, Standing::Unknown, "{text}");
        }
        for text in ["127.0.0.1:80", "[::1]:80", "[fe80::1]:80"] {
            assert!(
                pick("lo.example", addresses(&[text]), Inside::Allowed).is_ok(),
                "{text}"
            );
        }
    }

    #[test]
    fn of_a_names_addresses_those_outside_are_used_and_in_their_simplest_form() {
        let found = addresses(&[
            "127.0.0.1:80",
            "203.0.113.1:80",
            "[::ffff:203.0.113.2]:80",
            "[fe80::1]:80",
        ]);
        let picked = pick("mixed.example", found, Inside::Refused).unwrap();
        assert_eq!(picked, addresses(&["203.0.113.1:80", "203.0.113.2:80"]));
        let many: Vec<String> = (0..50).map(|n| format!("203.0.113.{n}:80")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(
            pick("many.example", addresses(&many), Inside::Refused)
                .unwrap()
                .len(),
            MOST
        );
    }

    #[tokio::test]
    async fn names_and_odd_spellings_of_this_machine_are_refused_before_anything_is_sent() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in [
            "localhost",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "::ffff:127.0.0.1",
            "::1",
        ] {
            let answer = dial(host, port, Inside::Refused).await.unwrap_err();
            assert_ne!(answer.standing, Standing::Up, "{host}");
        }
        let error = listener.accept().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "nobody has come");
    }

    #[test]
    fn our_own_trouble_says_nothing_about_the_service() {
        let of = |kind: io::ErrorKind| not_connected("web.example", 80, &kind.into()).standing;
        assert_eq!(of(io::ErrorKind::ConnectionRefused), Standing::Down);
        assert_eq!(of(io::ErrorKind::HostUnreachable), Standing::Down);
        assert_eq!(of(io::ErrorKind::NetworkUnreachable), Standing::Unknown);
        assert_eq!(of(io::ErrorKind::PermissionDenied), Standing::Unknown);
        let looked_up = |error: io::Error| is_resolvers_own(&error);
        assert!(looked_up(io::Error::from_raw_os_error(24)), "too many open files");
        assert!(looked_up(io::Error::other(
            "failed to lookup address information: Temporary failure in name resolution"
        )));
        assert!(!looked_up(io::Error::other(
            "failed to lookup address information: Name or service not known"
        )));
        let too_many = not_connected("web.example", 80, &io::Error::from_raw_os_error(24));
        assert_eq!(too_many.standing, Standing::Unknown);
    }
}
