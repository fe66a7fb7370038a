//! `cargo xtask check`: everything that is judged without running the product.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::cmd::{Cmd, which};
use crate::project::Project;
use crate::report::{Outcome, Report};
use crate::test::{PRODUCT, REAL_XEN};
use crate::tidy;

/// What to check besides.
#[derive(Args)]
pub struct CheckArgs {
    /// Install cargo-deny first when it is missing (compiles for some minutes)
    #[arg(long)]
    deny: bool,
}

/// The verb.
///
/// # Errors
/// None: what fails is in the report.
pub fn main(project: &Project, args: &CheckArgs) -> Result<ExitCode> {
    let mut report = Report::default();
    report.run("format", || {
        cargo(project, &["fmt", "--all", "--check"], "`cargo fmt --all`")
    });
    report.run("lints, native", || {
        clippy(project, &[&PRODUCT[..], REAL_XEN].concat())
    });
    report.run("lints, xtask", || clippy(project, &["--package", "xtask"]));
    // The compiler that builds the WebAssembly may come without clippy: the same code and features are linted natively.
    report.run("lints, browser", || {
        clippy(
            project,
            &[
                "--package",
                "frontend",
                "--package",
                "app",
                "--features",
                "app/hydrate",
            ],
        )
    });
    report.run("tidy", || tidy::check(project));
    report.run("licences, bans, sources", || {
        deny(project, args.deny, &["bans", "licenses", "sources"])
    });
    report.run("advisories, crates", || advisories(project));
    report.run("advisories, npm", || npm_audit(project));
    Ok(report.finish())
}

fn cargo(project: &Project, args: &[&str], advice: &str) -> Result<Outcome> {
    Cmd::new("cargo")
        .args(args)
        .dir(&project.root)
        .advice(advice)
        .run()?;
    Ok(Outcome::Passed)
}

fn clippy(project: &Project, what: &[&str]) -> Result<Outcome> {
    let args = [
        &["clippy", "--keep-going", "--all-targets"],
        what,
        &["--", "--deny", "warnings"],
    ]
    .concat();
    cargo(
        project,
        &args,
        "mend what clippy says above; docs/STYLE.md has the reasons",
    )
}

fn deny(project: &Project, install: bool, checks: &[&str]) -> Result<Outcome> {
    if which("cargo-deny").is_none() {
        if !install {
            return Ok(Outcome::Skipped(
                "not run: no cargo-deny; `cargo xtask check --deny` installs it".to_owned(),
            ));
        }
        Cmd::new("cargo")
            .args(["install", "--locked", "cargo-deny"])
            .run()?;
    }
    let args = [&["deny", "--all-features", "check"], checks].concat();
    cargo(project, &args, "deny.toml says what is allowed, and why")
}

fn advisories(project: &Project) -> Result<Outcome> {
    if which("cargo-deny").is_none() {
        return Ok(Outcome::Skipped("not run: no cargo-deny".to_owned()));
    }
    let (code, said) = Cmd::new("cargo")
        .args(["deny", "check", "advisories"])
        .dir(&project.root)
        .tee(|_| true)?;
    if code == 0 {
        return Ok(Outcome::Passed);
    }
    let unreachable = said
        .iter()
        .any(|line| line.contains("failed to fetch") || line.contains("failed to load advisory"));
    Ok(if unreachable {
        Outcome::Skipped("not run: the advisory database can't be reached".to_owned())
    } else {
        Outcome::Failed("see above".to_owned())
    })
}

/// npm's own report of known faults, where its registry offers one.
fn npm_audit(project: &Project) -> Result<Outcome> {
    for dir in ["frontend", "end2end"] {
        // It ends with 1 both for findings and for no answer: the JSON tells which.
        let (_, said) = Cmd::new("npm")
            .args(["audit", "--json", "--loglevel=silent"])
            .dir(project.path(dir))
            .outcome()?;
        let answer: serde_json::Value = serde_json::from_str(&said).unwrap_or_default();
        let Some(counts) = answer["metadata"]["vulnerabilities"].as_object() else {
            return Ok(Outcome::Skipped(
                "not run: npm's registry gives no advisories here".to_owned(),
            ));
        };
        let grave = ["high", "critical"]
            .iter()
            .filter_map(|grade| counts.get(*grade)?.as_u64())
            .sum::<u64>();
        if grave > 0 {
            return Ok(Outcome::Failed(format!(
                "{grave} grave advisories in {dir}/: `npm audit` there tells more"
            )));
        }
    }
    Ok(Outcome::Passed)
}
