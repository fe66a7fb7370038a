//! `cargo xtask demo`: from a fresh checkout to a console in the browser, with nothing else to know.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::build::{self, BuildArgs};
use crate::cmd::Cmd;
use crate::project::Project;
use crate::setup::{self, Consent, Scope};

/// How to run the demo.
#[derive(Args)]
pub struct DemoArgs {
    /// Install missing system packages without asking
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub build: BuildArgs,
    /// Passed on to `webxenadmin demo`, for example `--listen 127.0.0.1:9000`
    #[arg(last = true)]
    pub server: Vec<String>,
}

/// The verb. Returns only when something failed: the server takes this process over, and Ctrl-C reaches it alone.
///
/// # Errors
/// When setting up or building fails, or the server can't be started.
pub fn main(project: &Project, args: &DemoArgs) -> Result<ExitCode> {
    setup::run(project, Scope::Demo, Consent::new(args.yes))?;
    build::run(project, args.build)?;
    eprintln!("Starting the demo; Ctrl-C ends it.\n");
    Err(server(project, args.build, &args.server).exec())
}

/// The server's command line for a demo.
pub fn server(project: &Project, build: BuildArgs, more: &[String]) -> Cmd {
    Cmd::new(project.server(build.profile()))
        .arg("demo")
        .arg("--site-dir")
        .arg(project.site())
        .args(more)
        .dir(&project.root)
}
