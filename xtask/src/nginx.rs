//! nginx for the tests behind a real reverse proxy: the machine's own, or Debian's package unpacked under `target/`. It is
//! never installed by us: that would start a web server on the machine.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::cmd::{Cmd, which};
use crate::project::Project;
use crate::step::step;

/// Where it is unpacked, below the project's root.
const FOLDER: &str = "target/tools/nginx";
/// Where distributions put it; not everybody's search path goes there.
const USUAL: &str = "/usr/sbin/nginx";

/// The program, where there is one.
pub fn program(project: &Project) -> Option<PathBuf> {
    let unpacked = project.path(FOLDER).join("usr/sbin/nginx");
    which("nginx")
        .into_iter()
        .chain([PathBuf::from(USUAL), unpacked])
        .find(|path| path.is_file())
}

/// Makes sure that there is one that runs.
///
/// # Errors
/// When it can't be had here, with the reason.
pub fn ensure(project: &Project) -> Result<PathBuf> {
    if program(project).is_none() {
        step("nginx for the tests", || unpack(project))?;
    }
    let program = program(project).context("the package holds no nginx")?;
    let (code, said) = Cmd::new(&program).arg("-v").outcome()?;
    if code != 0 {
        bail!("{} does not run here: {}", program.display(), said.trim());
    }
    Ok(program)
}

fn unpack(project: &Project) -> Result<()> {
    if which("apt-get").is_none() || which("dpkg-deb").is_none() {
        bail!("nginx is not installed, and this is no Debian-family system to get its package from");
    }
    let folder = project.path(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Cmd::new("apt-get")
        .args(["download", "-qq", "nginx"])
        .dir(&folder)
        .advice("`sudo apt-get update`, or install nginx yourself")
        .run()?;
    let package = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt-get downloaded no package")?;
    Cmd::new("dpkg-deb").arg("-x").arg(&package).arg(&folder).run()
}
