//! `cargo xtask bench`: what the product weighs and how quick it is, in a report and in `target/bench.json`. `wxa-bench` measures.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::build::{self, BuildArgs};
use crate::cmd::Cmd;
use crate::project::Project;
use crate::setup::packages::chromium;
use crate::setup::{self, Consent, Scope};
use crate::step::step;
use crate::xen_host::bed;

/// What to measure.
#[derive(Args)]
pub struct BenchArgs {
    /// Measure the unoptimised server: minutes sooner, numbers of no meaning
    #[arg(long)]
    dev: bool,
    /// Use what was built last
    #[arg(long)]
    no_build: bool,
    /// Measure console and events on the real-Xen bed besides; `cargo xtask xen-host up` starts it
    #[arg(long)]
    bed: bool,
}

impl BenchArgs {
    /// Cargo's folder, which is also what the report calls it.
    fn profile(&self) -> &'static str {
        if self.dev { "debug" } else { "release" }
    }
}

/// The verb.
///
/// # Errors
/// When building or measuring fails.
pub fn main(project: &Project, args: &BenchArgs) -> Result<ExitCode> {
    if !args.no_build {
        setup::run(project, Scope::Everything, Consent::new(false))?;
        build::run(project, BuildArgs::site())?;
        step("server and wxa-bench", || programs(project, args))?;
    }
    step("measuring", || measure(project, args))?;
    Ok(ExitCode::SUCCESS)
}

/// In one go, so that the crates they share are the same ones.
fn programs(project: &Project, args: &BenchArgs) -> Result<()> {
    let cmd = Cmd::new("cargo")
        .args(["build", "--package", "server", "--bin", "webxenadmin"])
        .args(["--package", "wxa-bench", "--bin", "wxa-bench"])
        .args((!args.dev).then_some("--release"))
        .dir(&project.root)
        .advice("mend what the compiler says above");
    if args.dev {
        cmd
    } else {
        build::shipped(project, cmd)?
    }
    .run()
}

fn measure(project: &Project, args: &BenchArgs) -> Result<()> {
    let json = project.target.join("bench.json");
    let unoptimised = project.work("glue-shipped").join("webxenadmin_bg.wasm");
    let mut cmd = Cmd::new(project.target.join(args.profile()).join("wxa-bench"))
        .arg("--server")
        .arg(project.server(args.profile()))
        .arg("--site")
        .arg(project.site())
        .arg("--unoptimised")
        .arg(unoptimised)
        .arg("--first-page")
        .arg(project.path("end2end/bench/first-page.mjs"))
        .arg("--json")
        .arg(&json)
        .args(["--profile", args.profile()])
        .advice("`cargo xtask bench --dev` is quicker to try again");
    if let Some(chromium) = chromium() {
        cmd = cmd.env("WXA_CHROMIUM", chromium);
    }
    if args.bed {
        cmd = cmd
            .arg("--bed")
            .arg(bed(project).args(["status", "--json"]).output()?);
    }
    cmd.run()?;
    eprintln!("Written to {}", json.display());
    Ok(())
}
