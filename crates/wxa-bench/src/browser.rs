//! A product's page in headless Chromium: `end2end/bench/page.mjs` measures through an adapter, this starts it and reads what it
//! prints. The page's address may be anybody's.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;
use tokio::time::timeout;

use crate::browser_raw::Raw;
use crate::options::Effort;

/// No page takes longer, whatever its size: the script has ends of its own for each step.
const LONGEST: Duration = Duration::from_secs(1_800);

/// Where the script and the adapter are.
#[derive(Clone, Debug)]
pub struct Script {
    pub script: PathBuf,
    pub adapter: PathBuf,
}

/// Which page, and as whom.
#[derive(Debug)]
pub struct Visit<'a> {
    /// Scheme, name and port.
    pub base: &'a str,
    pub user: &'a str,
    pub password: &'a str,
    /// The pool's controls; without them no change is measured.
    pub control: Option<&'a str>,
    /// What is typed into the filter.
    pub filter: &'a str,
}

/// Measures the page.
///
/// # Errors
/// When there is no Playwright or no browser, or the page can't be signed in to or shows no row.
pub async fn measure(script: &Script, visit: &Visit<'_>, effort: Effort) -> Result<Raw> {
    let mut command = Command::new("node");
    command
        .arg(&script.script)
        .args(["--base", visit.base, "--filter", visit.filter, "--profile"])
        .arg("--adapter")
        .arg(&script.adapter)
        .args(["--rounds", &effort.rounds().to_string()])
        .env("WXA_USER", visit.user)
        .env("WXA_PASSWORD", visit.password)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(control) = visit.control {
        command.args(["--control", control]);
    }
    if effort == Effort::Quick {
        command.arg("--quick");
    }
    let done = timeout(LONGEST, command.output())
        .await
        .with_context(|| format!("the browser took longer than {LONGEST:?}"))?
        .context("starting node")?;
    ensure!(
        done.status.success(),
        "{} failed: {}\n  what to do: `cargo xtask setup` installs Playwright and a browser",
        script.script.display(),
        String::from_utf8_lossy(&done.stderr).trim()
    );
    serde_json::from_slice(&done.stdout).context("reading what the browser measured")
}
