//! A parser that refuses whatever the formats do not allow, as far as we use them.
use std::collections::{BTreeMap, BTreeSet};

/// What was read.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) types: BTreeMap<String, String>,
    pub(super) units: BTreeMap<String, String>,
    /// By name, then by labels.
    pub(super) samples: BTreeMap<(String, BTreeMap<String, String>), String>,
}

impl Page {
    /// The first value of that name with these labels among its own.
    pub(super) fn value(&self, name: &str, with: &[(&str, &str)]) -> Option<f64> {
        let fits = |labels: &BTreeMap<String, String>| {
            with.iter()
                .all(|(name, value)| labels.get(*name).map(String::as_str) == Some(*value))
        };
        let mut found = self
            .samples
            .iter()
            .filter(|((known, labels), _)| known == name && fits(labels));
        found.next()?.1.parse().ok()
    }
}

pub(super) fn read(text: &str, is_open: bool) -> Result<Page, String> {
    let mut page = Page::default();
    let mut helped = BTreeSet::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut family = String::new();
    let text = match is_open {
        true => text.strip_suffix("# EOF\n").ok_or("no EOF")?,
        false => text,
    };
    if !text.is_empty() && !text.ends_with('\n') {
        return Err("the last line does not end".into());
    }
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (what, name, rest) = (
                words.next(),
                words.next().ok_or("no name")?,
                words.next().unwrap_or_default(),
            );
            check_name(name)?;
            match what {
                Some("HELP") => {
                    if !helped.insert(name.to_owned()) {
                        return Err(format!("{name} is told twice"));
                    }
                    if !family.is_empty() {
                        done.insert(std::mem::take(&mut family));
                    }
                    name.clone_into(&mut family);
                }
                Some("TYPE") if ["gauge", "counter"].contains(&rest) && name == family => {
                    page.types.insert(name.to_owned(), rest.to_owned());
                }
                Some("UNIT") if is_open && name == family => {
                    let fits = name.strip_suffix(rest).is_some_and(|name| name.ends_with('_'));
                    if !fits {
                        return Err(format!("{name} does not end in its unit {rest}"));
                    }
                    page.units.insert(name.to_owned(), rest.to_owned());
                }
                _ => return Err(format!("what is {line:?}?")),
            }
            continue;
        }
        let (name, labels, value) = sample(line)?;
        let kind = page
            .types
            .get(&family)
            .ok_or_else(|| format!("{name} before its type"))?;
        let wanted = match (kind.as_str(), is_open) {
            ("counter", true) => format!("{family}_total"),
            _ => family.clone(),
        };
        if name != wanted
            || (kind == "gauge" && name.ends_with("_total"))
            || (kind == "counter" && !name.ends_with("_total"))
        {
            return Err(format!("{name} is no sample of {family}"));
        }
        let number: f64 = value.parse().map_err(|_| format!("{value:?} is no number"))?;
        if !number.is_finite() || (kind == "counter" && number < 0.0) {
            return Err(format!("{name} is {value}"));
        }
        if page.samples.insert((name.clone(), labels), value).is_some() {
            return Err(format!("{name} has the same labels twice"));
        }
    }
    match helped.iter().find(|name| !page.types.contains_key(*name)) {
        Some(name) => Err(format!("{name} has no type")),
        None => Ok(page),
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let mut letters = name.chars();
    let first = letters
        .next()
        .is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    let rest = letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (first && rest)
        .then_some(())
        .ok_or_else(|| format!("{name:?} is no name"))
}

fn sample(line: &str) -> Result<(String, BTreeMap<String, String>, String), String> {
    let end = line
        .find(['{', ' '])
        .ok_or_else(|| format!("no value in {line:?}"))?;
    let (name, mut rest) = line.split_at(end);
    check_name(name)?;
    let mut labels = BTreeMap::new();
    if let Some(after) = rest.strip_prefix('{') {
        rest = after;
        loop {
            let (label, after) = rest
                .split_once("=\"")
                .ok_or_else(|| format!("no label in {rest:?}"))?;
            check_name(label)?;
            let (value, after) = quoted(after)?;
            if labels.insert(label.to_owned(), value).is_some() {
                return Err(format!("{label} is there twice"));
            }
            if let Some(after) = after.strip_prefix('}') {
                rest = after;
                break;
            }
            rest = after
                .strip_prefix(',')
                .ok_or_else(|| format!("what is {after:?}?"))?;
        }
    }
    let value = rest
        .strip_prefix(' ')
        .ok_or_else(|| format!("no value in {line:?}"))?;
    Ok((name.to_owned(), labels, value.to_owned()))
}

fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, text.get(at + 1..).unwrap_or_default())),
            '\\' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, escaped @ ('\\' | '"'))) => value.push(escaped),
                other => return Err(format!("{other:?} is not to be escaped")),
            },
            other => value.push(other),
        }
    }
    Err("a value without end".into())
}
