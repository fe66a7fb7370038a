//! Settings as commands take them: a flag for each, the configuration file, the environment.
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use std::path::{Path, PathBuf};

use crate::{
    Config,
    config::{Layer, SETTINGS, Setting, default_data_dir},
};

/// Read where no other file is named and this one is there.
pub(super) const SYSTEM_FILE: &str = "/etc/webxenadmin/webxenadmin.toml";

/// What commands can be told; the same can be said in the file and the environment.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct SettingsArgs {
    #[command(flatten)]
    flags: Flags,
    /// Configuration file (TOML) [default: /etc/webxenadmin/webxenadmin.toml where that is there]
    #[arg(long, env = "WXA_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Whether the machine's own configuration file is read when no other is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SystemFile {
    Read,
    Leave,
}

impl SettingsArgs {
    /// File, environment and flags, the weakest first.
    pub(super) fn layers(&self, system: SystemFile) -> Vec<Layer> {
        let mut layers = Vec::new();
        if let Some(path) = self.file(system) {
            layers.push(Layer::from_file(&path));
        }
        layers.push(Layer::from_env(|name| std::env::var_os(name)));
        let flags = self.flags.0.iter();
        layers.push(Layer::from_flags(
            flags.map(|(setting, value)| (setting.key, value.clone())),
        ));
        layers
    }

    /// The settings of a command that looks after this machine's installation.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(super) fn read(&self) -> anyhow::Result<Config> {
        Ok(Config::from_layers(&self.layers(SystemFile::Read))?)
    }

    /// The configuration file; an empty name names none.
    pub(super) fn file(&self, system: SystemFile) -> Option<PathBuf> {
        match &self.config {
            Some(path) => Some(path.clone()).filter(|path| !path.as_os_str().is_empty()),
            None => (system == SystemFile::Read && Path::new(SYSTEM_FILE).exists())
                .then(|| PathBuf::from(SYSTEM_FILE)),
        }
    }
}

/// The data folder of a command that has no other settings.
///
/// # Errors
/// When the configuration file would tell and cannot be used.
pub(super) fn data_dir(said: Option<&PathBuf>) -> anyhow::Result<PathBuf> {
    match said {
        Some(data_dir) => Ok(data_dir.clone()),
        None if Path::new(SYSTEM_FILE).exists() => Ok(SettingsArgs::default().read()?.data_dir),
        None => Ok(default_data_dir()),
    }
}

/// A flag for each row of the table, and what was said with it.
#[derive(Clone, Debug, Default)]
struct Flags(Vec<(&'static Setting, String)>);

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().fold(command, |command, setting| {
            let help = format!("{} [default: {}]", setting.help, setting.default);
            let long = format!(
                "{help} [env: {}] [file: {}]\n\n{}",
                setting.variable, setting.key, setting.more
            );
            command.arg(
                Arg::new(setting.key)
                    .long(setting.flag)
                    .value_name(setting.value)
                    .help(help)
                    .long_help(long.trim_end().to_owned()),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let said = SETTINGS
            .iter()
            .filter_map(|setting| Some((setting, matches.get_one::<String>(setting.key)?.clone())));
        Ok(Self(said.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
