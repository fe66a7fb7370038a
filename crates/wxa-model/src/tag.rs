//! Tags and notes that people give to objects: what may be written, and when two tags are the same.

/// The most tags on one object.
pub const TAGS_MOST: usize = 32;
/// The most characters of a tag.
pub const TAG_CHARS: usize = 32;
/// The most bytes of an object's notes.
pub const NOTES_BYTES: usize = 8 * 1024;

/// The tag as it is kept: trimmed, in lower case, so that `Prod` and `prod` are one tag wherever rights hang on it.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn tag(text: &str) -> Result<String, String> {
    let tag = text.trim().to_lowercase();
    if tag.is_empty() {
        return Err("A tag needs at least one character.".into());
    }
    if tag.chars().count() > TAG_CHARS {
        return Err(format!("A tag has at most {TAG_CHARS} characters."));
    }
    // Whatever the filter language would take apart stays out, so that `tag:NAME` always finds NAME.
    let fits = |c: char| c.is_alphanumeric() || "-_.:/+@=#".contains(c);
    match tag.chars().find(|c| !fits(*c)) {
        None => Ok(tag),
        Some(c) if c.is_whitespace() => Err(format!(
            "A tag is one word: write “{}” with a hyphen.",
            tag.split_whitespace().collect::<Vec<_>>().join("-")
        )),
        Some(c) if c.is_control() => Err("A tag holds no control characters.".into()),
        Some(c) => Err(format!(
            "“{c}” cannot be in a tag: use letters, digits and - _ . : / + @ = #"
        )),
    }
}

/// Whether two tags are the same, however they were typed.
pub fn same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// Notes as they are kept: line ends made plain, the end trimmed.
///
/// # Errors
/// What is wrong with them, as a sentence.
pub fn notes(text: &str) -> Result<String, String> {
    let notes = text.replace("\r\n", "\n").trim_end().to_owned();
    if notes.len() > NOTES_BYTES {
        return Err(format!(
            "Notes have at most {} KiB; these have {} bytes more.",
            NOTES_BYTES / 1024,
            notes.len() - NOTES_BYTES
        ));
    }
    if notes.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("Notes are plain text: they hold no control characters.".into());
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_plain_word_in_lower_case() {
        assert_eq!(tag(" Prod "), Ok("prod".into()));
        assert_eq!(tag("größe:L/2"), Ok("größe:l/2".into()));
        for bad in [
            "",
            "  ",
            "a|b",
            "(x)",
            "\"q\"",
            "a,b",
            "!a",
            "x\u{7}",
            &"x".repeat(33),
        ] {
            assert!(tag(bad).is_err(), "{bad:?}");
        }
        let said = tag("two words").unwrap_err();
        assert!(said.contains("“two-words”"), "{said}");
    }

    #[test]
    fn tags_are_the_same_whatever_their_case() {
        assert!(same("Prod", "prod") && !same("prod", "prod2"));
    }

    #[test]
    fn notes_are_bounded_plain_text() {
        assert_eq!(notes("a\r\nb\t\n\n"), Ok("a\nb".into()));
        assert!(notes("bell \u{7}").is_err());
        assert!(
            notes(&"x".repeat(NOTES_BYTES + 1))
                .unwrap_err()
                .contains("1 bytes more")
        );
    }
}
