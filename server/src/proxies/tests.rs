//! Whom to believe, and what of it.
use super::*;

fn caller(proxies: &Proxies, peer: &str, lines: &[(&'static str, &str)]) -> (String, Option<Scheme>) {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, value.parse().expect("a value"));
    }
    let peer = Peer {
        address: SocketAddr::new(peer.parse().expect("an address"), 4711),
        scheme: Scheme::Http,
    };
    let caller = proxies.caller(peer, &headers);
    (caller.address.to_string(), caller.scheme)
}

fn proxies(headers: ProxyHeaders) -> Proxies {
    let trusted = ["10.0.0.0/24", "2001:db8::1"].map(|text| text.parse().expect("a network"));
    Proxies {
        trusted: trusted.to_vec(),
        headers,
    }
}

#[test]
fn only_trusted_proxies_are_believed() {
    let proxies = proxies(ProxyHeaders::XForwarded);
    let said = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-proto", "https")];
    assert_eq!(
        caller(&proxies, "8.8.8.8", &said),
        ("8.8.8.8".into(), Some(Scheme::Http))
    );
    assert_eq!(
        caller(&proxies, "10.0.0.7", &said),
        ("1.2.3.4".into(), Some(Scheme::Https))
    );
    assert_eq!(caller(&proxies, "::ffff:10.0.0.7", &said).0, "1.2.3.4");
    assert_eq!(caller(&proxies, "2001:db8::1", &said).0, "1.2.3.4");
    assert_eq!(
        caller(&proxies, "10.0.0.7", &[]),
        ("10.0.0.7".into(), None),
        "it says nothing"
    );
}

#[test]
fn what_a_stranger_adds_in_front_is_not_believed() {
    let proxies = proxies(ProxyHeaders::XForwarded);
    let said = [("x-forwarded-for", "1.2.3.4, 9.9.9.9, 10.0.0.2")];
    assert_eq!(caller(&proxies, "10.0.0.1", &said).0, "9.9.9.9");
    let said = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "9.9.9.9")];
    assert_eq!(caller(&proxies, "10.0.0.1", &said).0, "9.9.9.9");
    let said = [("x-forwarded-for", "1.2.3.4, nonsense")];
    assert_eq!(caller(&proxies, "10.0.0.1", &said).0, "10.0.0.1");
    let said = [
        ("x-forwarded-for", "9.9.9.9"),
        ("x-forwarded-proto", "https, http"),
    ];
    assert_eq!(
        caller(&proxies, "10.0.0.1", &said).1,
        Some(Scheme::Http),
        "the nearest one counts"
    );
}

#[test]
fn the_header_that_was_not_chosen_may_come_from_anybody() {
    let said = [
        ("forwarded", "for=6.6.6.6;proto=https"),
        ("x-forwarded-for", "9.9.9.9"),
        ("x-forwarded-proto", "http"),
    ];
    let x = proxies(ProxyHeaders::XForwarded);
    assert_eq!(
        caller(&x, "10.0.0.1", &said),
        ("9.9.9.9".into(), Some(Scheme::Http))
    );
    let standard = proxies(ProxyHeaders::Forwarded);
    assert_eq!(
        caller(&standard, "10.0.0.1", &said),
        ("6.6.6.6".into(), Some(Scheme::Https))
    );
}

#[test]
fn addresses_are_read_as_proxies_write_them() {
    let proxies = proxies(ProxyHeaders::Forwarded);
    for (said, expected) in [
        ("for=192.0.2.1", "192.0.2.1"),
        ("For=\"192.0.2.1:4711\";proto=https", "192.0.2.1"),
        ("for=\"[2001:db8:7::1]:4711\"", "2001:db8:7::1"),
        ("for=\"[2001:db8:7::1]\", for=10.0.0.2", "2001:db8:7::1"),
        ("for=::ffff:192.0.2.1", "192.0.2.1"),
        ("for=unknown", "10.0.0.1"),
        ("proto=https", "10.0.0.1"),
        ("", "10.0.0.1"),
    ] {
        assert_eq!(
            caller(&proxies, "10.0.0.1", &[("forwarded", said)]).0,
            expected,
            "{said}"
        );
    }
}
