//! The one cookie that readers may get: after a link's password, for that link's address and no other.
use axum::http::{HeaderMap, HeaderValue, header};

use crate::cookie;

const NAME: &str = "wxa-status";
/// As long as core takes it, in seconds.
const LASTS_S: u32 = 12 * 60 * 60;

/// What the reader's browser brings back.
pub(super) fn value(headers: &HeaderMap) -> Option<&str> {
    cookie::value(headers, NAME)
}

/// Gives it to the browser. Not to other sites' links, nor to scripts, nor (`https`) in the open.
pub(super) fn set(headers: &mut HeaderMap, token: &str, value: &str, https: bool) {
    let secure = if https { "; Secure" } else { "" };
    let text =
        format!("{NAME}={value}; Path=/s/{token}; HttpOnly; SameSite=Strict; Max-Age={LASTS_S}{secure}");
    if let Ok(mut value) = HeaderValue::from_str(&text) {
        value.set_sensitive(true);
        headers.append(header::SET_COOKIE, value);
    }
}
