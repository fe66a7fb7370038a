//! `cargo xtask test`: every test there is, and at the end what passed, what failed and what could not run.

mod real_xen;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::build::{self, BuildArgs};
use crate::cmd::{Cmd, which};
use crate::e2e::{DEMO_PROJECTS, playwright};
use crate::nginx;
use crate::project::Project;
use crate::report::{Outcome, Report};
use crate::setup::{self, Consent, Scope};

/// How to test.
#[derive(Args)]
pub struct TestArgs {
    /// Install missing system packages without asking
    #[arg(long, short)]
    yes: bool,
}

/// The crates of the product. Always these together, so that their dependencies are compiled with one set of features;
/// xtask's would change those, and `frontend` would give `app` the browser's.
pub const PRODUCT: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "xtask"];
/// Adds the driver's tests for real hosts.
pub const REAL_XEN: &[&str] = &["--features", "wxa-xl/real-xen"];
/// Tests wait about half of their time, for sockets, processes and files.
const TESTS_PER_PROCESSOR: usize = 2;
const NATIVE: &str = "native tests";
const XTASK: &str = "tests of xtask";
const NGINX: &str = "behind nginx";
const STORIES: &str = "browser stories";

/// The verb.
///
/// # Errors
/// None: what fails is in the report.
pub fn main(project: &Project, args: &TestArgs) -> Result<ExitCode> {
    let consent = Consent::new(args.yes);
    let mut report = Report::default();
    let ready = report.run("setup", || {
        setup::run(project, Scope::Everything, consent).map(|()| Outcome::Passed)
    });
    report.run("tidy", || crate::tidy::check(project));
    // The native tests need no site: they tell more than nothing when the site can't be built.
    let built = ready
        && report.run("build", || {
            build::run(project, BuildArgs::default()).map(|()| Outcome::Passed)
        });
    for (name, what) in [(NATIVE, &PRODUCT[..]), (XTASK, &["--package", "xtask"])] {
        let mut words = Vec::new();
        report.run(name, || native(project, what, &[], &mut words));
        report.last_words(name, &words);
    }
    behind_nginx(project, &mut report);
    crate::xapi_clients::run(project, &mut report);
    if built {
        let mut words = Vec::new();
        report.run(STORIES, || stories(project, &DEMO_PROJECTS, &[], &mut words));
        report.last_words(STORIES, &words);
        real_xen::run(project, &mut report);
    } else {
        report.skip(STORIES, "not run: there is nothing to run them on");
        report.skip(real_xen::BED, "not run: there is nothing to run on it");
    }
    Ok(report.finish())
}

/// The server behind a real nginx; skipped where there is none to be had.
fn behind_nginx(project: &Project, report: &mut Report) {
    let nginx = match nginx::ensure(project) {
        Ok(nginx) => nginx,
        Err(error) => return report.skip(NGINX, &format!("{error:#}")),
    };
    let what = [&PRODUCT[..], &["--features", "server/nginx", "--test", "nginx"]].concat();
    let nginx = nginx.display().to_string();
    let mut words = Vec::new();
    report.run(NGINX, || {
        native(project, &what, &[("WXA_NGINX", &nginx)], &mut words)
    });
    report.last_words(NGINX, &words);
}

/// Rust tests with cargo-nextest, or with plain cargo where that is missing.
fn native(
    project: &Project,
    what: &[&str],
    env: &[(&str, &str)],
    words: &mut Vec<String>,
) -> Result<Outcome> {
    let nextest = which("cargo-nextest").is_some();
    let args: &[&str] = if nextest {
        &["nextest", "run", "--no-fail-fast"]
    } else {
        &["test", "--no-fail-fast"]
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = (TESTS_PER_PROCESSOR * processors).to_string();
    let mut cmd = Cmd::new("cargo")
        .args(args)
        .args(what)
        .env("NEXTEST_TEST_THREADS", threads)
        .dir(&project.root);
    for (name, value) in env {
        cmd = cmd.env(name, value);
    }
    let keep = |line: &str| line.trim_start().starts_with("Summary [") || line.starts_with("test result:");
    let (code, lines) = cmd.tee(keep)?;
    *words = lines;
    Ok(if code == 0 {
        Outcome::Passed
    } else {
        Outcome::Failed(format!("exit status {code}: see above"))
    })
}

/// Playwright projects.
fn stories(
    project: &Project,
    projects: &[&str],
    env: &[(&str, &str)],
    words: &mut Vec<String>,
) -> Result<Outcome> {
    let mut cmd = playwright(project)?.args(projects);
    for (name, value) in env {
        cmd = cmd.env(name, value);
    }
    let (code, lines) = cmd.tee(is_playwright_summary)?;
    *words = lines;
    Ok(if code == 0 {
        Outcome::Passed
    } else {
        Outcome::Failed(format!("exit status {code}: see above"))
    })
}

/// `  12 passed (8.0s)`, `  1 failed`, `  2 skipped`, …
fn is_playwright_summary(line: &str) -> bool {
    let mut words = line.split_whitespace();
    line.starts_with("  ")
        && words.next().is_some_and(|count| count.parse::<u32>().is_ok())
        && matches!(
            words.next(),
            Some("passed" | "failed" | "skipped" | "flaky" | "interrupted" | "did")
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playwrights_summary_is_told_from_its_other_lines() {
        assert!(is_playwright_summary("  12 passed (8.0s)"));
        assert!(is_playwright_summary("  2 did not run"));
        assert!(!is_playwright_summary(
            "  ✓  1 [chromium] › sign-in.spec.ts:3:1 › signs in"
        ));
        assert!(!is_playwright_summary("12 passed"));
    }
}
