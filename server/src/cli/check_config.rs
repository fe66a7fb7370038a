//! `webxenadmin check-config`: what would be used, where each was said, and all that is wrong.
use super::{
    serve::say,
    settings::{SettingsArgs, SystemFile},
};
use crate::{Config, config, tls::Source};

/// `webxenadmin check-config`.
///
/// # Errors
/// All that is wrong.
pub(super) fn run(args: &SettingsArgs) -> anyhow::Result<()> {
    let layers = args.layers(SystemFile::Read);
    match args.file(SystemFile::Read) {
        Some(path) => say(&format!("# configuration file: {}", path.display())),
        None => say("# no configuration file"),
    }
    for line in table(&layers) {
        say(&line);
    }
    let config = Config::from_layers(&layers)?;
    // A certificate of our own is made at the start; one from files must be there.
    if let Some(source @ Source::Files { .. }) = Source::from_config(&config) {
        for warning in source.look()?.warnings {
            say(&format!("# warning: {warning}"));
        }
    }
    say("# nothing is wrong with them");
    Ok(())
}

/// A line for each setting.
pub(super) fn table(layers: &[config::Layer]) -> Vec<String> {
    let all = config::effective(layers);
    let widest = |width: fn(&config::Effective) -> usize| all.iter().map(width).max().unwrap_or_default();
    let key = widest(|effective| effective.setting.key.len());
    let value = widest(|effective| effective.value.chars().count()).min(40);
    all.iter()
        .map(|effective| {
            format!(
                "{:<key$}  {:<value$}  ({})",
                effective.setting.key, effective.value, effective.place
            )
        })
        .collect()
}
