//! `Authorization: Bearer …`: the API token of a script.
//!
//! A browser never adds this header by itself, and another site's page cannot without asking us first. So it needs no
//! cookie and no check of the origin; where it is given, cookies count for nothing.
use axum::http::{HeaderMap, header};
use secrecy::SecretString;

/// Whether the request says who it is by this header, well-formed or not.
pub fn is_given(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The token; none when the header holds something else.
pub fn token(headers: &HeaderMap) -> Option<SecretString> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (only, none) = (values.next()?, values.next());
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    let fits = none.is_none() && scheme.eq_ignore_ascii_case("bearer");
    fits.then(|| SecretString::from(token.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn one_bearer_token_is_taken_and_nothing_else() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().expect("a value"));
            }
            token(&headers).map(|token| token.expose_secret().to_owned())
        };
        assert_eq!(read(&["Bearer wxa_x"]).as_deref(), Some("wxa_x"));
        assert_eq!(read(&["bearer  wxa_x "]).as_deref(), Some("wxa_x"));
        for other in [&["Basic wxa_x"][..], &["wxa_x"], &["Bearer a", "Bearer b"], &[]] {
            assert_eq!(read(other), None, "{other:?}");
        }
    }
}
