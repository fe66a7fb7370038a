//! websockify, which the bench compares consoles with: from PyPI, in a folder of its own, for nothing else.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::setup::python;

const LIST: &str = "end2end/bench/requirements.txt";

/// Its program, got once.
///
/// # Errors
/// When Python has no `venv`, or pip doesn't reach its index.
pub fn program(project: &Project) -> Result<PathBuf> {
    let programs = python::programs(project, "websockify", LIST)?;
    let programs = programs.context("Python with venv is not here (Debian: python3-venv)")?;
    Ok(programs.join("websockify"))
}
