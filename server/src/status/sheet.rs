//! The style sheets, inside each document, and the policy that allows them and nothing else.
//!
//! They are named in the policy by their digest: a changed byte and browsers refuse them. No second request, no script, no
//! nonce, and the bytes of a page stay the same for everybody.
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use super::reading::Kind;

static PAGE: LazyLock<Sheet> = LazyLock::new(|| Sheet::new(include_str!("page.css")));
static KIOSK: LazyLock<Sheet> =
    LazyLock::new(|| Sheet::new(concat!(include_str!("page.css"), include_str!("kiosk.css"))));

struct Sheet {
    text: String,
    policy: String,
}

impl Sheet {
    fn new(source: &str) -> Self {
        let text = smaller(source);
        let digest = BASE64_STANDARD.encode(Sha256::digest(&text));
        Self {
            policy: format!(
                "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; \
                 frame-ancestors 'none'; base-uri 'none'"
            ),
            text,
        }
    }
}

fn sheet(kind: Kind) -> &'static Sheet {
    match kind {
        Kind::Kiosk(_) => &KIOSK,
        Kind::Page(_) | Kind::Badge | Kind::Json | Kind::Feed => &PAGE,
    }
}

/// The sheet of a document of this kind.
pub(super) fn text(kind: Kind) -> &'static str {
    &sheet(kind).text
}

/// The content policy of a document of this kind.
pub(super) fn policy(kind: Kind) -> &'static str {
    &sheet(kind).policy
}

/// Without comments and what is only there for people. Our sheets have no strings with braces or runs of spaces.
fn smaller(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    let mut words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [
        (" {", "{"),
        ("{ ", "{"),
        ("; ", ";"),
        (";}", "}"),
        ("} ", "}"),
        (" }", "}"),
        (": ", ":"),
        (", ", ","),
        (" > ", ">"),
    ] {
        words = words.replace(from, to);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// `--name: #value` of a part of a sheet.
    fn tokens(text: &str) -> BTreeMap<&str, &str> {
        text.lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "))
            .filter_map(|(name, value)| Some((name, value.split_once(';')?.0)))
            .filter(|(_, value)| value.starts_with('#'))
            .collect()
    }

    /// Status pages have their own colours for what only they show.
    const OWN: [&str; 4] = ["soft-work", "soft-stale", "bar-up", "bar-limited"];

    #[test]
    fn the_colours_are_those_of_the_console() {
        let console = include_str!("../../../style/_tokens.scss");
        let (light, rest) = console.split_once("@mixin dark").expect("a dark theme");
        let (dark, _) = rest
            .split_once("@mixin contrast")
            .expect("a theme of high contrast");
        let page = include_str!("page.css");
        let (page_light, rest) = page
            .split_once("@media (prefers-color-scheme: dark)")
            .expect("dark");
        let (page_dark, rest) = rest.split_once("@media (prefers-contrast").expect("contrast");
        let (_, print) = rest.split_once("@media print").expect("print");
        for (name, of_page, of_console) in [
            ("light", page_light, light),
            ("dark", page_dark, dark),
            ("print", print, light),
        ] {
            let console = tokens(of_console);
            for (token, value) in tokens(of_page) {
                if !OWN.contains(&token) {
                    assert_eq!(console.get(token), Some(&value), "{name}: --{token}");
                }
            }
        }
        // Paper is never dark, however dark the screen is.
        assert!(
            tokens(print)
                .keys()
                .all(|token| tokens(page_light).contains_key(token))
        );
        let surface = ["accent", "on-accent", "focus"];
        for token in tokens(page_light).keys().filter(|token| !surface.contains(token)) {
            assert!(tokens(print).contains_key(token), "--{token} on paper");
        }
    }

    #[test]
    fn sheets_fetch_nothing_and_are_small() {
        for kind in [Kind::Badge, Kind::Kiosk(0)] {
            let text = text(kind);
            assert!(!text.contains("url(") && !text.contains("@import") && !text.contains('<'));
            assert_eq!(text.matches('{').count(), text.matches('}').count());
            assert!(text.len() < 20_000, "{}", text.len());
        }
    }

    #[test]
    fn the_policy_names_the_sheet_and_allows_no_script() {
        let digest = BASE64_STANDARD.encode(Sha256::digest(text(Kind::Badge)));
        let policy = policy(Kind::Badge);
        assert!(policy.contains(&format!("'sha256-{digest}'")));
        assert!(!policy.contains("script") && !policy.contains("unsafe") && !policy.contains("http"));
    }
}
