//! The session cookie: `__Host-`, so only this very origin sets and gets it, and only over a trusted connection; and a
//! copy of how pages should look, for those that are shown before anybody is known.
use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use wxa_model::Preferences;

const NAME: &str = "__Host-wxa";
const LOOK: &str = "wxa-look";

/// The token that the request carries.
pub fn token(headers: &HeaderMap) -> Option<SecretString> {
    value(headers, NAME).map(SecretString::from)
}

/// The value of the cookie called `name`.
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// `Set-Cookie` for a new session that ends after `max_age_s` seconds. Lax, so that links from elsewhere open
/// signed in; changes are guarded by the origin check.
pub fn set(token: &SecretString, max_age_s: u64) -> Option<HeaderValue> {
    let text = format!(
        "{NAME}={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age_s}",
        token.expose_secret()
    );
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// `Set-Cookie` that forgets the session.
pub fn clear() -> HeaderValue {
    HeaderValue::from_static("__Host-wxa=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// How pages should look, as the browser was told last.
pub fn look(headers: &HeaderMap) -> &str {
    value(headers, LOOK).unwrap_or_default()
}

/// `Set-Cookie` with how pages should look, for a year.
pub fn set_look(preferences: &Preferences) -> Option<HeaderValue> {
    let look = preferences.look();
    HeaderValue::from_str(&format!(
        "{LOOK}={look}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cookie_is_found_among_whatever_others_there_are(
            before in "([a-zA-Z_-]{1,8}=[^;\\x00-\\x1f\\x7f-\u{10ffff}]{0,8}; ?){0,4}",
            token in "[A-Za-z0-9_-]{1,40}",
            after in "(;[ -~]{0,20})?",
        ) {
            let line = format!("{before}{NAME}={token}{after}");
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&line).unwrap())]);
            prop_assert_eq!(value(&headers, NAME), Some(token.as_str()));
        }

        #[test]
        fn no_header_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(line) = HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(header::COOKIE, line)]);
                let _found = value(&headers, NAME);
            }
        }
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("wxa-look=dark; __Host-wxa=abc"),
        );
        assert_eq!(
            token(&headers).map(|token| token.expose_secret().to_owned()),
            Some("abc".into())
        );
        assert_eq!(look(&headers), "dark");
        assert!(token(&HeaderMap::new()).is_none());
    }
}
