//! `cargo xtask setup`: brings a machine to where building and testing work. What is there already is left alone.

mod debian_std;
pub mod npm;
pub mod packages;
pub mod python;
pub mod wasm;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::nginx;
use crate::project::Project;
use crate::step::note;
use crate::xen_host;

/// What `setup` may do.
#[derive(Args)]
pub struct SetupArgs {
    /// Install system packages without asking
    #[arg(long, short)]
    pub yes: bool,
}

/// How much of the set-up somebody needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// To build, and to try the demo.
    Demo,
    /// Also to run every test.
    Everything,
}

/// Whether system packages may be installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// As root, in CI, or told so.
    Given,
    /// Somebody sits there who can say.
    Ask,
}

impl Consent {
    /// Consent is given by `--yes`, by being root, and by being in CI.
    pub fn new(yes: bool) -> Consent {
        let ci = std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false");
        if yes || ci || packages::is_root() {
            Consent::Given
        } else {
            Consent::Ask
        }
    }
}

/// The verb.
///
/// # Errors
/// When something that is needed can't be had; says what and how to get it.
pub fn main(project: &Project, args: &SetupArgs) -> Result<ExitCode> {
    run(project, Scope::Everything, Consent::new(args.yes))?;
    eprintln!("Ready. `cargo xtask demo` starts it, `cargo xtask test` tests it.");
    Ok(ExitCode::SUCCESS)
}

/// Makes sure that all of `scope` is there. Under a second when it is.
///
/// # Errors
/// When something that is needed can't be had; says what and how to get it.
pub fn run(project: &Project, scope: Scope, consent: Consent) -> Result<()> {
    packages::ensure(scope, consent)?;
    wasm::ensure(project, consent)?;
    npm::ensure(&project.path("frontend"))?;
    if scope == Scope::Everything {
        npm::ensure(&project.path("end2end"))?;
        bed(project, consent)?;
        // Not having it is no failure: its tests are then reported as skipped.
        if let Err(error) = nginx::ensure(project) {
            note(&format!("without nginx its tests will not run: {error:#}"));
        }
    }
    Ok(())
}

/// What building real Xen hosts needs. Not having it is no failure: their tests are then reported as skipped.
fn bed(project: &Project, consent: Consent) -> Result<()> {
    let setup = xen_host::bed(project)
        .arg("setup")
        .args((consent == Consent::Given).then_some("--yes"));
    if setup.status()? != 0 {
        note("without that there is no real-Xen bed: its tests will not run");
    }
    Ok(())
}
