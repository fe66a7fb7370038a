//! Measures the product from outside and prints what it found; `cargo xtask bench` builds and starts it. It asserts nothing:
//! numbers are for people, who know what else their machine did.
#![allow(clippy::print_stdout, reason = "the report is its output")]

mod aims;
mod alone;
mod browser;
mod browser_raw;
mod browser_sums;
mod console;
mod control;
mod events;
mod first_page;
mod flood;
mod growth;
mod http;
mod live;
mod machine;
mod markdown;
mod metrics;
mod options;
mod page;
mod parts;
mod pool;
mod recorded;
mod report;
mod scale;
mod server;
mod sizes;
mod ssh;
mod stats;
mod target;
mod terminal;
mod viewers;
mod watched;
mod websockify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser;

use crate::browser::{Script, Visit};
use crate::browser_sums::BrowserPage;
use crate::control::Control;
use crate::options::{Effort, Part, SIZES};
use crate::pool::{FILTER, Pool};
use crate::report::Report;
use crate::server::Built;
use crate::websockify::Program;

#[derive(Debug, Parser)]
struct Args {
    /// The server's program
    #[arg(long)]
    server: PathBuf,
    /// Serve this site and not the one inside the program
    #[arg(long)]
    site_dir: Option<PathBuf>,
    /// The site's folder, for the sizes of its files
    #[arg(long)]
    site: Option<PathBuf>,
    /// The module before wasm-opt, for its size
    #[arg(long)]
    unoptimised: Option<PathBuf>,
    /// The folder of the browser's scripts
    #[arg(long)]
    scripts: PathBuf,
    /// Where to write the report as JSON; the Markdown goes beside it
    #[arg(long)]
    json: PathBuf,
    /// dev or release, for the report
    #[arg(long)]
    profile: String,
    /// websockify's program, to compare with
    #[arg(long)]
    websockify: Option<PathBuf>,
    /// Why there is none, for the report
    #[arg(long, conflicts_with = "websockify")]
    no_websockify: Option<String>,
    /// What `bed status --json` printed: measure the real-Xen bed besides
    #[arg(long)]
    bed: Option<String>,
    #[command(flatten)]
    what: What,
}

#[derive(Debug, clap::Args)]
struct What {
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Only these sizes, in VMs
    #[arg(long, value_delimiter = ',')]
    sizes: Vec<usize>,
    /// Few repeats
    #[arg(long)]
    quick: bool,
    /// Measure the page at this address, whosever it is; the account is in WXA_USER and WXA_PASSWORD
    #[arg(long, requires = "vms")]
    base: Option<String>,
    /// How many VMs that page shows
    #[arg(long)]
    vms: Option<usize>,
    /// How the page is used
    #[arg(long)]
    adapter: Option<PathBuf>,
    /// Where the pool that the page shows is controlled
    #[arg(long)]
    control: Option<String>,
    /// Only simulate a pool of so many VMs, for another product to look at, until the program is ended
    #[arg(long)]
    pool: Option<usize>,
}

