//! Bytes from browsers and people: addresses, filters, headers, forms, settings.
use app::{
    filter::{self, Subject},
    routes::{Route, url::Url},
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use server::{
    assets,
    config::{Config, Layer, Network, ProxyHeaders, PublicUrl},
    cookie, forms,
    listen::{Peer, Scheme},
    proxies::Proxies,
};
use std::net::SocketAddr;

use super::lossy;
use crate::{Target, seeds};

pub const TARGETS: &[Target] = &[
    Target {
        name: "filter",
        reads: "the filter language",
        run: filter,
        seeds: seeds::FILTER,
    },
    Target {
        name: "address",
        reads: "paths, queries, and where to go after signing in",
        run: address,
        seeds: seeds::ADDRESS,
    },
    Target {
        name: "request",
        reads: "headers of requests",
        run: request,
        seeds: seeds::REQUEST,
    },
    Target {
        name: "settings",
        reads: "the configuration file and the public address",
        run: settings,
        seeds: seeds::SETTINGS,
    },
];

fn filter(bytes: &[u8]) {
    let text = lossy(bytes);
    let subject = Subject {
        name: "web-01",
        state: "running",
        phase: None,
        host: "xen-1",
        pool: "",
        site: "Attic",
        guest: "pvh",
        memory: 8 << 30,
        vcpus: 4,
        addresses: &[],
        tags: &[],
        pool_tags: &[],
        host_tags: &[],
        id: "00000000-0000-0000-0000-000000000001"
            .parse()
            .unwrap_or_else(|error| panic!("an id: {error}")),
    };
    match filter::parse(&text) {
        Ok(parsed) => {
            let _either = parsed.matches(&subject);
        }
        Err(why) => assert!(!why.is_empty()),
    }
    let term = filter::term("name", &text);
    assert!(
        filter::parse(&term).is_ok(),
        "a term of ours is not understood: {term:?}"
    );
}

fn address(bytes: &[u8]) {
    let text = lossy(bytes);
    let url = Url::parse(&text);
    let again = Url::parse(&url.text());
    assert_eq!(again.query, url.query, "the query is not what was written");
    if let Some(route) = Route::parse(&url.path) {
        assert_eq!(Route::parse(&route.path()), Some(route));
    }
    let next = forms::local_path(&text);
    assert!(
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\'),
        "{next:?}"
    );
    assert!(HeaderValue::from_str(next).is_ok(), "{next:?}");
    let escaped = forms::escaped(&text);
    assert!(
        escaped
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~/%".contains(&byte))
    );
    assert_eq!(
        Url::parse(&format!("/?next={escaped}"))
            .get("next")
            .unwrap_or_default(),
        text
    );
}

/// Five lines: cookie, host, and what proxies say.
fn request(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    let names = [
        header::COOKIE,
        header::HOST,
        HeaderName::from_static("x-forwarded-for"),
        HeaderName::from_static("x-forwarded-proto"),
        HeaderName::from_static("forwarded"),
    ];
    for (name, value) in names.into_iter().zip(bytes.split(|byte| *byte == b'\n')) {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name.clone(), value.clone());
            headers.append(header::ACCEPT_ENCODING, value.clone());
            headers.insert(header::IF_NONE_MATCH, value);
        }
    }
    if let Some(value) = cookie::value(&headers, "__Host-wxa") {
        assert!(!value.contains(';'), "{value:?}");
    }
    let peer = Peer {
        address: SocketAddr::from(([127, 0, 0, 1], 40_000)),
        scheme: Scheme::Http,
    };
    let nobody = Proxies::default().caller(peer, &headers);
    assert_eq!(nobody.address, peer.address.ip(), "nobody is believed");
    for said_with in [ProxyHeaders::XForwarded, ProxyHeaders::Forwarded] {
        let trusted = Proxies {
            trusted: vec![peer.address.ip().into()],
            headers: said_with,
        };
        let _from = trusted.caller(peer, &headers);
    }
    assert!(assets::serve(&assets::Site::default(), &lossy(bytes), &headers).is_none());
}

fn settings(bytes: &[u8]) {
    let text = lossy(bytes);
    if let Err(problems) = Config::from_layers(&[Layer::from_toml("a.toml", &text)]) {
        assert!(!problems.0.is_empty());
        assert!(
            problems.0.iter().all(|problem| problem.starts_with("a.toml")),
            "{problems}"
        );
    }
    for line in text.lines() {
        if let Ok(network) = line.parse::<Network>() {
            assert_eq!(network.to_string().parse::<Network>().as_ref(), Ok(&network));
        }
        if let Ok(url) = line.parse::<PublicUrl>() {
            assert_eq!(
                url.origin().parse::<PublicUrl>().as_ref(),
                Ok(&url),
                "written once, it stays"
            );
        }
    }
}
