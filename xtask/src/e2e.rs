//! `cargo xtask e2e`: the browser stories. Playwright starts the demo server itself (end2end/playwright.config.ts).

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::build::{self, BuildArgs};
use crate::cmd::Cmd;
use crate::project::Project;
use crate::setup::packages::chromium;
use crate::setup::{self, Consent, Scope};

/// What to run.
#[derive(Args)]
pub struct E2eArgs {
    /// Use what was built last
    #[arg(long)]
    no_build: bool,
    /// Passed on to Playwright, for example `--project=chromium sign-in`
    #[arg(last = true)]
    playwright: Vec<String>,
}

/// The verb.
///
/// # Errors
/// When setting up or building fails.
pub fn main(project: &Project, args: &E2eArgs) -> Result<ExitCode> {
    if !args.no_build {
        setup::run(project, Scope::Everything, Consent::new(false))?;
        build::run(project, BuildArgs::default())?;
    }
    let mut wanted = args.playwright.clone();
    if !wanted.iter().any(|arg| arg.starts_with("--project")) {
        wanted.extend(DEMO_PROJECTS.map(str::to_owned));
    }
    let code = playwright(project)?.args(wanted).status()?;
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The stories that need nothing but the demo.
pub const DEMO_PROJECTS: [&str; 2] = ["--project=chromium", "--project=phone"];

/// Playwright, told where the server, the site and the browser are, and which port is free.
///
/// # Errors
/// When no port is free.
pub fn playwright(project: &Project) -> Result<Cmd> {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .context("looking for a free port")?
        .port();
    let cmd = Cmd::new(project.path("end2end/node_modules/.bin/playwright"))
        .arg("test")
        .dir(project.path("end2end"))
        .env("WXA_SERVER", project.server("debug"))
        .env("WXA_SITE_DIR", project.site())
        .env("WXA_E2E_PORT", port.to_string())
        .advice("`cargo xtask setup` installs Playwright and a browser");
    Ok(match chromium() {
        Some(chromium) => cmd.env("WXA_CHROMIUM", chromium),
        None => cmd,
    })
}
