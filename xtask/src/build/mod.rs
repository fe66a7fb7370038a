//! `cargo xtask build`: the server, and the site that browsers download. What hasn't changed isn't made again.

mod bindgen;
mod compress;
mod public;
mod rewrite;
mod site;
mod snip;
pub mod stamp;
mod styles;
mod vendor;
mod wasm;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::cmd::Cmd;
use crate::project::Project;
use crate::step::{fresh, step};

/// What to build, and how.
#[derive(Args, Clone, Copy, Default)]
pub struct BuildArgs {
    /// Optimise the server
    #[arg(long)]
    release: bool,
    /// Leave the WebAssembly unoptimised: megabytes larger, minutes sooner
    #[arg(long)]
    wasm_dev: bool,
    /// Leave the server as it is
    #[arg(long)]
    site_only: bool,
}

impl BuildArgs {
    /// For working on the sources: everything as quick as can be.
    pub fn quick() -> BuildArgs {
        BuildArgs {
            wasm_dev: true,
            ..BuildArgs::default()
        }
    }

    /// The site as it is shipped, without the server.
    pub fn site() -> BuildArgs {
        BuildArgs {
            site_only: true,
            ..BuildArgs::default()
        }
    }

    /// Cargo's name of the server's profile, which is also its folder.
    pub fn profile(self) -> &'static str {
        if self.release { "release" } else { "debug" }
    }

    fn module(self) -> wasm::Kind {
        if self.wasm_dev {
            wasm::Kind::Quick
        } else {
            wasm::Kind::Shipped
        }
    }
}

/// The verb.
///
/// # Errors
/// When a step fails.
pub fn main(project: &Project, args: &BuildArgs) -> Result<ExitCode> {
    run(project, *args)?;
    eprintln!(
        "Built {} and {}",
        project.server(args.profile()).display(),
        project.site().display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Builds the server and the site. One thing after the other: cargo uses all the processors there are.
///
/// # Errors
/// When a step fails.
pub fn run(project: &Project, args: BuildArgs) -> Result<()> {
    if !args.site_only {
        step("server", || server(project, args))?;
    }
    let kind = args.module();
    let module = step("WebAssembly", || wasm::compile(project, kind))?;
    let glue = unless_fresh(bindgen::stamp(project, &module, kind)?, "JavaScript glue", || {
        bindgen::generate(project, &module, kind)
    })?;
    if kind == wasm::Kind::Shipped {
        unless_fresh(wasm::optimize_stamp(project, &glue)?, "wasm-opt", || {
            wasm::optimize(project, &glue)
        })?;
    }
    unless_fresh(styles::stamp(project)?, "styles", || styles::compile(project))?;
    unless_fresh(vendor::stamp(project)?, "bundles from npm", || {
        vendor::bundle(project)
    })?;
    step("site", || site::assemble(project, kind, &glue))
}

fn server(project: &Project, args: BuildArgs) -> Result<()> {
    Cmd::new("cargo")
        .args(["build", "--package", "server", "--bin", "webxenadmin"])
        .args(args.release.then_some("--release"))
        .dir(&project.root)
        .advice("mend what the compiler says above")
        .run()
}

/// Does `work` unless its inputs are those of the last time; either way its result is where `stamp` says.
fn unless_fresh(
    stamp: stamp::Stamp,
    what: &str,
    work: impl FnOnce() -> Result<()>,
) -> Result<std::path::PathBuf> {
    if stamp.is_fresh() {
        fresh(what);
    } else {
        step(what, || work().and_then(|()| stamp.set()))?;
    }
    Ok(stamp.made)
}
