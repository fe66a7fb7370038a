//! Measures the server from outside and prints what it found; `cargo xtask bench` builds and starts it. It asserts nothing:
//! numbers are for people, who know what else their machine did.
#![allow(clippy::print_stdout, reason = "the report is its output")]

mod console;
mod events;
mod first_page;
mod http;
mod live;
mod machine;
mod page;
mod pool;
mod report;
mod server;
mod sizes;
mod ssh;
mod stats;
mod target;
mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use wxa_sim::SimHost;

use crate::first_page::FirstPage;
use crate::report::{Fleet, Real, Report};
use crate::server::{Built, Server};
use crate::target::Target;

/// Repeats of each measurement, which tell its noise.
const ROUNDS: usize = 5;
/// How long a server is left alone before its memory is read: the measurements of the hosts fill their rings meanwhile.
const REST: Duration = Duration::from_secs(10);

#[derive(Debug, Parser)]
struct Args {
    /// The server's program
    #[arg(long)]
    server: PathBuf,
    /// The site's folder
    #[arg(long)]
    site: PathBuf,
    /// The module before wasm-opt, for its size
    #[arg(long)]
    unoptimised: Option<PathBuf>,
    /// The browser's script; without it no browser is started
    #[arg(long)]
    first_page: Option<PathBuf>,
    /// Where to write the report as JSON
    #[arg(long)]
    json: PathBuf,
    /// dev or release, for the report
    #[arg(long)]
    profile: String,
    /// What `bed status --json` printed: measure the real-Xen bed besides
    #[arg(long)]
    bed: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<()> {
    let built = Built {
        server: args.server.clone(),
        site: args.site.clone(),
    };
    say("calibrating");
    let before = machine::moment();
    let sizes = sizes::measure(&args.site, args.unoptimised.as_deref())?;
    let (demo, first_page, console, events) = demo(&built, &args).await?;
    let large = large(&built).await?;
    say("a server with a pool of 2,000 VMs");
    let pool = pool::measure(&built, ROUNDS, 40).await?;
    let real = match &args.bed {
        Some(status) => Some(real(&built, status).await),
        None => None,
    };
    let report = Report {
        profile: args.profile,
        processors: machine::processors(),
        before,
        after: machine::moment(),
        sizes,
        problems: problems(&first_page, &real),
        first_page: first_page.and_then(Result::ok),
        demo,
        large,
        pool,
        console,
        events,
        real: real.and_then(Result::ok),
    };
    let json = serde_json::to_string_pretty(&report)?;
    std::fs::write(&args.json, json + "\n").with_context(|| format!("writing {}", args.json.display()))?;
    println!("{report}");
    Ok(())
}

/// A page that doesn't come alive, or a bed that is slow, is no reason to keep the other numbers back.
fn problems(first_page: &Option<Result<FirstPage>>, real: &Option<Result<Real>>) -> Vec<String> {
    let page = first_page.as_ref().and_then(|page| page.as_ref().err());
    let real = real.as_ref().and_then(|real| real.as_ref().err());
    let named = [("the first page", page), ("the real-Xen bed", real)].into_iter();
    named
        .filter_map(|(what, error)| error.map(|error| format!("{what}: {error:#}")))
        .collect()
}

type Demo = (Fleet, Option<Result<FirstPage>>, console::Console, events::Events);

/// Everything with a fleet of the demo's size. The simulated hosts live in this process, so that the server is alone in its.
async fn demo(built: &Built, args: &Args) -> Result<Demo> {
    say("a server with 2 simulated hosts and 42 VMs");
    let hosts = target::fleet(2, 40).await?;
    let server = Server::with_hosts(built, hosts.iter().map(target::added).collect()).await?;
    tokio::time::sleep(REST).await;
    let at_rest = machine::memory(server.pid()?)?;
    say("rendered pages");
    let page = page::measure(&server, ROUNDS, 40).await?;
    let first_page = match &args.first_page {
        Some(script) => {
            say("the first page in a browser");
            Some(first_page::measure(&server, script, ROUNDS).await)
        }
        None => None,
    };
    say("echoes on consoles");
    let target = Target::simulated(&hosts).await?;
    let console = console::measure(&server, &target, ROUNDS, 400).await?;
    say("events");
    let events = events::measure(&server, &target, ROUNDS, 8).await?;
    let fleet = Fleet {
        page,
        at_rest,
        after_work: machine::memory(server.pid()?)?,
    };
    stop(server, hosts).await?;
    Ok((fleet, first_page, console, events))
}

/// Page and memory with a thousand VMs.
async fn large(built: &Built) -> Result<Fleet> {
    say("a server with 4 simulated hosts and 1,000 VMs");
    let hosts = target::fleet(4, 998).await?;
    let server = Server::with_hosts(built, hosts.iter().map(target::added).collect()).await?;
    tokio::time::sleep(REST).await;
    let at_rest = machine::memory(server.pid()?)?;
    let page = page::measure(&server, ROUNDS, 40).await?;
    let fleet = Fleet {
        page,
        at_rest,
        after_work: machine::memory(server.pid()?)?,
    };
    stop(server, hosts).await?;
    Ok(fleet)
}

/// Console and events on real Xen.
async fn real(built: &Built, status: &str) -> Result<Real> {
    say("the real-Xen bed");
    let target = Target::bed(status).await?;
    let measured = async {
        let server = Server::with_hosts(built, vec![target.host.clone()]).await?;
        target.start_guests().await?;
        say("echoes on consoles of the bed");
        let console = console::measure(&server, &target, ROUNDS, 80).await?;
        say("events of the bed");
        let events = events::measure(&server, &target, ROUNDS, 4).await?;
        server.stop().await?;
        Ok(Real { console, events })
    };
    let measured = measured.await;
    // However it went, the guests go: somebody else comes next.
    target.clear().await?;
    measured
}

async fn stop(server: Server, hosts: Vec<SimHost>) -> Result<()> {
    server.stop().await?;
    for host in hosts {
        host.stop().await;
    }
    Ok(())
}

fn say(what: &str) {
    eprintln!("  … {what}");
}
