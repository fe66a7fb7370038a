//! Expansion of words: splitting into fields, and matching against the host's files.

/// Characters of a field, each with whether it was quoted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field {
    pub(crate) chars: Vec<(char, bool)>,
    /// Whether it exists even when empty, because quotes stood there.
    pub(crate) kept: bool,
}

impl Field {
    /// The text without regard to quotes.
    pub(crate) fn text(&self) -> String {
        self.chars.iter().map(|(c, _)| *c).collect()
    }

    /// Whether it has an unquoted `*`, `?` or `[`.
    pub(crate) fn is_pattern(&self) -> bool {
        self.chars.iter().any(|(c, quoted)| !quoted && "*?[".contains(*c))
    }
}

/// Whether a name matches a pattern of characters with their quoting. Sets in brackets are not supported and stand for
/// themselves.
pub(crate) fn matches(pattern: &[(char, bool)], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((('*', false), rest)), _) => {
            matches(rest, name) || name.split_first().is_some_and(|(_, name)| matches(pattern, name))
        }
        (Some((('?', false), rest)), Some((_, name))) => matches(rest, name),
        (Some(((want, _), rest)), Some((have, name))) => want == have && matches(rest, name),
        _ => false,
    }
}

/// Whether a name matches a plain pattern, as after `find -name`.
pub(crate) fn name_matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<(char, bool)> = pattern.chars().map(|c| (c, false)).collect();
    let name: Vec<char> = name.chars().collect();
    (!name.starts_with(&['.']) || pattern.first() == Some(&('.', false))) && matches(&pattern, &name)
}
