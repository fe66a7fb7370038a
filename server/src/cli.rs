//! The command line.
mod demo;
mod demo_fleet;
mod host;
mod host_args;
mod open;
mod prompt;
mod serve;
mod user;

use clap::{Parser, Subcommand};

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
    Serve(serve::ServeArgs),
    /// Serve a console with a simulated fleet, to look around without a Xen host
    Demo(demo::DemoArgs),
    /// Keep the accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// Keep the hosts
    #[command(subcommand)]
    Host(host::HostCommand),
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
            Command::User(command) => user::run(command).await,
            Command::Host(command) => host::run(command).await,
        }
    })
}
