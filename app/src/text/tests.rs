//! Nothing is missing in any language, and nothing that is filled in gets lost.
use super::{Locale, english, file, filled};
use wxa_model::preferences::Language;

fn translated(change: impl Fn(&str, &str) -> Option<String>) -> &'static str {
    let lines: Vec<String> = english::NAMES
        .iter()
        .zip(english::ENGLISH)
        .filter_map(|(name, text)| Some(format!("{name} = {}", change(name, text)?)))
        .collect();
    lines.join("\n").leak()
}

#[test]
fn every_language_has_every_text() {
    for (language, texts) in file::FILES {
        assert_eq!(file::parse(texts, *language).err(), None, "{}", language.name());
    }
    for language in Language::ALL.iter().filter(|one| **one != Language::English) {
        assert!(
            file::FILES.iter().any(|(one, _)| one == language),
            "{} has no file",
            language.name()
        );
    }
}

#[test]
fn a_missing_text_is_told_by_its_key() {
    let complete = translated(|_, text| Some(text.into()));
    assert!(file::parse(complete, Language::English).is_ok());
    let without = translated(|name, text| (name != "SkipToContent").then(|| text.into()));
    assert_eq!(
        file::parse(without, Language::English).err(),
        Some(vec!["SkipToContent is missing".into()])
    );
}

#[test]
fn a_text_that_lost_its_placeholder_or_a_plural_form_is_told() {
    let wrong = translated(|name, text| {
        Some(match name {
            "Account" => "Account".into(),
            "CountVms" => "{n} VMs".into(),
            _ => text.into(),
        })
    });
    let told = file::parse(wrong, Language::English).err().unwrap_or_default();
    assert_eq!(
        told,
        [
            "CountVms needs 2 plural forms",
            "Account has other placeholders than the English text"
        ]
    );
    let unknown = file::parse("Nonsense = x\njust words", Language::English)
        .err()
        .unwrap_or_default();
    assert_eq!(
        unknown.first().map(String::as_str),
        Some("line 1: there is no text Nonsense")
    );
    assert_eq!(
        unknown.get(1).map(String::as_str),
        Some("line 2: not “Key = text”")
    );
}

#[test]
fn placeholders_are_filled_in_and_other_braces_stay() {
    assert_eq!(filled("{a} of {b}", &[("a", &1), ("b", &"{a}")]), "1 of {a}");
    assert_eq!(filled("{x} {", &[]), "{x} {");
}

#[test]
fn one_is_not_many() {
    let locale = Locale::default();
    assert_eq!(locale.form(super::T::CountVms, 1), "{n} VM");
    assert_eq!(locale.form(super::T::CountVms, 0), "{n} VMs");
    assert_eq!(locale.form(super::T::TasksRunning, 1), "{n} running");
}
