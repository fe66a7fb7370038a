//! Where a check must not go unless an administrator allowed it: this machine itself, and what is only reached from its own
//! wires. Decided for addresses, after names were resolved; the connection then goes to the very address that was looked at.
use std::{
    fmt, fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket},
};

/// Why an address is out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forbidden {
    /// `127.0.0.0/8`, `::1`.
    Loopback,
    /// `0.0.0.0/8`, `::`.
    Unspecified,
    /// `169.254.0.0/16`, `fe80::/10`: also where clouds tell machines their secrets.
    LinkLocal,
    /// Where clouds tell machines their secrets at an address that is not link-local.
    Secrets,
    /// More than one receiver.
    Many,
    /// An address of one of this machine's interfaces.
    Own,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback | Self::Unspecified | Self::Own => "this machine itself",
            Self::LinkLocal => "a link-local address",
            Self::Secrets => "an address where clouds keep secrets of this machine",
            Self::Many => "a multicast or broadcast address",
        })
    }
}

/// Alibaba's, Azure's and Oracle's metadata; others' are link-local.
const SECRETS_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
/// Amazon's and Google's.
const SECRETS_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// Why a connection must not go there; none when it may. `address` is in its simplest form ([`IpAddr::to_canonical`]).
pub(super) fn forbidden(address: IpAddr) -> Option<Forbidden> {
    let all = || std::iter::once(address).chain(inside(address).map(IpAddr::V4));
    let is_own = || all().any(is_own).then_some(Forbidden::Own);
    all().find_map(kind).or_else(is_own)
}

/// Whether clouds tell machines their secrets at an address. `address` is in its simplest form.
pub(super) fn keeps_secrets(address: IpAddr) -> bool {
    let mut all = std::iter::once(address).chain(inside(address).map(IpAddr::V4));
    all.any(|address| match address {
        IpAddr::V4(v4) if v4.is_link_local() => true,
        IpAddr::V4(_) | IpAddr::V6(_) => is_listed(address),
    })
}

fn is_listed(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => SECRETS_V4.contains(&v4),
        IpAddr::V6(v6) => SECRETS_V6.contains(&v6),
    }
}

fn kind(address: IpAddr) -> Option<Forbidden> {
    let (is_unspecified, is_link_local, is_many) = match address {
        IpAddr::V4(v4) => {
            let [first, ..] = v4.octets();
            (
                first == 0,
                v4.is_link_local(),
                v4.is_multicast() || v4.is_broadcast(),
            )
        }
        IpAddr::V6(v6) => (v6.is_unspecified(), v6.is_unicast_link_local(), v6.is_multicast()),
    };
    match () {
        () if address.is_loopback() => Some(Forbidden::Loopback),
        () if is_unspecified => Some(Forbidden::Unspecified),
        () if is_link_local => Some(Forbidden::LinkLocal),
        () if is_listed(address) => Some(Forbidden::Secrets),
        () if is_many => Some(Forbidden::Many),
        () => None,
    }
}

/// The IPv4 addresses that an IPv6 address may stand for: written out at its end (`::ffff:0:0/96`, `::ffff:0:0:0/96`, the old
/// `::/96`, NAT64's `64:ff9b::/96`), somewhere behind the local NAT64's `64:ff9b:1::/48`, behind `2002:`, or of both ends of a
/// Teredo tunnel (`2001::/32`).
fn inside(address: IpAddr) -> impl Iterator<Item = Ipv4Addr> {
    let v4 = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    let IpAddr::V6(v6) = address else {
        return [None; 4].into_iter().flatten();
    };
    let found = match v6.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0..=1] => [None; 4],
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => [v4(high, low), None, None, None],
        // By RFC 6052 the address is cut by eight bits of nothing, unless the prefix has 96 bits. What begins with nothing is
        // not the address.
        [0x64, 0xff9b, 1, a, b, c, d, e] => [
            v4(d, e),
            v4(a, b << 8 | c >> 8),
            v4(a << 8 | b & 0xff, c),
            v4(b << 8 | c >> 8, c << 8 | d >> 8),
        ]
        .map(|found| found.filter(|found| found.octets().first() != Some(&0))),
        [0x2002, high, low, ..] => [v4(high, low), None, None, None],
        [0x2001, 0, high, low, _, _, a, b] => [v4(high, low), v4(!a, !b), None, None],
        _ => [None; 4],
    };
    found.into_iter().flatten()
}

