//! `cargo xtask fuzz`: every parser of foreign bytes under libFuzzer for a bounded time, and a table of what was tried.

mod said;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::cmd::Cmd;
use crate::project::Project;
use crate::step::step;
use crate::test::PRODUCT;
use said::Said;

/// How to fuzz.
#[derive(Args)]
pub struct FuzzArgs {
    /// Seconds for each target
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Which targets; all of them when none is named
    targets: Vec<String>,
}

/// An input that takes longer is a fault: parsers are linear.
const SLOWEST_S: u32 = 10;
/// A target that needs more memory is one, too.
const MEMORY_MB: u32 = 1024;
/// Longest inputs, in bytes.
const LONGEST: u32 = 8192;
/// How much of a failed run is shown.
const SHOWN: usize = 40;

/// The verb.
///
/// # Errors
/// When the runner can't be built, or there is no such target.
pub fn main(project: &Project, args: &FuzzArgs) -> Result<ExitCode> {
    let fuzz = build(project)?;
    let all = list(&fuzz)?;
    for name in &args.targets {
        if !all.contains(name) {
            bail!("there is no target {name}; there are {}", all.join(", "));
        }
    }
    let chosen = if args.targets.is_empty() {
        &all
    } else {
        &args.targets
    };
    println!("{}", said::HEAD);
    let mut broken = Vec::new();
    let mut executions = 0;
    for name in chosen {
        let said = run(project, &fuzz, name, args.seconds)?;
        println!("{}", said.row(name));
        executions += said.executions;
        if let Some(output) = said.failure {
            broken.push((name, output));
        }
    }
    println!("{} targets, {executions} executions", chosen.len());
    for (name, output) in &broken {
        let last: Vec<&str> = output.lines().collect();
        let from = last.len().saturating_sub(SHOWN);
        eprintln!("\n━━ {name} broke\n{}", last[from..].join("\n"));
        eprintln!(
            "\n  the input: {}\n  what to do: copy it to crates/wxa-fuzz/regressions/{name}/, mend the parser; the tests replay it",
            crashes(project, name).display()
        );
    }
    Ok(if broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Builds the runner. Dependencies are those of the tests: only our crates are compiled once more, with counters.
fn build(project: &Project) -> Result<PathBuf> {
    step("fuzz targets, with counters", || {
        Cmd::new("cargo")
            .arg("build")
            .args(PRODUCT)
            .args(["--features", "wxa-fuzz/libfuzzer", "--bin", "fuzz"])
            .env(
                "RUSTC_WORKSPACE_WRAPPER",
                project.path("xtask/src/fuzz/instrument.sh"),
            )
            .dir(&project.root)
            .advice("libFuzzer is compiled with it: `apt-get install build-essential` has the C++ compiler")
            .run()
    })?;
    Ok(project.target.join("debug").join("fuzz"))
}

/// The names of all targets.
fn list(fuzz: &Path) -> Result<Vec<String>> {
    let said = Cmd::new(fuzz).without_env("WXA_FUZZ_TARGET").output()?;
    Ok(said
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect())
}

fn run(project: &Project, fuzz: &Path, name: &str, seconds: u32) -> Result<Said> {
    let (corpus, crashes) = (corpus(project, name), crashes(project, name));
    for folder in [&corpus, &crashes] {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let (code, output) = Cmd::new(fuzz)
        .arg(&corpus)
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={SLOWEST_S}"))
        .arg(format!("-rss_limit_mb={MEMORY_MB}"))
        .arg(format!("-max_len={LONGEST}"))
        .arg("-print_final_stats=1")
        .env("WXA_FUZZ_TARGET", name)
        .env("WXA_FUZZ_CORPUS", &corpus)
        .everything()?;
    Ok(Said::read(code, output))
}

/// Inputs that reach something new: kept for the next run.
fn corpus(project: &Project, name: &str) -> PathBuf {
    project.target.join("fuzz/corpus").join(name)
}

/// Inputs that broke the target.
fn crashes(project: &Project, name: &str) -> PathBuf {
    project.target.join("fuzz/crashes").join(name)
}
