//! JSON as libxl writes it: four spaces, keys in order, and empty objects with a blank line inside.

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    Text(String),
    Number(u64),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// The words libxl writes for its flags.
    pub(crate) fn flag(word: &'static str) -> Self {
        Self::Text(word.to_owned())
    }

    /// The text, indented from `depth` on.
    pub(crate) fn text(&self, depth: usize) -> String {
        let pad = "    ".repeat(depth + 1);
        let end = "    ".repeat(depth);
        let wrap = |open: &str, items: Vec<String>, close: &str| {
            format!(
                "{open}\n{}\n{end}{close}",
                items
                    .iter()
                    .map(|item| format!("{pad}{item}"))
                    .collect::<Vec<_>>()
                    .join(",\n")
            )
        };
        match self {
            Self::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
            Self::Number(number) => number.to_string(),
            Self::List(items) => wrap("[", items.iter().map(|item| item.text(depth + 1)).collect(), "]"),
            Self::Object(fields) if fields.is_empty() => format!("{{\n\n{end}}}"),
            Self::Object(fields) => wrap(
                "{",
                fields
                    .iter()
                    .map(|(key, value)| format!("\"{key}\": {}", value.text(depth + 1)))
                    .collect(),
                "}",
            ),
        }
    }
}
