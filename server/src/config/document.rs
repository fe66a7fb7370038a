//! What manuals say about the settings, made from their table.
use super::{SETTINGS, Setting};
use std::fmt::Write as _;

/// Where the settings are said, for all manuals. Each is a paragraph.
pub const LAYERS: [&str; 3] = [
    "A setting can be said in the configuration file, in the environment and as a flag. A flag wins over the environment, the \
     environment over the file, the file over the default.",
    "The file is the one that --config or WXA_CONFIG names, else /etc/webxenadmin/webxenadmin.toml where that is there. It is \
     TOML: a key, an equals sign, a text in quotes; lists of texts in brackets. Keys that do not exist are refused. An empty \
     variable says nothing.",
    "`webxenadmin check-config` tells all that is wrong at once, and what would be used, with where each was said.",
];

/// `docs/configuration.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Configuration\n\nThis page is made from the table in `server/src/config/table.rs`; a test compares them.\n\n",
    );
    for paragraph in LAYERS {
        let _infallible = write!(text, "{paragraph}\n\n");
    }
    text += "| file | environment | flag | default |\n|---|---|---|---|\n";
    for setting in SETTINGS {
        let Setting {
            key, variable, flag, ..
        } = setting;
        let _infallible = writeln!(
            text,
            "| `{key}` | `{variable}` | `--{flag}` | {} |",
            setting.default
        );
    }
    for setting in SETTINGS {
        let _infallible = write!(
            text,
            "\n## {}\n\n{}\n\n```toml\n{} = {}\n```\n",
            setting.key,
            sentences(setting),
            setting.key,
            setting.example
        );
    }
    text
}

/// The configuration file that the package installs: everything explained, hardly anything set.
pub fn example_file() -> String {
    let mut text = String::from(
        "# Settings of webxenadmin: see webxenadmin.toml(5). `webxenadmin check-config` tells what is wrong with them;\n\
         # `systemctl restart webxenadmin` makes the server use them.\n",
    );
    for setting in SETTINGS {
        text += "\n";
        for line in wrapped(&sentences(setting)) {
            let _infallible = writeln!(text, "# {line}");
        }
        let _infallible = writeln!(text, "# Default: {}", setting.default);
        let _infallible = if setting.packaged.is_empty() {
            writeln!(text, "#{} = {}", setting.key, setting.example)
        } else {
            writeln!(text, "{} = {}", setting.key, setting.packaged)
        };
    }
    text
}

/// What a setting is for, in whole sentences.
pub fn sentences(setting: &Setting) -> String {
    format!("{}. {}", setting.help, setting.more)
        .trim_end()
        .to_owned()
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let full = |line: &String| !line.is_empty() && line.chars().count() + word.chars().count() > 76;
        if lines.last().is_some_and(full) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    // `UPDATE_EXPECT=1 cargo test -p server document` writes both anew.
    #[test]
    fn the_page_and_the_packaged_file_are_those_of_the_table() {
        expect_file!["../../../docs/configuration.md"].assert_eq(&super::markdown());
        let file = super::example_file();
        expect_file!["../../../packaging/webxenadmin.toml"].assert_eq(&file);
        let layer = crate::config::Layer::from_toml("webxenadmin.toml", &file);
        let config = crate::Config::from_layers(&[layer]).expect("good settings");
        assert_eq!(config.data_dir.to_str(), Some("/var/lib/webxenadmin"));
    }
}
