//! Whether a check makes sense, before it is kept.
use crate::{Error, hidden::is_hidden};
use url::Url;
use wxa_model::status::{Check, CheckKind};

/// Whether a check can be asked.
///
/// # Errors
/// [`Error::Invalid`], with what would be right.
pub fn valid(check: &Check) -> Result<(), Error> {
    let invalid = |field, why: String| Err(Error::Invalid { field, why });
    if !(Check::LEAST_S..=Check::MOST_S).contains(&check.every_s) {
        let why = format!("choose {} to {} seconds", Check::LEAST_S, Check::MOST_S);
        return invalid("every_s", why);
    }
    match &check.kind {
        CheckKind::Login => Ok(()),
        CheckKind::Tcp { host, port } => place(host, *port),
        CheckKind::Certificate { host, port, days } => {
            place(host, *port)?;
            if !Check::DAYS.contains(days) {
                let why = format!("choose {} to {} days", Check::DAYS.start(), Check::DAYS.end());
                return invalid("days", why);
            }
            Ok(())
        }
        CheckKind::Http { url, status, text } => {
            address(url)?;
            if status.is_some_and(|status| !(100..600).contains(&status)) {
                return invalid("status", "choose 100 to 599".into());
            }
            let fits =
                |text: &String| (1..=Check::TEXT_MOST).contains(&text.chars().count()) && is_line(text);
            if !text.as_ref().is_none_or(fits) {
                let why = format!(
                    "look for one line of at most {} characters, or none at all",
                    Check::TEXT_MOST
                );
                return invalid("text", why);
            }
            Ok(())
        }
    }
}

fn place(host: &str, port: u16) -> Result<(), Error> {
    let is_odd = |char: char| char.is_whitespace() || "/@[]?#".contains(char);
    let is_host =
        !host.is_empty() && host.len() <= Check::HOST_MOST && !host.contains(is_odd) && is_line(host);
    let (field, why) = match (is_host, port) {
        (true, 1..) => return Ok(()),
        (true, 0) => ("port", "choose 1 to 65535"),
        (false, _) => ("host", "give a name or an address, without a port"),
    };
    let why = why.into();
    Err(Error::Invalid { field, why })
}

fn address(url: &str) -> Result<(), Error> {
    let invalid = |why: String| Err(Error::Invalid { field: "url", why });
    let is_plain =
        url.chars().count() <= Check::URL_MOST && is_line(url) && !url.contains(char::is_whitespace);
    let parsed = Url::parse(url).ok().filter(|_| is_plain);
    let Some(parsed) = parsed.filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return invalid(format!(
            "give an address of at most {} characters that begins with http:// or https://",
            Check::URL_MOST
        ));
    };
    // An empty name is one too.
    let authority = url.split_once("//").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if !parsed.username().is_empty() || parsed.password().is_some() || authority.contains('@') {
        return invalid(
            "leave out name and password: everybody who may see the page's settings reads them".into(),
        );
    }
    Ok(())
}

/// Whether it is one line without hidden characters.
fn is_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || is_hidden(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wxa_model::CheckId;

    fn field(kind: CheckKind, every_s: u32) -> Option<&'static str> {
        let check = Check {
            id: CheckId(Uuid::from_u128(1)),
            kind,
            every_s,
            may_go_inside: false,
        };
        match valid(&check) {
            Ok(()) => None,
            Err(Error::Invalid { field, .. }) => Some(field),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn tcp(host: &str, port: u16) -> CheckKind {
        let host = host.to_owned();
        CheckKind::Tcp { host, port }
    }

    fn http(url: &str, status: Option<u16>, text: Option<&str>) -> CheckKind {
        CheckKind::Http {
            url: url.to_owned(),
            status,
            text: text.map(str::to_owned),
        }
    }

    fn certificate(days: u16) -> CheckKind {
        let host = "web.example".to_owned();
        CheckKind::Certificate {
            host,
            port: 443,
            days,
        }
    }

    #[test]
    fn all_limits_are_those_that_the_form_has_too() {
        let long = |chars: usize| "x".repeat(chars);
        let url = |chars: usize| {
            let begin = "https://web.example/";
            format!("{begin}{}", long(chars - begin.len()))
        };
        assert_eq!(
            field(
                http(&url(Check::URL_MOST), None, Some(&long(Check::TEXT_MOST))),
                30
            ),
            None
        );
        assert_eq!(
            field(http(&url(Check::URL_MOST + 1), None, None), 30),
            Some("url")
        );
        let text = long(Check::TEXT_MOST + 1);
        assert_eq!(
            field(http("https://web.example", None, Some(&text)), 30),
            Some("text")
        );
        for days in [1, 365] {
            assert_eq!(field(certificate(days), 30), None);
        }
        for days in [0, 366] {
            assert_eq!(field(certificate(days), 30), Some("days"));
        }
    }

    #[test]
    fn what_would_say_something_else_than_it_shows_is_not_asked() {
        for url in [
            "https://web.example/a b",
            "https://@web.example",
            "https://web.example/\u{202e}x",
            "https://web.example/\ta",
        ] {
            assert_eq!(field(http(url, None, None), 30), Some("url"), "{url}");
        }
        for text in ["two\nlines", "a\u{202e}b"] {
            assert_eq!(
                field(http("https://web.example", None, Some(text)), 30),
                Some("text")
            );
        }
        assert_eq!(
            field(http("https://web.example", None, Some(" all fine ")), 30),
            None
        );
        assert_eq!(field(tcp("web\u{feff}.example", 443), 30), Some("host"));
    }

    #[test]
    fn what_cannot_be_asked_is_told_with_its_field() {
        assert_eq!(field(tcp("web.example", 443), 30), None);
        assert_eq!(field(tcp("2001:db8::1", 443), 30), None);
        assert_eq!(field(tcp("web.example", 443), 9), Some("every_s"));
        assert_eq!(field(tcp("web.example", 443), 3601), Some("every_s"));
        assert_eq!(field(tcp("", 443), 30), Some("host"));
        assert_eq!(field(tcp("a b", 443), 30), Some("host"));
        assert_eq!(field(tcp("web.example", 0), 30), Some("port"));
        assert_eq!(
            field(http("https://web.example/a?b", Some(200), Some("ok")), 30),
            None
        );
        assert_eq!(field(http("ftp://web.example", None, None), 30), Some("url"));
        assert_eq!(field(http("file:///etc/passwd", None, None), 30), Some("url"));
        assert_eq!(field(http("web.example", None, None), 30), Some("url"));
        assert_eq!(
            field(http("https://a:b@web.example", None, None), 30),
            Some("url")
        );
        assert_eq!(
            field(http("https://web.example", Some(7), None), 30),
            Some("status")
        );
        assert_eq!(
            field(http("https://web.example", None, Some("")), 30),
            Some("text")
        );
    }
}
