//! Headers on every reply that tell browsers what our pages may do.
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::{AppState, config::PublicUrl};

/// For replies that are not pages: nothing may run, load or frame.
const CLOSED_CSP: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The policy of a page. Scripts and styles are ours or carry the page's nonce; the rest comes from us or not at all.
pub fn page_csp(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
}

/// Adds what every reply carries; a page's own policy is kept.
pub async fn add(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let https_only = app.public_url.as_ref().is_some_and(PublicUrl::is_https)
        || app.tls.as_ref().is_some_and(|shown| !shown.is_self_signed());
    fill(response.headers_mut(), https_only);
    response
}

fn fill(headers: &mut HeaderMap, https_only: bool) {
    let fixed = |name: &'static str, value: &'static str| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let always = [
        fixed("x-content-type-options", "nosniff"),
        // `no-referrer` would make browsers send `Origin: null` with our own forms.
        fixed("referrer-policy", "same-origin"),
        fixed("cross-origin-opener-policy", "same-origin"),
        fixed(
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), display-capture=()",
        ),
    ];
    headers.extend(always);
    let default = |headers: &mut HeaderMap, name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(headers, header::CONTENT_SECURITY_POLICY, CLOSED_CSP);
    default(headers, header::CACHE_CONTROL, "no-store");
    // Only what is meant to be shown by other sites says otherwise.
    default(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    // Not with a certificate of our own making: browsers would not even let people accept the next one.
    if https_only {
        default(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
