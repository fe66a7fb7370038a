//! `cargo xtask xen-host …`: real Xen hosts in emulation, for the tests and to try things on.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::cmd::Cmd;
use crate::project::Project;

/// The bed's own exit status for "can't work on this machine".
pub const CANNOT_WORK_HERE: i32 = 77;

/// What to tell the bed.
#[derive(Args)]
pub struct XenHostArgs {
    /// up, down, reset, ssh, status, setup, build, …; `help` explains them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, default_value = "help")]
    bed: Vec<String>,
}

/// The verb: hands everything to the bed's own command.
///
/// # Errors
/// When the bed can't be started.
pub fn main(project: &Project, args: &XenHostArgs) -> Result<ExitCode> {
    let code = bed(project).args(&args.bed).status()?;
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The bed's command.
pub fn bed(project: &Project) -> Cmd {
    Cmd::new("bash").arg(project.path("end2end/xen-host/bed"))
}
