//! Programs written in Python, each list of them in a folder of its own below `target`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::build::stamp::digest;
use crate::cmd::{Cmd, which};
use crate::project::Project;
use crate::step::step;

/// The folder with the programs of a list of requirements, made once for each list; none where Python has no `venv`.
///
/// # Errors
/// When the list can't be read, or pip fails.
pub fn programs(project: &Project, name: &str, list: &str) -> Result<Option<PathBuf>> {
    let list = project.path(list);
    let wanted = digest(&std::fs::read(&list).with_context(|| format!("reading {}", list.display()))?);
    let folder = project.below_target(name);
    let stamp = folder.join("installed");
    let programs = folder.join("bin");
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(Some(programs));
    }
    let has_venv = which("python3").is_some()
        && Cmd::new("python3")
            .args(["-c", "import ensurepip, venv"])
            .outcome()
            .is_ok_and(|(code, _)| code == 0);
    if !has_venv {
        return Ok(None);
    }
    step(&format!("{name} in Python (a minute, once)"), || {
        Cmd::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder)
            .run()?;
        Cmd::new(programs.join("pip"))
            .args([
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(&list)
            .advice("check that pip reaches its index, then start again")
            .run()
    })?;
    std::fs::write(&stamp, &wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(Some(programs))
}
