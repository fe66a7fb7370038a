//! Whether a request comes from our own pages: asked of every mutation, every form and every socket.
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};

use crate::{AppState, asked::Asked, config::PublicUrl, problem};

/// Refuses mutations and sockets that do not come from our own pages.
pub async fn check(State(app): State<AppState>, asked: Asked, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let harmless =
        matches!(*request.method(), Method::GET | Method::HEAD) && !headers.contains_key(header::UPGRADE);
    if harmless || is_ours(headers, app.public_url.as_ref()) {
        return next.run(request).await;
    }
    tracing::warn!(
        path = request.uri().path(),
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

/// Whether cookies marked `Secure` will be kept: TLS in front, or a name that browsers trust without it.
pub fn keeps_secure_cookies(headers: &HeaderMap, public_url: Option<&PublicUrl>) -> bool {
    if public_url.is_some_and(PublicUrl::is_https) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    host.is_some_and(is_loopback)
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

    #[test]
    fn secure_cookies_are_kept_on_loopback_and_behind_tls() {
        let kept = |host: &str, url: Option<&str>| {
            let headers = HeaderMap::from_iter([(header::HOST, host.parse().expect("a value"))]);
            let url = url.map(|url| url.parse().expect("an origin"));
            keeps_secure_cookies(&headers, url.as_ref())
        };
        assert!(kept("127.0.0.1:8006", None) && kept("localhost", None) && kept("[::1]:8006", None));
        assert!(!kept("192.168.1.5:8006", None) && !kept("console.lan:8006", None));
        assert!(!kept("console.lan:8006", Some("http://console.lan:8006")));
        assert!(kept("console.lan", Some("https://console.lan")));
    }
}
