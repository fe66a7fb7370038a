//! `cargo xtask tidy`: the house rules that no compiler checks. docs/STYLE.md has their reasons.

mod headers;
mod layers;
mod lengths;
mod paths;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cmd::Cmd;
use crate::project::Project;
use crate::report::Outcome;

/// One source file of the project.
pub struct Source {
    /// Its path from the top of the checkout, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl Source {
    /// Whether its name ends like this.
    pub fn ends(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// The verb.
///
/// # Errors
/// When the sources can't be read.
pub fn main(project: &Project) -> Result<ExitCode> {
    Ok(match check(project)? {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed(why) | Outcome::Skipped(why) => {
            eprintln!("\nerror: {why}");
            ExitCode::FAILURE
        }
    })
}

/// Checks every rule and prints each breach.
///
/// # Errors
/// When the sources can't be read.
pub fn check(project: &Project) -> Result<Outcome> {
    let sources = sources(project)?;
    let mut breaches = Vec::new();
    breaches.extend(sources.iter().filter_map(headers::check));
    breaches.extend(sources.iter().flat_map(words::check));
    breaches.extend(sources.iter().flat_map(|source| paths::check(project, source)));
    breaches.extend(layers::check(project)?);
    let lengths = lengths::measure(&sources);
    breaches.extend(lengths.breaches());
    for breach in &breaches {
        eprintln!("  ✗ {breach}");
    }
    eprintln!("  {lengths}");
    Ok(match breaches.len() {
        0 => Outcome::Passed,
        count => Outcome::Failed(format!("{count} breaches of the house rules: see docs/STYLE.md")),
    })
}

/// Everything that git knows or would add, as far as it is text.
fn sources(project: &Project) -> Result<Vec<Source>> {
    let list = Cmd::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .dir(&project.root)
        .advice("tidy asks git which files are the project's: start it in a checkout")
        .output()?;
    let mut sources = Vec::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        let full: PathBuf = project.path(path);
        // Removed but not yet committed, or a link to elsewhere.
        if !full.is_file() {
            continue;
        }
        let bytes = std::fs::read(&full).with_context(|| format!("reading {path}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            sources.push(Source {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(sources)
}
