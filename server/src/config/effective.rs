//! The settings as they will be used, each with where it was said.
use super::{Layer, SETTINGS, Setting, default_data_dir, shown::shown};

/// A setting with what holds.
#[derive(Debug)]
pub struct Effective {
    /// Which.
    pub setting: &'static Setting,
    /// Its value, without what looks like a secret; the default in words when nothing was said.
    pub value: String,
    /// Where that was said: a file with its key, a variable, a flag, or `default`.
    pub place: String,
}

/// All settings; the last layer is the strongest.
pub fn effective(layers: &[Layer]) -> Vec<Effective> {
    SETTINGS
        .iter()
        .map(|setting| {
            let said = layers.iter().rev().find_map(|layer| layer.said(setting.key));
            let (value, place) = match said {
                Some((value, place)) => (shown(value), place.to_owned()),
                None => (default(setting), "default".to_owned()),
            };
            Effective {
                setting,
                value,
                place,
            }
        })
        .collect()
}

/// What holds when nothing is said: where that depends on the account, what it is for this one.
fn default(setting: &Setting) -> String {
    match setting.key {
        "data_dir" => default_data_dir().display().to_string(),
        _ => setting.default.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_layer_is_named() {
        let file = Layer::from_toml("a.toml", "log = \"warn\"\nlog_format = \"json\"");
        let env = Layer::from_env(|name| (name == "WXA_LOG").then(|| "debug".into()));
        let all = effective(&[file, env]);
        let of = |key: &str| {
            let found = all.iter().find(|effective| effective.setting.key == key);
            found.map(|effective| (effective.value.as_str(), effective.place.as_str()))
        };
        assert_eq!(of("log"), Some(("debug", "WXA_LOG")));
        assert_eq!(of("log_format"), Some(("json", "a.toml: log_format")));
        assert_eq!(of("listen"), Some(("127.0.0.1:8006", "default")));
    }
}