impl What {
    fn effort(&self) -> Effort {
        if self.quick { Effort::Quick } else { Effort::Full }
    }

    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn sizes(&self) -> Vec<usize> {
        if self.sizes.is_empty() {
            SIZES.to_vec()
        } else {
            self.sizes.clone()
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.what.pool {
        Some(vms) => only_pool(vms).await,
        None => run(args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<()> {
    machine::allow_many_files();
    let effort = args.what.effort();
    let mut report = Report::new(&args.profile, effort, machine::processors());
    say("calibrating");
    report.before = Some(machine::moment());
    match &args.what.base {
        Some(base) => anybodys(&args, base, &mut report).await?,
        None => ours(&args, &mut report).await?,
    }
    report.after = Some(machine::moment());
    report.judge();
    let json = serde_json::to_string_pretty(&report)? + "\n";
    let text = markdown::write(&report)?;
    let beside = args.json.with_extension("md");
    for (path, content) in [(&args.json, &json), (&beside, &text)] {
        std::fs::write(path, content).with_context(|| format!("writing {}", path.display()))?;
    }
    println!("{text}");
    Ok(())
}

/// Everything that was asked for, on servers of our own.
async fn ours(args: &Args, report: &mut Report) -> Result<()> {
    let what = &args.what;
    let effort = what.effort();
    let built = Built {
        server: args.server.clone(),
        site: args.site_dir.clone(),
    };
    let script = script(args);
    if what.wants(Part::Sizes)
        && let Some(site) = &args.site
    {
        let sizes = sizes::measure(site, args.unoptimised.as_deref());
        report.sizes = report.take("sizes", sizes);
    }
    for vms in what.sizes() {
        if what.wants(Part::Page) {
            let page = parts::page(&built, &script, vms, effort).await;
            if let Some(page) = report.take(&format!("the page with {vms} VMs"), page) {
                add_page(report, vms, page);
            }
        }
        if what.wants(Part::Server) {
            say(&format!("the server with {vms} VMs"));
            let scale = scale::measure(&built, vms, effort).await;
            let scale = report.take(&format!("the server with {vms} VMs"), scale);
            report.server.extend(scale);
        }
    }
    if what.wants(Part::Metrics) {
        for vms in what.sizes() {
            say(&format!("measurements of {vms} VMs"));
            let metrics = metrics::measure(vms).await;
            let metrics = report.take(&format!("measurements of {vms} VMs"), metrics);
            report.metrics.extend(metrics);
        }
    }
    if what.wants(Part::Viewers) {
        for (vms, viewers) in parts::audiences(&what.sizes()) {
            say(&format!("{viewers} viewers of {vms} VMs"));
            let measured = viewers::measure(&built, vms, viewers, effort).await;
            let measured = report.take(&format!("{viewers} viewers of {vms} VMs"), measured);
            report.viewers.extend(measured);
        }
    }
    if what.wants(Part::Hosts) {
        let first_page = args.scripts.join("first-page.mjs");
        let hosts = parts::hosts(&built, &first_page, effort, report).await;
        report.hosts = report.take("plain hosts", hosts);
    }
    if what.wants(Part::Console) {
        let console = parts::console(&built, effort).await;
        report.console = report.take("echoes on consoles", console);
        let websockify = Program::new(args.websockify.clone(), args.no_websockify.clone());
        let flood = parts::flood(&built, effort, &websockify).await;
        report.flood = report.take("a console that floods", flood);
        say("500 guests that are recorded");
        let recorded = recorded::measure(&built, effort).await;
        report.recorded = report.take("guests that are recorded", recorded);
        say("100 idle and 10 flooding consoles");
        let watched = watched::measure(&built, effort).await;
        report.watched = report.take("consoles that somebody looks at", watched);
    }
    if let Some(status) = &args.bed {
        let real = parts::real(&built, status).await;
        report.real = report.take("the real-Xen bed", real);
    }
    Ok(())
}

/// The page at any address.
async fn anybodys(args: &Args, base: &str, report: &mut Report) -> Result<()> {
    let variable = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
    let (user, password) = (variable("WXA_USER")?, variable("WXA_PASSWORD")?);
    let visit = Visit {
        base: base.trim_end_matches('/'),
        user: &user,
        password: &password,
        control: args.what.control.as_deref(),
        filter: FILTER,
    };
    say(&format!("the page at {base}"));
    let raw = browser::measure(&script(args), &visit, args.what.effort()).await?;
    add_page(report, args.what.vms.unwrap_or(0), BrowserPage::of(raw));
    Ok(())
}

fn add_page(report: &mut Report, vms: usize, page: BrowserPage) {
    let problems = page.problems.iter();
    report
        .problems
        .extend(problems.map(|problem| format!("the page with {vms} VMs: {problem}")));
    report.page.insert(vms, page);
}

fn script(args: &Args) -> Script {
    let own = args.scripts.join("adapters/webxenadmin.mjs");
    Script {
        script: args.scripts.join("page.mjs"),
        adapter: args.what.adapter.clone().unwrap_or(own),
    }
}

/// A pool for another product.
async fn only_pool(vms: usize) -> Result<()> {
    let pool = Arc::new(Pool::start(vms).await?);
    let control = Control::start(Arc::clone(&pool)).await?;
    let added = pool.added()?;
    println!(
        "A pool of {} VMs\n  XAPI     https://{}:{}  and  http://{}\n  account  {} / {}\n  SHA-256  {}\n  control  http://{}",
        pool.vms,
        added.address,
        added.port,
        pool.http_address()?,
        pool::USER,
        pool::PASSWORD,
        added.fingerprint,
        control.address
    );
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")
}

fn say(what: &str) {
    eprintln!("  … {what}");
}
