//! npm packages, exactly as locked.

use std::path::Path;

use anyhow::{Context, Result};

use crate::build::stamp::digest;
use crate::cmd::Cmd;
use crate::step::step;

/// Installs what `dir/package-lock.json` says, unless that was done already.
///
/// # Errors
/// When npm fails.
pub fn ensure(dir: &Path) -> Result<()> {
    let lock = std::fs::read(dir.join("package-lock.json"))
        .with_context(|| format!("reading {}/package-lock.json", dir.display()))?;
    let want = digest(&lock);
    let stamp = dir.join("node_modules/.installed-lock");
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == want) {
        return Ok(());
    }
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    step(&format!("npm packages of {name}/"), || {
        // Nothing we use needs its install script, so none is run.
        Cmd::new("npm")
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ])
            .dir(dir)
            .advice("check that npm reaches its registry (`npm ping`), then start again")
            .run()?;
        std::fs::write(&stamp, &want).with_context(|| format!("writing {}", stamp.display()))
    })
}
