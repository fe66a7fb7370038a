//! What is to be corrected before a page can be saved, and where.
use super::{PageEdit, trimmed};
use crate::text::{S, s, s_fill};
use leptos::prelude::*;
use wxa_model::status::Audience;

/// The most characters of each; the server has the same bounds.
const TITLE: usize = 100;
pub(super) const ABOUT: usize = 300;
pub(super) const NAME: usize = 80;

/// Where something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Place {
    Title,
    About,
    Slug,
    /// In the service of that key.
    Service(u32, Field),
    /// In the check of the second key in the service of the first.
    Check(u32, u32, Field),
}

impl Place {
    /// The place that the server names. What is wrong with services it tells in words, by their names.
    pub(in super::super) fn named(name: &str) -> Option<Self> {
        match name {
            "title" => Some(Self::Title),
            "about" => Some(Self::About),
            "slug" => Some(Self::Slug),
            _ => None,
        }
    }
}

/// A field of a service or check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Field {
    Name,
    About,
    Members,
    Least,
    Host,
    Port,
    Url,
    Status,
    Text,
    Days,
}

/// Something to correct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Problem {
    pub place: Place,
    pub text: String,
}

impl Problem {
    pub(in super::super) fn new(place: Place, text: String) -> Self {
        Self { place, text }
    }

    /// The service in which it is.
    pub(in super::super) fn service(&self) -> Option<u32> {
        match self.place {
            Place::Service(key, _) | Place::Check(key, ..) => Some(key),
            Place::Title | Place::About | Place::Slug => None,
        }
    }
}

impl PageEdit {
    /// Everything that is to be corrected. Tracks all of it.
    pub(in super::super) fn problems(self) -> Vec<Problem> {
        let mut all = Vec::new();
        let title = trimmed(self.title);
        if title.is_empty() {
            all.push(Problem::new(Place::Title, s(S::MissingTitle).into()));
        } else if let Some(text) = too_long(&title, TITLE) {
            all.push(Problem::new(Place::Title, text));
        }
        if let Some(text) = too_long(&trimmed(self.about), ABOUT) {
            all.push(Problem::new(Place::About, text));
        }
        let slug = slug_problem(&trimmed(self.slug), self.audience.get());
        all.extend(slug.map(|text| Problem::new(Place::Slug, s(text).into())));
        self.services.with(|services| {
            let mut names = Vec::new();
            for service in services {
                service.problems(&names, &mut all);
                names.push(trimmed(service.name));
            }
        });
        all
    }
}

/// What to say of a text of more than `most` characters.
pub(super) fn too_long(text: &str, most: usize) -> Option<String> {
    (text.chars().count() > most).then(|| s_fill(S::TooLong, &[("n", &most)]))
}

/// What is wrong with a place in the address; it may be missing while nobody reads the page there.
pub(super) fn slug_problem(slug: &str, audience: Audience) -> Option<S> {
    let is_fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() {
        (audience != Audience::Links).then_some(S::MissingSlug)
    } else if slug.len() > 64 || !slug.chars().all(is_fine) {
        Some(S::BadSlug)
    } else {
        None
    }
}
