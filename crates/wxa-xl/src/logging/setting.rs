//! The line of a settings file that says what xenconsoled logs. The file is a shell's; what is not a plain value is left alone.
use wxa_driver::Switch;

/// Which setting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// Debian: `XENCONSOLED_ARGS="--log=guest"`, in /etc/default/xen.
    Arguments,
    /// Upstream: `XENCONSOLED_TRACE=guest`, in xencommons.
    Trace,
}

/// A file that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// All of it.
    pub(super) text: String,
    /// The line that went.
    pub(super) removed: Option<String>,
    /// The line that came.
    pub(super) added: Option<String>,
}

/// The setting is made in a way that is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotPlain;

impl Setting {
    fn variable(self) -> &'static str {
        match self {
            Self::Arguments => "XENCONSOLED_ARGS",
            Self::Trace => "XENCONSOLED_TRACE",
        }
    }

    /// Changes a file. Switching back takes away what switching had brought.
    pub(super) fn edit(self, text: &str, switch: Switch) -> Result<Edit, NotPlain> {
        let lines: Vec<&str> = text.lines().collect();
        let mut set = lines.iter().enumerate().filter_map(|(at, line)| {
            let rest = line.trim_start().strip_prefix(self.variable())?;
            Some((at, rest.strip_prefix('=')?))
        });
        let found = set.next();
        // A setting that is made twice, or by something cleverer than a line.
        let mentioned = lines.iter().filter(|line| {
            let line = line.trim_start();
            !line.starts_with('#') && line.contains(self.variable())
        });
        if mentioned.count() != usize::from(found.is_some()) {
            return Err(NotPlain);
        }
        let old = found.map(|(_, value)| plain(value).ok_or(NotPlain)).transpose()?;
        let new = self.value(old.unwrap_or_default(), switch);
        let said = |value: Option<&str>| {
            value
                .filter(|value| *value != "none")
                .unwrap_or_default()
                .to_owned()
        };
        if said(new.as_deref()) == said(old) {
            return Ok(Edit {
                text: text.to_owned(),
                removed: None,
                added: None,
            });
        }
        let added = new.map(|value| match self {
            Self::Arguments => format!("{}=\"{value}\"", self.variable()),
            Self::Trace => format!("{}={value}", self.variable()),
        });
        let mut kept: Vec<&str> = lines.clone();
        let removed = match (found, &added) {
            (Some((at, _)), Some(line)) => kept.splice(at..=at, [line.as_str()]).next().map(str::to_owned),
            (Some((at, _)), None) => Some(kept.remove(at).to_owned()),
            (None, Some(line)) => {
                kept.push(line);
                None
            }
            (None, None) => None,
        };
        let mut text = kept.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        Ok(Edit { text, removed, added })
    }

    /// The new value; none where there is nothing to say.
    fn value(self, old: &str, switch: Switch) -> Option<String> {
        match self {
            Self::Trace => traced(old, switch).map(str::to_owned),
            Self::Arguments => {
                let mut words = Vec::new();
                let mut traces = "none";
                let mut rest = old.split_whitespace();
                while let Some(word) = rest.next() {
                    match word.strip_prefix("--log") {
                        Some("") => traces = rest.next().unwrap_or("none"),
                        Some(value) if value.starts_with('=') => traces = value.trim_start_matches('='),
                        _ => words.push(word.to_owned()),
                    }
                }
                words.extend(traced(traces, switch).map(|traces| format!("--log={traces}")));
                (!words.is_empty()).then(|| words.join(" "))
            }
        }
    }
}

/// What is logged beside what was: guests, or guests no more. The hypervisor's own messages are another's business.
fn traced(old: &str, switch: Switch) -> Option<&'static str> {
    match (old, switch) {
        ("hv" | "all", Switch::On) => Some("all"),
        (_, Switch::On) => Some("guest"),
        ("hv" | "all", Switch::Off) => Some("hv"),
        (_, Switch::Off) => None,
    }
}

/// The value of an assignment, if it is nothing but that.
fn plain(value: &str) -> Option<&str> {
    let value = value.trim_end();
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    let allowed = |text: &str, more: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_=/.,:+".contains(c) || more.contains(c))
    };
    match inner {
        Some(inner) => allowed(inner, " ").then_some(inner),
        None => allowed(value, "").then_some(value),
    }
}

#[cfg(test)]
mod tests;
