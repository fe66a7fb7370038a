//! Values of settings as they may be shown: whatever somebody put there by mistake, a secret is not repeated.

/// `value`, without what looks like a secret: a password in an address, a private key.
pub fn shown(value: &str) -> String {
    if value.contains("PRIVATE KEY") || value.contains('\n') {
        return "(hidden)".to_owned();
    }
    match value.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            match rest.get(..end).and_then(|authority| authority.rfind('@')) {
                Some(at) => format!("{scheme}://(hidden){}", rest.get(at..).unwrap_or_default()),
                None => value.to_owned(),
            }
        }
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn secrets_are_hidden_and_the_rest_is_as_it_was() {
        for (value, wanted) in [
            ("https://console.example", "https://console.example"),
            (
                "https://ada:geheim@console.example",
                "https://(hidden)@console.example",
            ),
            ("https://ada:ge@heim@a/b@c", "https://(hidden)@a/b@c"),
            ("127.0.0.1:8006", "127.0.0.1:8006"),
            ("-----BEGIN PRIVATE KEY-----", "(hidden)"),
        ] {
            assert_eq!(shown(value), wanted);
        }
    }
}
