//! The command line.
mod audit;
mod backup;
mod check_config;
mod data_args;
mod demo;
mod demo_fleet;
mod demo_pools;
mod demo_status;
mod demo_words;
mod doctor;
mod documents;
mod host;
mod host_add;
mod host_args;
mod host_ssh;
mod jump_args;
pub(crate) mod open;
mod prompt;
mod secret;
mod serve;
mod settings;
mod setup_link;
mod support;
mod tls;
mod user;
mod user_grants;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::{assets::Site, licenses, version};

/// WebXenAdmin: a browser console for the Xen hypervisor.
#[derive(Debug, Parser)]
#[command(name = "webxenadmin", version)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the console
    Serve(settings::SettingsArgs),
    /// Serve a console with a simulated fleet, to look around without a Xen host
    Demo(demo::DemoArgs),
    /// Print a link that makes the first administrator
    SetupLink(settings::SettingsArgs),
    /// Show the TLS certificate with its fingerprint, or what is wrong with it
    Tls(settings::SettingsArgs),
    /// Keep the accounts, also when everybody is locked out
    #[command(after_help = user::LOCKED_OUT)]
    User(user::UserArgs),
    /// Keep the hosts
    Host(host::HostArgs),
    /// Check the audit log
    Audit(audit::AuditArgs),
    /// Tell what settings would be used, where each was said, and all that is wrong with them
    CheckConfig(settings::SettingsArgs),
    /// Write database and sealing key into one file, also while the server runs
    Backup(backup::BackupArgs),
    /// Put a backup back, on this machine or another; the server must not run
    Restore(backup::RestoreArgs),
    /// Tell what is wrong with this installation and what to do; works beside a running server
    Doctor(doctor::DoctorArgs),
    /// Collect what helps to find a fault, without secrets and names
    SupportBundle(support::SupportArgs),
    /// Tell by the exit status whether the server is ready
    Healthcheck(settings::SettingsArgs),
    /// Show whose works this program is built on, and their notices
    Licenses(settings::SettingsArgs),
    /// Print a completion script for a shell
    Completions(documents::CompletionsArgs),
    /// Write the manual pages
    #[command(hide = true)]
    Man(documents::ManArgs),
    /// Tell which build this is
    Version,
}

/// Runs a command to its end.
///
/// # Errors
/// What went wrong, with what to do where there is something.
pub fn run(args: Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match args.command {
            Command::Serve(args) => serve::run(&args).await,
            Command::Demo(args) => demo::run(&args).await,
            Command::SetupLink(args) => setup_link::run(&args).await,
            Command::Tls(args) => tls::run(&args),
            Command::User(args) => user::run(args).await,
            Command::Host(args) => host::run(args).await,
            Command::Audit(args) => audit::run(args).await,
            Command::CheckConfig(args) => check_config::run(&args),
            Command::Backup(args) => backup::back_up(&args).await,
            Command::Restore(args) => backup::put_back(&args).await,
            Command::Doctor(args) => doctor::run(&args).await,
            Command::SupportBundle(args) => support::run(&args).await,
            Command::Healthcheck(args) => doctor::healthcheck(&args).await,
            Command::Licenses(args) => licenses(&args),
            Command::Completions(args) => documents::completions(&args),
            Command::Man(args) => documents::man(&args),
            Command::Version => {
                serve::say(version::facts().trim_end());
                Ok(())
            }
        }
    })
}

fn licenses(args: &settings::SettingsArgs) -> anyhow::Result<()> {
    let site = Site::find(args.read()?.site_dir.as_deref())?;
    let text = licenses::notices(&site).context(licenses::MISSING.trim_end())?;
    serve::say(String::from_utf8_lossy(&text).trim_end());
    Ok(())
}
