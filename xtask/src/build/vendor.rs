//! Works of others, from npm: terminal, fonts, their licences. Nothing of them is in the repository.

use anyhow::Result;

use super::stamp::Stamp;
use crate::cmd::Cmd;
use crate::project::Project;

/// When they have to be bundled.
///
/// # Errors
/// When our own sources for it can't be read.
pub fn stamp(project: &Project) -> Result<Stamp> {
    let inputs =
        ["frontend/js", "frontend/scripts", "frontend/package-lock.json"].map(|input| project.path(input));
    Stamp::new(project.work("vendor"), &inputs, "")
}

/// Bundles them.
///
/// # Errors
/// When esbuild refuses something.
pub fn bundle(project: &Project) -> Result<()> {
    Cmd::new("node")
        .arg("scripts/vendor.mjs")
        .arg(project.work("vendor"))
        .dir(project.path("frontend"))
        .advice("`cargo xtask setup` installs what is bundled")
        .run()
}
