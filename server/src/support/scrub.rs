//! Taking secrets out of a text. What is written here has none in the first place; what others put into a log is not known.
use super::Names;
use std::net::{IpAddr, SocketAddr};
use uuid::Uuid;

const HIDDEN: &str = "(hidden)";
/// What follows one of these on a line is not shown.
const TELLTALES: [&str; 7] = [
    "password",
    "passphrase",
    "secret",
    "authorization",
    "cookie",
    "token",
    "credential",
];
/// Random text of this length or more is taken for a key or a token.
const RANDOM_LEAST: usize = 32;

/// `text` without what looks like a secret, and without `names` and addresses unless they are to be shown.
pub(super) fn scrub(text: &str, names: &Names) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut in_key = false;
    for line in text.split_inclusive('\n') {
        if in_key || line.contains("-----BEGIN") {
            in_key = !line.contains("-----END");
            clean.push_str(HIDDEN);
            clean.push('\n');
            continue;
        }
        clean.push_str(&words(&cut(line), names));
    }
    names.replaced(&clean)
}

/// The line up to where a secret may follow: a telltale word with `=` or `:` after it.
fn cut(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let follows = |telltale: &str| {
        lower.match_indices(telltale).find_map(|(at, _)| {
            let end = at + telltale.len();
            let after = lower.get(end..)?.trim_start_matches(['"', '\'', ' ', '_', 's']);
            after.starts_with(['=', ':']).then_some(end)
        })
    };
    match TELLTALES.into_iter().filter_map(follows).min() {
        // Lowering ASCII changes no lengths: the place is the same in the line.
        Some(end) => format!("{}={HIDDEN}\n", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn words(line: &str, names: &Names) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+/_-=.:%".contains(c);
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if is_random(word) {
            clean.push_str(HIDDEN);
        } else if !names.shown && is_address(word) {
            clean.push_str("(address)");
        } else {
            clean.push_str(word);
        }
        let between = after.find(is_part).unwrap_or(after.len());
        let (other, after) = after.split_at(between);
        clean.push_str(other);
        rest = after;
    }
    clean
}

/// Whether some part of a word is long and mixed as only keys and tokens are; ids are not meant.
fn is_random(word: &str) -> bool {
    word.split(['.', ':', '=']).any(|part| {
        let kinds = [
            |c: char| c.is_ascii_digit(),
            |c: char| c.is_ascii_lowercase(),
            |c: char| c.is_ascii_uppercase(),
        ];
        let mixed = kinds.iter().filter(|kind| part.chars().any(kind)).count();
        // Paths are long and mix two kinds as well; but a key may begin with a slash, and it mixes all three.
        let enough = if part.starts_with('/') && !part.contains('+') {
            3
        } else {
            2
        };
        part.len() >= RANDOM_LEAST && mixed >= enough && part.parse::<Uuid>().is_err()
    })
}

fn is_address(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':', ',']);
    let ip = word
        .parse::<IpAddr>()
        .or_else(|_| word.parse::<SocketAddr>().map(|address| address.ip()));
    ip.is_ok_and(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_addresses_go_and_what_helps_stays() {
        let names = Names::hidden([("host", "xen-1".into())]);
        for (text, wanted) in [
            ("GET /setup?token=abc HTTP/1.1", "GET /setup?token=(hidden)\n"),
            ("{\"password\": \"geheim\"}", "{\"password=(hidden)\n"),
            ("Authorization: Bearer abc", "Authorization=(hidden)\n"),
            (
                "key uYz3cF0k9Qm1nR7vT2xW5bD8eG4hJ6lPaSoIiUy/+0= seen",
                "key (hidden) seen",
            ),
            // One key in 64 begins like a path.
            (
                "key /nrPwCKaLz0zd+83jpkBStLzEHPmVcJNdakV1pL6k5A= seen",
                "key (hidden) seen",
            ),
            (
                "GET /link/nrPwCKaLz0zdQ83jpkBStLzEHPmVcJNdakV1pL6k5A seen",
                "GET (hidden) seen",
            ),
            (
                "xen-1 at 192.0.2.7:22 and 2001:db8::7",
                "(host 1) at (address) and (address)",
            ),
            ("listening on 127.0.0.1:8006", "listening on 127.0.0.1:8006"),
            (
                "vm 0190f1d2-7c1b-7f3e-8a55-0123456789ab in /var/lib/webxenadmin/2026/webxenadmin/x",
                "vm 0190f1d2-7c1b-7f3e-8a55-0123456789ab in /var/lib/webxenadmin/2026/webxenadmin/x",
            ),
            ("a wrong password was given", "a wrong password was given"),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\nnext",
                "(hidden)\n(hidden)\n(hidden)\nnext",
            ),
        ] {
            assert_eq!(scrub(text, &names), wanted);
        }
        assert_eq!(scrub("at 192.0.2.7", &Names::shown()), "at 192.0.2.7");
    }
}
