//! `webxenadmin support-bundle`.
use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;

use super::{
    open,
    serve::say,
    settings::{SettingsArgs, SystemFile},
};
use crate::{
    Config,
    doctor::{self, Hosts},
    support::{Bundle, Names},
};

#[derive(Args, Debug)]
pub(super) struct SupportArgs {
    /// The archive to write
    #[arg(default_value = "webxenadmin-support.tar.gz")]
    file: PathBuf,
    /// Put the end of this log in too; may be said several times
    #[arg(long = "with-log", value_name = "FILE")]
    logs: Vec<PathBuf>,
    /// Leave names and addresses of accounts, hosts and guests as they are
    #[arg(long)]
    names: bool,
    /// Sign in to each host too, as `doctor --hosts` does
    #[arg(long)]
    hosts: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

/// `webxenadmin support-bundle`.
///
/// # Errors
/// When it cannot be written.
pub(super) async fn run(args: &SupportArgs) -> anyhow::Result<()> {
    let layers = args.settings.layers(SystemFile::Read);
    let settings = Config::from_layers(&layers);
    let hosts = if args.hosts { Hosts::Try } else { Hosts::Leave };
    let names = match &settings {
        _ if args.names => Names::shown(),
        Ok(config) => known(config, args.logs.is_empty()).await?,
        Err(_) if args.logs.is_empty() => Names::hidden([]),
        Err(problems) => {
            bail!("{problems}\nso names in logs cannot be told: leave --with-log out, or say --names")
        }
    };
    let mut bundle = Bundle::new(names);
    bundle.add_settings(&layers, settings.as_ref().err());
    bundle.add_findings(&doctor::examine(&settings, hosts).await);
    bundle.add_system();
    if let Ok(config) = &settings {
        bundle.add_database(&config.data_dir).await;
    }
    for log in &args.logs {
        bundle
            .add_log(log)
            .with_context(|| format!("reading {}", log.display()))?;
    }
    let inside = bundle
        .write(&args.file)
        .with_context(|| format!("writing {}", args.file.display()))?;
    say(&format!("{}: {}", args.file.display(), inside.join(", ")));
    say("Secrets are taken out, and names unless --names was said. Look through it before you send it.");
    Ok(())
}

/// The names of this installation.
async fn known(config: &Config, without_logs: bool) -> anyhow::Result<Names> {
    let public = config
        .public_url
        .as_ref()
        .map(|url| ("public", url.host().to_owned()));
    let mut names = Names::hidden(public);
    // Opening would make what is not there.
    if !config.data_dir.join("webxenadmin.db").exists() {
        return Ok(names);
    }
    let learned = open::maintaining(&config.data_dir, async |core| Ok(names.learn_from(core).await?));
    match learned.await {
        // Without logs no name gets into the bundle in the first place.
        Err(error) if !without_logs => {
            Err(error.context("names in logs cannot be told: leave --with-log out, or say --names"))
        }
        _ => Ok(names),
    }
}
