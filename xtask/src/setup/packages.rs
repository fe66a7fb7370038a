//! Programs that come from the operating system: a C compiler, Node.js, a browser for the tests.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{Consent, Scope};
use crate::cmd::{Cmd, which};
use crate::step::{note, step};

/// Node.js 18 is what Debian 12 has; older ones lack what the build uses.
const OLDEST_NODE: u32 = 18;

struct Need {
    /// Any of these will do.
    programs: &'static [&'static str],
    debian: &'static [&'static str],
    what_for: &'static str,
}

const FOR_BUILDING: &[Need] = &[
    Need {
        programs: &["cc"],
        debian: &["build-essential"],
        what_for: "compiling SQLite and the ciphers",
    },
    Need {
        programs: &["node"],
        debian: &["nodejs"],
        what_for: "style sheets, bundles and wasm-opt",
    },
    Need {
        programs: &["npm"],
        debian: &["npm"],
        what_for: "installing the front end's packages",
    },
];
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const FOR_TESTING: &[Need] = &[Need {
    programs: BROWSERS,
    debian: &["chromium"],
    what_for: "the browser stories",
}];

/// Installs what is missing, asking first unless consent is given.
///
/// # Errors
/// When something is missing and may not, or can't, be installed.
pub fn ensure(scope: Scope, consent: Consent) -> Result<()> {
    let testing = if scope == Scope::Everything && chromium().is_none() {
        FOR_TESTING
    } else {
        &[]
    };
    let missing: Vec<&Need> = FOR_BUILDING
        .iter()
        .chain(testing)
        .filter(|need| !need.programs.iter().any(|program| which(program).is_some()))
        .collect();
    if !missing.is_empty() {
        for need in &missing {
            note(&format!(
                "{} is missing, needed for {}",
                need.programs.join(" or "),
                need.what_for
            ));
        }
        let packages: Vec<&str> = missing.iter().flat_map(|need| need.debian).copied().collect();
        apt_install(&packages, consent)?;
    }
    check_node()
}

/// The browser for the tests: `WXA_CHROMIUM`, or the first one on PATH.
pub fn chromium() -> Option<PathBuf> {
    std::env::var_os("WXA_CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| BROWSERS.iter().find_map(|name| which(name)))
}

/// Installs Debian packages, asking first unless consent is given.
///
/// # Errors
/// When there is no apt, the answer is no, or apt fails.
pub fn apt_install(packages: &[&str], consent: Consent) -> Result<()> {
    let list = packages.join(" ");
    if which("apt-get").is_none() {
        bail!(
            "not a Debian-family system: install what these Debian packages hold, then start again: {list}"
        );
    }
    if consent == Consent::Ask && !agreed(&format!("Install {list} (sudo apt-get install)?"))? {
        bail!(
            "not installed: {list}\n  what to do: `sudo apt-get install {list}`, or `cargo xtask setup --yes`"
        );
    }
    step(&format!("system packages: {list}"), || {
        as_root("apt-get")
            .args(["update", "-qq"])
            .advice("check that apt reaches its mirrors, then start again")
            .run()?;
        as_root("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .advice("see what apt said above; `apt-get -f install` mends a broken state")
            .run()
    })
}

/// `program` with root's rights: as it is for root, by way of sudo for others.
pub fn as_root(program: &str) -> Cmd {
    if is_root() {
        Cmd::new(program)
    } else {
        Cmd::new("sudo").arg(program)
    }
}

/// Whether this process is root.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn agreed(question: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("{question} [Y/n] ");
    std::io::stderr().flush().context("writing to the terminal")?;
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .context("reading the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

fn check_node() -> Result<()> {
    let version = Cmd::new("node").arg("--version").output()?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => bail!(
            "Node.js {} is too old\n  what to do: install Node.js {OLDEST_NODE} or newer",
            version.trim()
        ),
    }
}
