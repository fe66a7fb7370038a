//! `webxenadmin backup` and `restore`.
use anyhow::{Context, bail};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};
use wxa_core::{
    BackupInfo, Ctx,
    backup::{Measurements, Occupied, inspect, restore},
};
use wxa_model::UnixMillis;

use super::{data_args::DataArgs, prompt, serve::say, settings};

/// Shorter ones are guessed from a stolen file.
const PASSPHRASE_LEAST: usize = 12;

#[derive(Args, Debug)]
pub(super) struct BackupArgs {
    /// The file to write, or a folder to put one into that is named after the time
    file: PathBuf,
    /// Seal it with a passphrase, which is asked for, or read from standard input
    #[arg(long)]
    passphrase: bool,
    /// Seal it with the passphrase in the first line of this file
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase")]
    passphrase_file: Option<PathBuf>,
    /// Leave out what was measured over time, most of the file; what VMs used, day by day, is in it all the same
    #[arg(long)]
    without_measurements: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args, Debug)]
pub(super) struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// Put what is in the data folder aside, and restore all the same
    #[arg(long)]
    replace: bool,
    /// Only tell what the backup is and whether it is whole
    #[arg(long, conflicts_with = "replace")]
    check: bool,
    /// The passphrase of a sealed backup is the first line of this file; without it, it is asked for
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

/// `webxenadmin backup`.
///
/// # Errors
/// Says what to do.
pub(super) async fn back_up(args: &BackupArgs) -> anyhow::Result<()> {
    let data_dir = settings::data_dir(args.data.data_dir())?;
    // Opening would make what is not there, and back up nothing.
    if !data_dir.join("webxenadmin.db").exists() {
        bail!(
            "there is no database in {}: --data-dir names the folder",
            data_dir.display()
        );
    }
    let passphrase = match &args.passphrase_file {
        Some(file) => Some(first_line(file)?),
        None if args.passphrase => Some(prompt::new_passphrase()?),
        None => None,
    };
    let sealed = passphrase.is_some();
    if passphrase
        .as_ref()
        .is_some_and(|text| text.expose_secret().chars().count() < PASSPHRASE_LEAST)
    {
        bail!("the passphrase must have at least {PASSPHRASE_LEAST} characters");
    }
    let measurements = match args.without_measurements {
        true => Measurements::LeaveOut,
        false => Measurements::Include,
    };
    let backup = args.data.with(async |core| {
        let file = if args.file.is_dir() {
            args.file
                .join(format!("webxenadmin-{}.backup", compact(core.now())))
        } else {
            args.file.clone()
        };
        let made = core
            .backup_create(&Ctx::command_line(), &file, passphrase, measurements)
            .await?;
        Ok((file, made))
    });
    let (file, made) = backup.await?;
    say(&format!(
        "{}: {} bytes, SHA-256 {}",
        file.display(),
        made.bytes,
        made.sha256
    ));
    if let Some(why) = made.unreadable {
        eprintln!("What was measured over time is not in it: {why}");
    }
    if !sealed {
        eprintln!(
            "It is not sealed: whoever reads it has the credentials of your hosts. Keep it like a key, or make it with --passphrase."
        );
    }
    Ok(())
}

/// `webxenadmin restore`.
///
/// # Errors
/// Says what to do; nothing was changed then.
pub(super) async fn put_back(args: &RestoreArgs) -> anyhow::Result<()> {
    let backup = inspect(&args.file)?;
    if args.check {
        say(&format!("{}: whole. {}", args.file.display(), told(&backup)));
        return Ok(());
    }
    let data_dir = settings::data_dir(args.data.data_dir())?;
    let passphrase = match &args.passphrase_file {
        Some(file) => Some(first_line(file)?),
        None if backup.sealed => Some(prompt::password("Passphrase of the backup")?),
        None => None,
    };
    let occupied = if args.replace {
        Occupied::PutAside
    } else {
        Occupied::Refuse
    };
    let restored = restore(&args.file, &data_dir, occupied, passphrase).await?;
    say(&format!(
        "Restored into {}. {}",
        data_dir.display(),
        told(&restored.backup)
    ));
    if let Some(why) = restored.without_measurements {
        say(&format!("What was measured over time was left behind: {why}"));
    }
    if let Some(aside) = restored.aside {
        say(&format!("What was there before is in {}.", aside.display()));
    }
    say("Sessions and one-time links of the backup are void: everybody signs in anew.");
    Ok(())
}

fn told(backup: &BackupInfo) -> String {
    let sealed = if backup.sealed { "sealed" } else { "not sealed" };
    let measurements = match backup.measurements {
        Some(bytes) => format!("{bytes} of them measurements"),
        None => "without measurements".to_owned(),
    };
    format!(
        "Made {} by version {}, {sealed}: {} bytes, {measurements}.",
        readable(backup.created_at),
        backup.program,
        backup.bytes
    )
}

fn first_line(file: &Path) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let line = text.lines().next().unwrap_or_default();
    Ok(SecretString::from(line.to_owned()))
}

/// `2026-11-25 02:15:00 UTC`.
fn readable(at: UnixMillis) -> String {
    timestamp(at).strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `20261125T021500Z`, which sorts by time and can be in a file's name.
fn compact(at: UnixMillis) -> String {
    timestamp(at).strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn timestamp(at: UnixMillis) -> jiff::Timestamp {
    let millis = i64::try_from(at.0).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(millis).unwrap_or_default()
}
