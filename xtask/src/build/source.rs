//! From what a build is made: the commit, and its date.

use anyhow::Result;

use crate::cmd::Cmd;
use crate::project::Project;

/// A commit. Both are empty where the sources come without git.
#[derive(Default)]
pub struct Source {
    /// Twelve digits of it, with `+` when something was changed since.
    pub commit: String,
    /// Its day, `2026-11-25`.
    pub date: String,
    /// Its second since 1970, as reproducible builds want it.
    pub epoch: String,
}

/// Asks git.
///
/// # Errors
/// When git fails in a checkout.
pub fn find(project: &Project) -> Result<Source> {
    if !project.path(".git").exists() {
        return Ok(Source::default());
    }
    let git = |args: &[&str]| {
        let said = Cmd::new("git").args(args).dir(&project.root).output()?;
        anyhow::Ok(said.trim().to_owned())
    };
    let changed = if git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty() {
        ""
    } else {
        "+"
    };
    Ok(Source {
        commit: git(&["rev-parse", "--short=12", "HEAD"])? + changed,
        date: git(&["show", "--no-patch", "--format=%cs", "HEAD"])?,
        epoch: git(&["show", "--no-patch", "--format=%ct", "HEAD"])?,
    })
}
