//! `webxenadmin doctor` and `webxenadmin healthcheck`.
use anyhow::bail;
use clap::Args;

use super::{
    serve::say,
    settings::{SettingsArgs, SystemFile},
};
use crate::{
    Config,
    doctor::{self, Grade, Hosts},
    watcher,
};

#[derive(Args, Debug)]
pub(super) struct DoctorArgs {
    /// Sign in to each host too: reachable, its key, its credential, its xl
    #[arg(long)]
    hosts: bool,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

/// `webxenadmin doctor`. Whether anything is wrong is its exit status.
///
/// # Errors
/// When something is wrong.
pub(super) async fn run(args: &DoctorArgs) -> anyhow::Result<()> {
    let settings = Config::from_layers(&args.settings.layers(SystemFile::Read));
    let hosts = if args.hosts { Hosts::Try } else { Hosts::Leave };
    let found = doctor::examine(&settings, hosts).await;
    if args.json {
        say(&serde_json::to_string_pretty(&found)?);
    } else {
        for finding in &found {
            say(&finding.to_string());
        }
    }
    match found.iter().filter(|finding| finding.grade == Grade::Bad).count() {
        0 => Ok(()),
        1 => bail!("1 problem"),
        several => bail!("{several} problems"),
    }
}

/// `webxenadmin healthcheck`: whether the server that these settings start is ready, as its exit status.
///
/// # Errors
/// When it is not, or does not answer.
pub(super) async fn healthcheck(args: &SettingsArgs) -> anyhow::Result<()> {
    let config = args.read()?;
    match watcher::ready(&config).await {
        Ok(true) => Ok(()),
        Ok(false) => bail!("the server is not ready"),
        Err(error) => bail!("the server does not answer on {}: {error}", config.listen),
    }
}
