//! Where to go after signing in: only to our own pages.

/// `wanted` when it is a path of ours, else the start page.
pub fn local_path(wanted: &str) -> &str {
    let is_path = wanted.starts_with('/') && !wanted.starts_with("//");
    // Browsers take a backslash for a slash, and some characters for nothing at all.
    let is_clean = wanted
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let leads_on = !["/login", "/setup", "/link", "/reset", "/logout", "/api/"]
        .iter()
        .any(|path| wanted.starts_with(path));
    if is_path && is_clean && leads_on {
        wanted
    } else {
        "/"
    }
}

/// As the value of a query parameter.
pub fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_leads_elsewhere(wanted in "(/|\\\\|//|https?:|[a-z.]{1,6}|[ \t\r\n\0]|.){0,12}") {
            let to = local_path(&wanted);
            prop_assert!(to.starts_with('/') && !to.starts_with("//"));
            prop_assert!(to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'));
            prop_assert!(to == "/" || to == wanted);
        }

        #[test]
        fn what_is_escaped_stays_one_value(text in ".{0,40}") {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/%".contains(&byte);
            prop_assert!(escaped(&text).bytes().all(plain));
        }
    }

    #[test]
    fn only_our_own_pages_are_gone_to() {
        assert_eq!(local_path("/vms?q=state:running"), "/vms?q=state:running");
        for elsewhere in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\tevil",
            "/login",
            "/ü",
        ] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn queries_survive_escaping() {
        assert_eq!(escaped("/vms?q=a b&c"), "/vms%3Fq%3Da%20b%26c");
    }
}
