//! `cargo xtask dev`: the demo, rebuilt and restarted whenever a source changes.

use std::path::PathBuf;
use std::process::{Child, ExitCode};
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::build::{self, BuildArgs};
use crate::cmd::Cmd;
use crate::demo::{DemoArgs, server};
use crate::project::Project;
use crate::setup::{self, Consent, Scope};
use crate::step::note;

/// What is watched. The target folder and npm's packages are not below any of these.
const SOURCES: &[&str] = &[
    "app",
    "crates",
    "frontend/src",
    "frontend/js",
    "public",
    "server",
    "style",
    "Cargo.toml",
    "Cargo.lock",
];
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// The verb. Ends with Ctrl-C, which ends the server too: both are in the terminal's process group.
///
/// # Errors
/// When setting up fails, or the server can't be started.
pub fn main(project: &Project, args: &DemoArgs) -> Result<ExitCode> {
    setup::run(project, Scope::Demo, Consent::new(args.yes))?;
    let quick = BuildArgs::quick();
    let mut running: Option<Child> = None;
    loop {
        let seen = newest(project)?;
        match build::run(project, quick) {
            Ok(()) => {
                stop(running.take())?;
                running = Some(server(project, quick, &args.server).spawn()?);
            }
            // The old server goes on: a typing error in a source should not close the page one is looking at.
            Err(error) => eprintln!("\nerror: {error:#}"),
        }
        note("watching the sources; Ctrl-C ends it");
        let (_never_sends, timer) = mpsc::channel::<()>();
        while newest(project)? == seen {
            // Nothing is ever sent: this is a wait of one period.
            let _ = timer.recv_timeout(LOOK_EVERY);
        }
    }
}

fn stop(server: Option<Child>) -> Result<()> {
    let Some(mut server) = server else { return Ok(()) };
    // Asked, not killed: it has simulated hosts to put away. It may have ended by itself, which is as good.
    let _ = Cmd::new("kill").arg(server.id().to_string()).status();
    server.wait().context("waiting for the old server")?;
    Ok(())
}

/// When the sources last changed.
fn newest(project: &Project) -> Result<Option<SystemTime>> {
    let mut newest = None;
    for source in SOURCES {
        let path: PathBuf = project.path(source);
        if !path.exists() {
            continue;
        }
        for file in build::stamp::files(&path)? {
            // A file that vanished between listing and asking is a change that the next look sees.
            newest = newest.max(file.metadata().and_then(|file| file.modified()).ok());
        }
    }
    Ok(newest)
}
