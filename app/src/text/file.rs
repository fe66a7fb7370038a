//! A language as a file: a line per text, `Key = text`; `#` begins a remark.
use super::{english, locale};
use wxa_model::preferences::Language;

/// The languages besides English, each with its file: `(Language::German, include_str!("../../texts/de.txt"))`.
pub(super) const FILES: &[(Language, &str)] = &[];

/// The texts of a language; English where a file cannot be used, which a test makes sure of for all of them.
#[cfg(feature = "ssr")]
pub(super) fn texts(language: Language) -> &'static [&'static str] {
    type Parsed = Vec<(Language, Vec<&'static str>)>;
    static PARSED: std::sync::LazyLock<Parsed> = std::sync::LazyLock::new(|| {
        let read =
            |(language, file): &(Language, &'static str)| Some((*language, parse(file, *language).ok()?));
        FILES.iter().filter_map(read).collect()
    });
    PARSED
        .iter()
        .find(|(one, _)| *one == language)
        .map_or(english::ENGLISH, |(_, texts)| texts.as_slice())
}

/// Reads a file in the order of the keys.
///
/// # Errors
/// Every line that cannot be used and every key that is missing, one sentence each.
pub(super) fn parse(file: &'static str, language: Language) -> Result<Vec<&'static str>, Vec<String>> {
    let mut texts = vec![None; english::NAMES.len()];
    let mut wrong = Vec::new();
    for (n, line) in file.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((key, text)) = line.split_once('=').map(|(key, text)| (key.trim(), text.trim())) else {
            wrong.push(format!("line {}: not “Key = text”", n + 1));
            continue;
        };
        match english::NAMES.iter().position(|name| *name == key) {
            Some(at) => {
                let english = english::ENGLISH.get(at).copied().unwrap_or_default();
                wrong.extend(mismatch(key, english, text, language));
                if let Some(place) = texts.get_mut(at) {
                    *place = Some(text);
                }
            }
            None => wrong.push(format!("line {}: there is no text {key}", n + 1)),
        }
    }
    for (name, text) in english::NAMES.iter().zip(&texts) {
        if text.is_none() {
            wrong.push(format!("{name} is missing"));
        }
    }
    if wrong.is_empty() {
        Ok(texts.into_iter().flatten().collect())
    } else {
        Err(wrong)
    }
}

/// What `text` lacks that the English one has.
fn mismatch(key: &str, english: &str, text: &str, language: Language) -> Option<String> {
    let forms = |text: &str| text.split(" | ").count();
    if forms(english) > 1 && forms(text) != locale::plural_forms(language) {
        return Some(format!(
            "{key} needs {} plural forms",
            locale::plural_forms(language)
        ));
    }
    (placeholders(english) != placeholders(text))
        .then(|| format!("{key} has other placeholders than the English text"))
}

/// The names in braces, each once, sorted.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