/// Whether an address is one of this machine's. Asks the kernel, and sends nothing.
fn is_own(address: IpAddr) -> bool {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // A way to one's own address begins at it; to a second address of the same network it begins at the first, but only
    // one's own can be listened at.
    let from = UdpSocket::bind((any, 0)).and_then(|socket| {
        socket.connect((address, 9))?;
        socket.local_addr()
    });
    from.is_ok_and(|from| from.ip() == address)
        || !may_listen_anywhere(address) && UdpSocket::bind((address, 0)).is_ok()
}

/// Whether this machine may listen at addresses that are not its own, as those do that share one.
fn may_listen_anywhere(address: IpAddr) -> bool {
    let switch = match address {
        IpAddr::V4(_) => "/proc/sys/net/ipv4/ip_nonlocal_bind",
        IpAddr::V6(_) => "/proc/sys/net/ipv6/ip_nonlocal_bind",
    };
    fs::read_to_string(switch).is_ok_and(|text| text.trim() == "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Forbidden> {
        forbidden(text.parse::<IpAddr>().expect(text).to_canonical())
    }

    #[test]
    fn this_machine_and_its_wires_are_out_of_bounds_however_they_are_written() {
        for text in [
            "127.0.0.1",
            "127.255.3.4",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
        ] {
            assert_eq!(of(text), Some(Forbidden::Loopback), "{text}");
        }
        for text in ["64:ff9b::7f00:1", "2002:7f00:1::5"] {
            assert_eq!(of(text), Some(Forbidden::Loopback), "{text}");
        }
        for text in ["0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"] {
            assert_eq!(of(text), Some(Forbidden::Unspecified), "{text}");
        }
        for text in [
            "169.254.169.254",
            "fe80::1",
            "febf::1",
            "::ffff:169.254.1.1",
            "64:ff9b::a9fe:a9fe",
        ] {
            assert_eq!(of(text), Some(Forbidden::LinkLocal), "{text}");
        }
        for text in [
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::254",
            "64:ff9b::6464:64c8",
        ] {
            assert_eq!(of(text), Some(Forbidden::Secrets), "{text}");
        }
        for text in [
            "::ffff:0:127.0.0.1",
            "64:ff9b:1::7f00:1",
            "64:ff9b:1:7f00:0:100::",
            "64:ff9b:1:7f:0:1::",
            "64:ff9b:1:0:7f:0:100:0",
            "2001:0:7f00:1::",
            "2001:0:cb00:7101::80ff:fffe",
        ] {
            assert_eq!(of(text), Some(Forbidden::Loopback), "{text}");
        }
        for text in ["224.0.0.1", "255.255.255.255", "ff02::1", "::ffff:239.1.1.1"] {
            assert_eq!(of(text), Some(Forbidden::Many), "{text}");
        }
    }

    #[test]
    fn others_are_not() {
        for text in [
            "203.0.113.1",
            "198.51.100.7",
            "2001:db8::1",
            "::ffff:203.0.113.1",
            "64:ff9b::cb00:7101",
            "64:ff9b:1::cb00:7101",
            "2001:0:cb00:7101::34ff:8efe",
            "fd00::1",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn an_interfaces_own_address_is_out_of_bounds() {
        assert!(is_own(Ipv4Addr::LOCALHOST.into()));
        assert!(!is_own(Ipv4Addr::new(203, 0, 113, 1).into()));
        // A machine without any network has no other address.
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        if socket.connect("203.0.113.1:9").is_ok() {
            let own = socket.local_addr().unwrap().ip();
            assert_eq!(forbidden(own), Some(Forbidden::Own), "{own}");
        }
    }
}
