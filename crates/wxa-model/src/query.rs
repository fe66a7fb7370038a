//! The filter language of the list of VMs: `state:running host:xen-1 mem:>8G "free text"`, AND by default, `!` not, `|` or, `( )`.
mod parse;
mod service;
mod term;

pub use parse::parse;
pub use service::{parse_of_service, text_for_service};
pub use term::{Field, Subject, Term};

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these; none of them means everything.
    All(Vec<Filter>),
    /// Any of these.
    Any(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A single condition.
    Term(Term),
}

impl Filter {
    /// Whether `subject` passes.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(subject)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(subject)),
            Self::Not(part) => !part.matches(subject),
            Self::Term(term) => term.matches(subject),
        }
    }

    /// Whether some of it says nothing, as `tag:`, `()` and `mem:>` do while they are typed: what is meant to be narrow passes
    /// everything then.
    pub fn is_unfinished(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.is_empty() || parts.iter().any(Self::is_unfinished),
            Self::Not(part) => part.is_unfinished(),
            Self::Term(term) => term.is_empty(),
        }
    }

    /// Whether any of it is about `field`.
    pub fn is_about(&self, field: Field) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.is_about(field)),
            Self::Not(part) => part.is_about(field),
            Self::Term(term) => term.field() == field,
        }
    }
}

/// Adds `term` to the text of a filter, or takes it out when it is there as a word of its own.
pub fn toggle(text: &str, term: &str) -> String {
    if has(text, term) {
        text.split_whitespace()
            .filter(|word| *word != term)
            .collect::<Vec<_>>()
            .join(" ")
    } else if text.trim().is_empty() {
        term.to_owned()
    } else {
        format!("{} {term}", text.trim())
    }
}

/// Whether `term` stands in the text of a filter as a word of its own.
pub fn has(text: &str, term: &str) -> bool {
    text.split_whitespace().any(|word| word == term)
}

/// `key:value`, quoted where it must be.
pub fn term(key: &str, value: &str) -> String {
    if value.chars().any(|c| c.is_whitespace() || "()|\"!".contains(c)) {
        format!("{key}:\"{}\"", value.replace('"', ""))
    } else {
        format!("{key}:{value}")
    }
}

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;
