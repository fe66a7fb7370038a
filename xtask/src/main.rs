//! `cargo xtask VERB`: everything a contributor runs, from the first set-up to the last test.
#![allow(clippy::print_stdout, reason = "a command-line tool talks to its terminal")]

mod bench;
mod build;
mod check;
mod cmd;
mod components;
mod demo;
mod dev;
mod e2e;
mod fuzz;
mod nginx;
mod package;
mod project;
mod report;
mod setup;
mod step;
mod test;
mod tidy;
mod xapi_clients;
mod xen_host;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Set up, build, try and test WebXenAdmin",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what building and testing need, once: WebAssembly target, npm packages, system packages
    Setup(setup::SetupArgs),
    /// Build the server and the site that browsers download
    Build(build::BuildArgs),
    /// Set up, build, and start the server with a simulated fleet; prints a sign-in link
    Demo(demo::DemoArgs),
    /// Like demo, with a quick unoptimised site, rebuilt and restarted whenever a source changes
    Dev(demo::DemoArgs),
    /// Format, lints, layers and licences: everything that is judged without running the product
    Check(check::CheckArgs),
    /// Set up, build, and run every test there is: native, in the browser, and on real Xen
    Test(test::TestArgs),
    /// The browser stories alone, on the demo; what follows `--` goes to Playwright
    E2e(e2e::E2eArgs),
    /// Every parser of foreign bytes under libFuzzer for a bounded time: executions, coverage, and what broke
    Fuzz(fuzz::FuzzArgs),
    /// Page, server, viewers, consoles at 100 to 10,000 VMs: measured, printed, and written to target/bench.json
    Bench(bench::BenchArgs),
    /// What is handed to others: a Debian package, what a container is built from, the list of parts
    Package(package::PackageArgs),
    /// The real-Xen test bed: up, down, reset, ssh, status, … (`cargo xtask xen-host help`)
    XenHost(xen_host::XenHostArgs),
    /// XAPI clients that others wrote, on the simulated pool
    XapiClients,
    /// The house rules that no compiler checks: headers, layers, lengths, words
    Tidy,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = Project::find().and_then(|project| match cli.verb {
        Verb::Setup(args) => setup::main(&project, &args),
        Verb::Build(args) => build::main(&project, &args),
        Verb::Demo(args) => demo::main(&project, &args),
        Verb::Dev(args) => dev::main(&project, &args),
        Verb::Check(args) => check::main(&project, &args),
        Verb::Test(args) => test::main(&project, &args),
        Verb::E2e(args) => e2e::main(&project, &args),
        Verb::Fuzz(args) => fuzz::main(&project, &args),
        Verb::Bench(args) => bench::main(&project, &args),
        Verb::Package(args) => package::main(&project, &args),
        Verb::XenHost(args) => xen_host::main(&project, &args),
        Verb::XapiClients => xapi_clients::main(&project),
        Verb::Tidy => tidy::main(&project),
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
