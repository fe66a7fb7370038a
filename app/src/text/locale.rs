//! Which language and which formats the page is in: from context on the server, from the page's one cell in the browser.
use super::english::{ENGLISH, T};
use wxa_model::{
    Preferences,
    preferences::{Dates, Decimal, Hours, Language},
};

/// The reader's language and formats; cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Locale {
    texts: &'static [&'static str],
    language: Language,
    /// The decimal sign.
    pub decimal: Decimal,
    /// How times of day are written.
    pub hours: Hours,
    /// How dates are written.
    pub dates: Dates,
}

impl Locale {
    /// The formats of `preferences` with the texts `texts`.
    pub fn new(preferences: &Preferences, texts: &'static [&'static str]) -> Self {
        Self {
            texts,
            language: preferences.language,
            decimal: preferences.decimal,
            hours: preferences.hours,
            dates: preferences.dates,
        }
    }

    /// The text behind a key. A table from another build may be shorter: English stands in.
    pub fn text(self, key: T) -> &'static str {
        let at = key as usize;
        let english = ENGLISH.get(at).copied().unwrap_or_default();
        self.texts.get(at).copied().unwrap_or(english)
    }

    /// The form of a text for `n` things; forms are parted by ` | `.
    pub fn form(self, key: T, n: usize) -> &'static str {
        self.form_of(self.text(key), n)
    }

    /// The form for `n` things among those that `forms` has.
    pub fn form_of(self, forms: &'static str, n: usize) -> &'static str {
        forms
            .split(" | ")
            .nth(plural_form(self.language, n))
            .unwrap_or(forms)
    }

    /// All texts, where they are not the compiled-in ones.
    #[cfg(feature = "ssr")]
    pub fn foreign_texts(self) -> Vec<String> {
        if std::ptr::eq(self.texts, ENGLISH) {
            return Vec::new();
        }
        self.texts.iter().map(|text| (*text).to_owned()).collect()
    }
}

/// How many plural forms a language has.
#[cfg(any(feature = "ssr", test))]
pub(super) fn plural_forms(language: Language) -> usize {
    match language {
        Language::English => 2,
    }
}

/// Which of them is used for `n`.
fn plural_form(language: Language, n: usize) -> usize {
    match language {
        Language::English => usize::from(n != 1),
    }
}

impl Default for Locale {
    fn default() -> Self {
        Self::new(&Preferences::default(), ENGLISH)
    }
}

/// The locale of a page that is rendered for somebody with these preferences: the one in context, where a test put one.
#[cfg(feature = "ssr")]
pub fn for_page(preferences: &Preferences) -> Locale {
    leptos::prelude::use_context()
        .unwrap_or_else(|| Locale::new(preferences, super::file::texts(preferences.language)))
}

/// The locale of the page that is being rendered or shown.
#[cfg(feature = "ssr")]
pub fn current() -> Locale {
    leptos::prelude::use_context().unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
thread_local! {
    static CURRENT: std::cell::Cell<Locale> = std::cell::Cell::default();
}

/// The locale of the page that is being rendered or shown.
#[cfg(not(feature = "ssr"))]
pub fn current() -> Locale {
    CURRENT.get()
}

/// On the server the page's context says it: nothing is shared between pages.
#[cfg(feature = "ssr")]
impl Locale {
    /// See the browser's.
    pub fn begin(_: &Preferences, _: Vec<String>) {}

    /// See the browser's.
    pub fn change(_: &Preferences) {}
}

#[cfg(not(feature = "ssr"))]
impl Locale {
    /// Takes over the language that the boot data brought, for as long as the page lives.
    pub fn begin(preferences: &Preferences, foreign: Vec<String>) {
        let texts: &'static [&'static str] = if foreign.is_empty() {
            ENGLISH
        } else {
            let texts: Vec<&'static str> = foreign.into_iter().map(|text| &*text.leak()).collect();
            texts.leak()
        };
        CURRENT.set(Self::new(preferences, texts));
    }

    /// Changes formats to those of `preferences`; another language needs a new page.
    pub fn change(preferences: &Preferences) {
        CURRENT.set(Self::new(preferences, CURRENT.get().texts));
    }
}
