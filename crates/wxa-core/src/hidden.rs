//! Characters that are not what they look like.

/// Whether it turns the direction of what follows, or is not seen: either could make a text say something else.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
