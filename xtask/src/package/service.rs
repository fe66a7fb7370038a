//! What systemd itself says about the service's unit, on the machine that builds it.

use std::path::Path;

use anyhow::{Context, Result};

use crate::cmd::{Cmd, which};
use crate::report::Outcome;

/// The most exposure that systemd may find, in tenths: 10 is wide open, 100 the worst there is.
const EXPOSURE_MOST: u32 = 20;
const UNIT: &str = "usr/lib/systemd/system/webxenadmin.service";

/// Whether systemd understands the unit in `root`, a machine's whole tree.
///
/// # Errors
/// When systemd-analyze can't be started.
pub fn verify(root: &Path) -> Result<Outcome> {
    if which("systemd-analyze").is_none() {
        return Ok(Outcome::Skipped("no systemd-analyze here".to_owned()));
    }
    let (code, said) = Cmd::new("systemd-analyze")
        .args(["verify", "--man=no", "--recursive-errors=no", "--root"])
        .arg(root)
        .arg(root.join(UNIT))
        .tee(|line| line.contains("webxenadmin"))?;
    Ok(match (code, said.first()) {
        (0, None) => Outcome::Passed,
        (_, said) => Outcome::Failed(said.cloned().unwrap_or_else(|| "see above".to_owned())),
    })
}

/// Whether the unit gives the service little enough, by systemd's own reckoning.
///
/// # Errors
/// When systemd-analyze can't be started or says nothing that is known.
pub fn exposure(root: &Path) -> Result<Outcome> {
    if which("systemd-analyze").is_none() {
        return Ok(Outcome::Skipped("no systemd-analyze here".to_owned()));
    }
    let (_, said) = Cmd::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager", "--root"])
        .arg(root)
        .arg("webxenadmin.service")
        .outcome()?;
    let verdict = said
        .lines()
        .find_map(|line| line.split_once("exposure level for webxenadmin.service:"))
        .map(|(_, verdict)| verdict.trim())
        .context("systemd-analyze gives no exposure level")?;
    eprintln!("exposure: {verdict}");
    let tenths: u32 = verdict
        .split_whitespace()
        .next()
        .and_then(|level| level.replace('.', "").parse().ok())
        .context("systemd-analyze's exposure level is no number")?;
    Ok(if tenths <= EXPOSURE_MOST {
        Outcome::Passed
    } else {
        Outcome::Failed(format!("exposure {verdict}"))
    })
}
