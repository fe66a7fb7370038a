//! The two text formats, and which of them is asked for.
use axum::http::{HeaderMap, header};
use std::fmt::Write as _;

/// A text format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Prometheus text 0.0.4.
    Prometheus,
    /// OpenMetrics 1.0.0.
    OpenMetrics,
}

/// What a family counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value now.
    Gauge,
    /// A sum since the start; its samples end in `_total`.
    Counter,
}

impl Format {
    /// The one that the `Accept` header likes best; Prometheus' own where it says nothing.
    pub(super) fn asked(headers: &HeaderMap) -> Self {
        let mut best = (Self::Prometheus, 0.0);
        let accept = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok());
        for range in accept.flat_map(|value| value.split(',')) {
            let mut words = range.split(';').map(str::trim);
            let format = match words.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/openmetrics-text" => Self::OpenMetrics,
                "text/plain" | "text/*" | "*/*" => Self::Prometheus,
                _ => continue,
            };
            let (mut weight, mut is_known) = (1.0, true);
            for word in words {
                match word.split_once('=') {
                    Some(("q", q)) => weight = q.parse().unwrap_or(0.0),
                    Some(("version", version)) if format == Self::OpenMetrics => {
                        is_known = ["1.0.0", "0.0.1"].contains(&version);
                    }
                    _ => {}
                }
            }
            if is_known && weight > best.1 {
                best = (format, weight);
            }
        }
        best.0
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// What stands at the end.
    pub(super) fn end(self) -> Option<&'static [u8]> {
        match self {
            Self::Prometheus => None,
            Self::OpenMetrics => Some(b"# EOF\n"),
        }
    }

    /// What stands before the samples of a family.
    pub(super) fn head(self, text: &mut String, name: &str, kind: Kind, unit: &str, help: &str) {
        let told = match (self, kind) {
            // There the name of a counter's family is that of its samples.
            (Self::Prometheus, Kind::Counter) => format!("{name}_total"),
            _ => name.to_owned(),
        };
        let kind = match kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
        };
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        let help = match self {
            Self::Prometheus => help,
            Self::OpenMetrics => help.replace('"', "\\\""),
        };
        // Writing into a string does not fail.
        let _ = writeln!(text, "# HELP {told} {help}\n# TYPE {told} {kind}");
        if self == Self::OpenMetrics && !unit.is_empty() {
            let _ = writeln!(text, "# UNIT {told} {unit}");
        }
    }
}

/// A sample's line: `labels` are written already, without braces.
pub(super) fn sample(text: &mut String, name: &str, kind: Kind, labels: &[&str], value: f64) {
    text.push_str(name);
    if kind == Kind::Counter {
        text.push_str("_total");
    }
    let mut open = '{';
    for label in labels.iter().filter(|label| !label.is_empty()) {
        text.push(open);
        text.push_str(label);
        open = ',';
    }
    if open == ',' {
        text.push('}');
    }
    let _ = writeln!(text, " {value}");
}

/// `name="value"`, escaped.
pub(super) fn label(text: &mut String, name: &str, value: &str) {
    if !text.is_empty() {
        text.push(',');
    }
    text.push_str(name);
    text.push_str("=\"");
    for letter in value.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            other => text.push(other),
        }
    }
    text.push('"');
}
