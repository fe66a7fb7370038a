//! Where settings are said, and reading them while collecting all that is wrong.
use super::KEYS;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// One place where settings are said.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    values: BTreeMap<&'static str, Said>,
    problems: Vec<String>,
}

#[derive(Clone, Debug)]
struct Said {
    value: String,
    place: String,
}

/// All that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblems(pub Vec<String>);

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings cannot be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigProblems {}

impl Layer {
    /// The configuration file's text; `name` is how it is called in messages.
    pub fn from_toml(name: &str, text: &str) -> Self {
        let mut layer = Self::default();
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                layer
                    .problems
                    .push(format!("{name}: {}", error.to_string().trim_end()));
                return layer;
            }
        };
        for (key, value) in table {
            let Some((known, _)) = KEYS.iter().find(|(known, _)| *known == key) else {
                let all: Vec<_> = KEYS.iter().map(|(known, _)| *known).collect();
                let problem = format!(
                    "{name}: there is no setting {key:?}; there are {}",
                    all.join(", ")
                );
                layer.problems.push(problem);
                continue;
            };
            match plain_text(&value) {
                Some(text) => layer.say(known, text, format!("{name}: {key}")),
                None => layer
                    .problems
                    .push(format!("{name}: {key} must be a text or a list of texts")),
            }
        }
        layer
    }

    /// The environment, asked through `get`.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Self {
        let mut layer = Self::default();
        for (key, variable) in KEYS {
            if let Some(value) = get(variable).filter(|value| !value.is_empty()) {
                layer.say(key, value, variable.to_owned());
            }
        }
        layer
    }

    /// What the flags say.
    pub fn from_flags(flags: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        let mut layer = Self::default();
        for (key, value) in flags {
            if let Some(value) = value {
                layer.say(key, value, format!("--{}", key.replace('_', "-")));
            }
        }
        layer
    }

    fn say(&mut self, key: &'static str, value: String, place: String) {
        self.values.insert(key, Said { value, place });
    }
}

fn plain_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// Reads keys, the strongest layer first, and remembers what is wrong.
pub(super) struct Reader<'a> {
    layers: &'a [Layer],
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(layers: &'a [Layer]) -> Self {
        let problems = layers.iter().flat_map(|layer| layer.problems.clone()).collect();
        Self { layers, problems }
    }

    fn said(&self, key: &str) -> Option<&'a Said> {
        self.layers.iter().rev().find_map(|layer| layer.values.get(key))
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.said(key).map(|said| said.value.clone())
    }

    pub(super) fn option<T: FromStr>(&mut self, key: &str, wanted: &str) -> Option<T> {
        let said = self.said(key)?;
        let parsed = said.value.parse().ok();
        if parsed.is_none() {
            self.problems
                .push(format!("{}: {:?} is not {wanted}", said.place, said.value));
        }
        parsed
    }

    pub(super) fn parse<T: FromStr>(&mut self, key: &str, default: T, wanted: &str) -> T {
        self.option(key, wanted).unwrap_or(default)
    }

    pub(super) fn list<T: FromStr>(&mut self, key: &str, wanted: &str) -> Vec<T> {
        let Some(said) = self.said(key) else {
            return Vec::new();
        };
        let texts = said
            .value
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let parsed: Option<Vec<T>> = texts.map(|text| text.parse().ok()).collect();
        parsed.unwrap_or_else(|| {
            self.problems
                .push(format!("{}: {:?} are not {wanted}", said.place, said.value));
            Vec::new()
        })
    }

    pub(super) fn finish(self) -> Result<(), ConfigProblems> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ConfigProblems(self.problems))
        }
    }
}
