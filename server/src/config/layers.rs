//! Where settings are said, and reading them while collecting all that is wrong.
use super::{SETTINGS, Setting, setting, shown::shown};
use std::{collections::BTreeMap, ffi::OsString, fmt, fs, path::Path, str::FromStr};

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
    /// The configuration file at `path`. One that cannot be read is a problem among the others.
    pub fn from_file(path: &Path) -> Self {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Self::from_toml(&name, &text),
            Err(error) => Self {
                problems: vec![format!("{name} cannot be read: {error}")],
                ..Self::default()
            },
        }
    }

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
            let Some(known) = setting(&key) else {
                let all: Vec<_> = SETTINGS.iter().map(|known| known.key).collect();
                let problem = format!(
                    "{name}: there is no setting {key:?}; there are {}",
                    all.join(", ")
                );
                layer.problems.push(problem);
                continue;
            };
            match plain_text(&value) {
                Some(text) => layer.say(known.key, text, format!("{name}: {key}")),
                None => layer
                    .problems
                    .push(format!("{name}: {key} must be a text or a list of texts")),
            }
        }
        layer
    }

    /// The environment, asked through `get`.
    pub fn from_env(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut layer = Self::default();
        for Setting { key, variable, .. } in SETTINGS {
            match get(variable).map(OsString::into_string) {
                Some(Ok(value)) if !value.is_empty() => layer.say(key, value, (*variable).to_owned()),
                Some(Err(_)) => layer.problems.push(format!("{variable} is not UTF-8 text")),
                Some(Ok(_)) | None => {}
            }
        }
        layer
    }

    /// What the flags say.
    pub fn from_flags(flags: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let mut layer = Self::default();
        for (key, value) in flags {
            layer.say(key, value, format!("--{}", key.replace('_', "-")));
        }
        layer
    }

    /// What the program itself presumes in place of the defaults.
    pub fn presumed(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let mut layer = Self::default();
        for (key, value) in values {
            layer.say(key, value, "presumed".to_owned());
        }
        layer
    }

    /// What this layer says of a setting: its value, and where that was said.
    pub(super) fn said(&self, key: &str) -> Option<(&str, &str)> {
        let said = self.values.get(key)?;
        Some((&said.value, &said.place))
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

    /// A text that must be fit for what it is used for.
    pub(super) fn text_if(&mut self, key: &str, fits: fn(&str) -> bool, wanted: &str) -> Option<String> {
        let text = self.text(key)?;
        if fits(&text) {
            return Some(text);
        }
        let place = self.said(key).map_or("", |said| said.place.as_str());
        self.problems
            .push(format!("{place}: {:?} is not {wanted}", shown(&text)));
        None
    }

    pub(super) fn option<T: FromStr>(&mut self, key: &str, wanted: &str) -> Option<T> {
        let said = self.said(key)?;
        let parsed = said.value.parse().ok();
        if parsed.is_none() {
            self.problems.push(format!(
                "{}: {:?} is not {wanted}",
                said.place,
                shown(&said.value)
            ));
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
            self.problems.push(format!(
                "{}: {:?} are not {wanted}",
                said.place,
                shown(&said.value)
            ));
            Vec::new()
        })
    }

    /// Notes that what was said of `key` cannot be.
    pub(super) fn problem(&mut self, key: &str, why: &str) {
        if let Some(said) = self.said(key) {
            let problem = format!("{}: {:?} {why}", said.place, said.value);
            self.problems.push(problem);
        }
    }

    pub(super) fn finish(self) -> Result<(), ConfigProblems> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ConfigProblems(self.problems))
        }
    }
}
