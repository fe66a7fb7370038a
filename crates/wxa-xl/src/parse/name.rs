//! Names of guests: anything that an administrator could write into a definition, up to 4 kB of it.
use super::{printable, shortened};

/// Characters of a name that are shown.
const SHOWN: usize = 200;

/// A name as people see it. It may be shortened: nothing is done by it.
pub fn shown(name: &str) -> String {
    let shown = shortened(&printable(name), SHOWN);
    if shown.trim().is_empty() {
        "(no name)".to_owned()
    } else {
        shown
    }
}

/// What `xl list` and xentop leave of a name in a line of their tables: of a name with line breaks the last line, without
/// the blanks around it.
pub fn in_table(name: &str) -> &str {
    name.rsplit('\n').next().unwrap_or_default().trim()
}

/// Whether the name can be typed in a command as it stands, and is taken for a name there.
pub fn is_plain(name: &str) -> bool {
    let taken_for_another = name.starts_with('-') || name.bytes().all(|b| b.is_ascii_digit());
    !taken_for_another && in_table(name) == name && shown(name) == name && !name.contains('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_safely() {
        assert_eq!(shown("größe 1"), "größe 1");
        assert_eq!(shown("a\nb\u{1b}[2J\u{202e}c"), "a\u{fffd}b\u{fffd}[2J\u{fffd}c");
        assert_eq!(shown(&"x".repeat(10_000)), format!("{}…", "x".repeat(199)));
        assert_eq!(shown(&"ü".repeat(200)), "ü".repeat(200));
        assert_eq!(shown(" "), "(no name)");
    }

    #[test]
    fn tables_show_the_end_of_a_name() {
        assert_eq!(in_table("a\nb c "), "b c");
        assert_eq!(in_table(" web"), "web");
        assert_eq!(in_table("web\n"), "");
    }

    #[test]
    fn odd_names_are_not_typed() {
        assert!(is_plain("it's $(me); `x`"));
        let long = "x".repeat(10_000);
        for name in ["-rf", "42", "", "a\nb", " a", "a ", "a\u{202e}b", long.as_str()] {
            assert!(!is_plain(name), "{name:?}");
        }
    }
}
