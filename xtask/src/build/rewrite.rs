//! Replacing plain addresses in style sheets and scripts by content-hashed ones.

use std::collections::BTreeMap;

/// Replaces each `url(…)` and each quoted string that is the plain address of a file in `files` (name → served address).
/// `/vendor/NAME`, `/assets/NAME` and `/NAME` are plain addresses of NAME.
pub fn addresses(text: &str, files: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, served) in files {
        for plain in [
            format!("/vendor/{name}"),
            format!("/assets/{name}"),
            format!("/{name}"),
        ] {
            for (open, close) in [("\"", "\""), ("'", "'"), ("`", "`"), ("(", ")")] {
                out = out.replace(
                    &format!("{open}{plain}{close}"),
                    &format!("{open}{served}{close}"),
                );
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_become_hashed_ones() {
        let files = BTreeMap::from([("fonts/a.woff2".to_owned(), "/assets/fonts/a.12.woff2".to_owned())]);
        let css = "@font-face{src:url(/vendor/fonts/a.woff2)}.x{background:url(\"/fonts/a.woff2\")}.y{content:\"a.woff2\"}";
        assert_eq!(
            addresses(css, &files),
            "@font-face{src:url(/assets/fonts/a.12.woff2)}.x{background:url(\"/assets/fonts/a.12.woff2\")}.y{content:\"a.woff2\"}"
        );
    }
}
