//! One style sheet from `style/main.scss`.

use anyhow::Result;

use super::stamp::Stamp;
use crate::cmd::Cmd;
use crate::project::Project;

/// When the style sheet has to be made.
///
/// # Errors
/// When the sources can't be read.
pub fn stamp(project: &Project) -> Result<Stamp> {
    let inputs = [project.path("style"), project.path("frontend/package-lock.json")];
    Stamp::new(project.work("main.css"), &inputs, "compressed")
}

/// Compiles it.
///
/// # Errors
/// When sass refuses a source.
pub fn compile(project: &Project) -> Result<()> {
    Cmd::new(project.path("frontend/node_modules/.bin/sass"))
        .args(["--style=compressed", "--no-source-map", "--no-charset"])
        .arg(project.path("style/main.scss"))
        .arg(project.work("main.css"))
        .advice("mend what sass says above; `cargo xtask setup` installs sass")
        .run()
}
