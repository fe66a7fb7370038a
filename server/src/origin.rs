//! Whether a request comes from our own pages: asked of every mutation, every form and every socket, unless it brings an
//! API token.
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};

use crate::{AppState, asked::Asked, bearer, config::PublicUrl, listen::Scheme, problem, status};

/// Refuses mutations and sockets that do not come from our own pages.
pub async fn check(State(app): State<AppState>, asked: Asked, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if bearer::is_given(headers) && request.uri().path().starts_with("/api/") {
        if !is_protected(headers, &asked, app.public_url.as_ref()) {
            return problem::plain_http(&asked.request_id);
        }
        return next.run(request).await;
    }
    let harmless =
        matches!(*request.method(), Method::GET | Method::HEAD) && !headers.contains_key(header::UPGRADE);
    if harmless || is_ours(headers, app.public_url.as_ref()) {
        return next.run(request).await;
    }
    tracing::warn!(
        path = status::loggable(request.uri().path()),
        "refused: the request comes from another site"
    );
    problem::foreign_origin(&asked.request_id)
}

/// Browsers always say where a mutation or a socket comes from, and pages cannot forge it; so silence is a no.
fn is_ours(headers: &HeaderMap, public_url: Option<&PublicUrl>) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let same_site = match text("sec-fetch-site") {
        Some("same-origin" | "none") => Some(true),
        Some(_) => return false,
        None => None,
    };
    match text("origin") {
        Some("null") | None => same_site.unwrap_or(false),
        Some(origin) => {
            let is_public = public_url.is_some_and(|url| url.origin().eq_ignore_ascii_case(origin));
            let host = text("host").unwrap_or_default();
            let is_host = origin
                .split_once("://")
                .is_some_and(|(_, authority)| !host.is_empty() && authority.eq_ignore_ascii_case(host));
            is_public || is_host
        }
    }
}

/// Whether a password may travel like this, and a cookie marked `Secure` is kept: inside TLS, ours or a trusted proxy's,
/// or with a browser that believes to talk to its own machine.
pub fn is_protected(headers: &HeaderMap, asked: &Asked, public_url: Option<&PublicUrl>) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // Pages cannot forge where they come from: this one came through TLS under our own name, whoever did it. A script
    // says nothing: it is believed where nothing speaks against it.
    let under_our_name = public_url.is_some_and(|url| {
        url.is_https()
            && match text(header::ORIGIN) {
                Some(origin) => url.origin().eq_ignore_ascii_case(origin),
                None => asked.scheme.is_none(),
            }
    });
    asked.scheme == Some(Scheme::Https) || under_our_name || text(header::HOST).is_some_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_address = name
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    is_address || name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn ours(pairs: &[(&'static str, &str)], public_url: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().expect("a value"));
        }
        let url = public_url.map(|url| url.parse().expect("an origin"));
        is_ours(&headers, url.as_ref())
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let host = ("host", "127.0.0.1:8006");
        assert!(ours(&[host, ("origin", "http://127.0.0.1:8006")], None));
        assert!(ours(&[host, ("sec-fetch-site", "same-origin")], None));
        assert!(ours(
            &[host, ("origin", "null"), ("sec-fetch-site", "same-origin")],
            None
        ));
        assert!(ours(
            &[host, ("origin", "https://c.example")],
            Some("https://c.example")
        ));
        assert!(!ours(&[host], None));
        assert!(!ours(&[host, ("origin", "null")], None));
        assert!(!ours(&[host, ("origin", "http://evil.example")], None));
        assert!(!ours(&[host, ("origin", "http://127.0.0.1:8007")], None));
        assert!(!ours(&[host, ("sec-fetch-site", "same-site")], None));
        assert!(!ours(
            &[
                host,
                ("origin", "http://127.0.0.1:8006"),
                ("sec-fetch-site", "cross-site")
            ],
            None
        ));
    }

    fn protected(lines: &[(HeaderName, &str)], scheme: Option<Scheme>, url: Option<&str>) -> bool {
        let lines = lines
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("a value")));
        let asked = Asked {
            request_id: String::new(),
            from: String::new(),
            agent: String::new(),
            scheme,
        };
        let url = url.map(|url| url.parse().expect("an origin"));
        is_protected(&HeaderMap::from_iter(lines), &asked, url.as_ref())
    }

    #[test]
    fn passwords_travel_on_loopback_and_inside_tls_only() {
        let (http, https) = (Some(Scheme::Http), Some(Scheme::Https));
        for host in ["127.0.0.1:8006", "localhost", "[::1]:8006", "console.localhost"] {
            assert!(protected(&[(header::HOST, host)], http, None), "{host}");
        }
        for host in [
            "192.168.1.5:8006",
            "console.lan:8006",
            "[fe80::1]:8006",
            "localhost.evil.example",
        ] {
            assert!(!protected(&[(header::HOST, host)], http, None), "{host}");
            assert!(protected(&[(header::HOST, host)], https, None), "{host}");
        }
        assert!(!protected(&[], None, None));
    }

    #[test]
    fn a_public_address_protects_only_those_who_came_through_it() {
        let url = Some("https://console.lan");
        let through = [
            (header::HOST, "10.0.0.5:8006"),
            (header::ORIGIN, "https://console.lan"),
        ];
        assert!(protected(&through, None, url));
        let around = [
            (header::HOST, "10.0.0.5:8006"),
            (header::ORIGIN, "http://10.0.0.5:8006"),
        ];
        assert!(!protected(&around, Some(Scheme::Http), url));
        let plain = [
            (header::HOST, "console.lan"),
            (header::ORIGIN, "http://console.lan"),
        ];
        assert!(!protected(&plain, Some(Scheme::Http), url), "the proxy's port 80");
        assert!(!protected(&plain, Some(Scheme::Http), Some("http://console.lan")));
        let script = [(header::HOST, "console.lan")];
        assert!(protected(&script, None, url), "through a proxy on this machine");
        assert!(!protected(&script, Some(Scheme::Http), url), "around the proxy");
    }
}
