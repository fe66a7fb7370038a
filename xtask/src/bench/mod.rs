//! `cargo xtask bench`: what the product weighs and how quick it is, in a report and in `target/bench.json`. `wxa-bench` measures.

mod websockify;

use std::path::PathBuf;
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
    /// Measure this server's program, and build none
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Serve the site in this folder, and not the one inside the program
    #[arg(long, value_name = "FOLDER")]
    site_dir: Option<PathBuf>,
    /// Measure console and events on the real-Xen bed besides; `cargo xtask xen-host up` starts it
    #[arg(long)]
    bed: bool,
    /// Only these parts, with commas: sizes, page, server, metrics, viewers, hosts, console
    #[arg(long, value_name = "PARTS")]
    only: Option<String>,
    /// The same as --only page
    #[arg(long, conflicts_with = "only")]
    page: bool,
    /// Only these sizes in VMs, with commas; otherwise 100, 1,000, 2,000 and 10,000
    #[arg(long)]
    sizes: Option<String>,
    /// Few repeats: how it stands, roughly
    #[arg(long)]
    quick: bool,
    /// Measure the page at this address, whosever it is; its account is in WXA_USER and WXA_PASSWORD
    #[arg(long, value_name = "URL", requires = "vms")]
    base: Option<String>,
    /// How many VMs the page at that address shows
    #[arg(long)]
    vms: Option<usize>,
    /// How that page is used: a module such as end2end/bench/adapters/webxenadmin.mjs
    #[arg(long, value_name = "FILE")]
    adapter: Option<PathBuf>,
    /// Where the simulated pool that it shows is controlled, as --pool tells
    #[arg(long, value_name = "URL", requires = "base")]
    control: Option<String>,
    /// Measure nothing: simulate a pool of so many VMs for another product, until Ctrl-C
    #[arg(long, value_name = "VMS", conflicts_with = "base")]
    pool: Option<usize>,
}

impl BenchArgs {
    /// Cargo's folder, which is also what the report calls it.
    fn profile(&self) -> &'static str {
        if self.dev { "debug" } else { "release" }
    }

    /// Whether consoles are measured.
    fn wants_consoles(&self) -> bool {
        let only = self.only.as_ref();
        let named = only.is_none_or(|only| only.split(',').any(|part| part == "console"));
        named && !self.page && self.base.is_none() && self.pool.is_none()
    }

    /// Whether a server of ours is built for it.
    fn builds_server(&self) -> bool {
        self.server.is_none() && self.base.is_none() && self.pool.is_none()
    }

    /// What is handed on as it was said.
    fn said(&self) -> Vec<String> {
        let only = self.page.then(|| "page".to_owned()).or_else(|| self.only.clone());
        let number = |number: Option<usize>| number.map(|number| number.to_string());
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let pairs = [
            ("--only", only),
            ("--sizes", self.sizes.clone()),
            ("--base", self.base.clone()),
            ("--vms", number(self.vms)),
            ("--adapter", path(&self.adapter)),
            ("--control", self.control.clone()),
            ("--pool", number(self.pool)),
            ("--site-dir", path(&self.site_dir)),
        ];
        let said = pairs
            .into_iter()
            .filter_map(|(name, value)| Some([name.to_owned(), value?]));
        said.flatten()
            .chain(self.quick.then(|| "--quick".to_owned()))
            .collect()
    }
}

/// The verb.
///
/// # Errors
/// When building or measuring fails.
pub fn main(project: &Project, args: &BenchArgs) -> Result<ExitCode> {
    if !args.no_build {
        setup::run(project, Scope::Everything, Consent::new(false))?;
        if args.builds_server() {
            build::run(project, BuildArgs::site())?;
        }
        step("programs", || programs(project, args))?;
    }
    step("measuring", || measure(project, args))?;
    Ok(ExitCode::SUCCESS)
}

/// In one go, so that the crates they share are the same ones.
fn programs(project: &Project, args: &BenchArgs) -> Result<()> {
    let server = args.builds_server();
    let cmd = Cmd::new("cargo")
        .args(["build", "--package", "wxa-bench", "--bins"])
        .args(server.then_some("--package=server"))
        .args(server.then_some("--bin=webxenadmin"))
        .args((!args.dev).then_some("--release"))
        .dir(&project.root)
        .advice("mend what the compiler says above");
    if args.dev || !server {
        cmd
    } else {
        build::shipped(project, cmd)?
    }
    .run()
}

fn measure(project: &Project, args: &BenchArgs) -> Result<()> {
    let json = project.target.join("bench.json");
    let own = project.server(args.profile());
    let mut cmd = Cmd::new(project.target.join(args.profile()).join("wxa-bench"))
        .arg("--server")
        .arg(args.server.as_ref().unwrap_or(&own))
        .arg("--scripts")
        .arg(project.path("end2end/bench"))
        .arg("--json")
        .arg(&json)
        .args([
            "--profile",
            if args.builds_server() {
                args.profile()
            } else {
                "given"
            },
        ])
        .args(args.said())
        .advice("`cargo xtask bench --quick --only server --sizes 100` is quicker to try again");
    if args.builds_server() {
        cmd = cmd
            .arg("--site")
            .arg(project.site())
            .arg("--unoptimised")
            .arg(project.work("glue-shipped").join("webxenadmin_bg.wasm"));
        // Only what is shipped has the site inside.
        if args.dev && args.site_dir.is_none() {
            cmd = cmd.arg("--site-dir").arg(project.site());
        }
    }
    if args.wants_consoles() {
        cmd = match websockify::program(project) {
            Ok(program) => cmd.arg("--websockify").arg(program),
            Err(why) => cmd.arg("--no-websockify").arg(format!("{why:#}")),
        };
    }
    if let Some(chromium) = chromium() {
        cmd = cmd.env("WXA_CHROMIUM", chromium);
    }
    if args.bed {
        cmd = cmd
            .arg("--bed")
            .arg(bed(project).args(["status", "--json"]).output()?);
    }
    cmd.run()?;
    if args.pool.is_none() {
        eprintln!("Written to {} and bench.md beside it", json.display());
    }
    Ok(())
}
