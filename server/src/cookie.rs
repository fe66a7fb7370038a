//! The session cookie: `__Host-`, so only this very origin sets and gets it, and only over a trusted connection.
use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

const NAME: &str = "__Host-wxa";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("wxa-theme=dark; __Host-wxa=abc"),
        );
        assert_eq!(
            token(&headers).map(|token| token.expose_secret().to_owned()),
            Some("abc".into())
        );
        assert_eq!(value(&headers, "wxa-theme"), Some("dark"));
        assert!(token(&HeaderMap::new()).is_none());
    }
}
