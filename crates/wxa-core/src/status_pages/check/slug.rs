//! A page's place in its address.
use super::{Picture, StatusPage, invalid};
use crate::Error;

const CHARS: usize = 64;

/// What was asked for, or made from the title; never another page's.
pub(super) fn checked(
    wanted: &str,
    title: &str,
    page: &StatusPage,
    picture: &Picture,
) -> Result<String, Error> {
    let free = |slug: &str| picture.by_slug(slug).is_none_or(|other| other.id == page.id);
    let wanted = wanted.trim();
    if wanted.is_empty() {
        return Ok(made_from(title, free));
    }
    let fits = (1..=CHARS).contains(&wanted.len())
        && wanted
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !fits {
        let why = format!("use 1 to {CHARS} of the letters a to z, digits and -");
        return Err(invalid("slug", why));
    }
    match free(wanted) {
        true => Ok(wanted.to_owned()),
        false => Err(taken()),
    }
}

/// Another page has it.
pub(in crate::status_pages) fn taken() -> Error {
    invalid(
        "slug",
        "another page has this address already: choose another one",
    )
}

fn made_from(title: &str, free: impl Fn(&str) -> bool) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    // Room for a number, should it be taken.
    slug.truncate(CHARS - 6);
    let slug = match slug.trim_end_matches('-') {
        "" => "status",
        slug => slug,
    };
    let numbered = (2..10_000).map(|n| format!("{slug}-{n}"));
    let first = std::iter::once(slug.to_owned());
    first.chain(numbered).find(|slug| free(slug)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_from_titles() {
        let made = |title| made_from(title, |_| true);
        assert_eq!(made("Example Ltd"), "example-ltd");
        assert_eq!(made("  Größe & Maß! "), "groesse-mass");
        assert_eq!(made("状態"), "status");
        assert_eq!(made(&"x".repeat(300)).len(), CHARS - 6);
        let taken = ["a", "a-2"];
        assert_eq!(made_from("A", |slug| !taken.contains(&slug)), "a-3");
    }
}
