//! `cargo xtask build`: the server, and the site that browsers download. What hasn't changed isn't made again.

mod bindgen;
mod compress;
mod notices;
mod public;
mod rewrite;
mod site;
mod snip;
pub mod source;
mod split;
pub mod stamp;
mod styles;
mod vendor;
mod wasm;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::cmd::Cmd;
use crate::project::Project;
use crate::step::{fresh, size, step};

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
    /// Put the site into an unoptimised server too
    #[arg(long)]
    embed: bool,
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

    /// For a package: one program with everything inside.
    pub fn to_ship(dev: bool) -> BuildArgs {
        BuildArgs {
            release: !dev,
            embed: true,
            ..BuildArgs::default()
        }
    }

    /// Whether the server has the site inside: a release always has.
    fn embeds(self) -> bool {
        self.release || self.embed
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
    let server = project.server(args.profile());
    if args.embeds() && !args.site_only {
        let bytes = std::fs::metadata(&server).map_or(0, |file| file.len());
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        eprintln!(
            "Built {}: {}, with everything inside",
            server.display(),
            size(bytes)
        );
    } else {
        eprintln!("Built {} and {}", server.display(), project.site().display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the server and the site. One thing after the other: cargo uses all the processors there are.
///
/// # Errors
/// When a step fails.
pub fn run(project: &Project, args: BuildArgs) -> Result<()> {
    // What has the site inside needs it first. Others read it at run time, and their compiler's complaints come first.
    if args.embeds() {
        site(project, args.module())?;
    }
    if !args.site_only {
        step("server", || server(project, args))?;
    }
    if !args.embeds() {
        site(project, args.module())?;
    }
    Ok(())
}

fn site(project: &Project, kind: wasm::Kind) -> Result<()> {
    let module = step("WebAssembly", || wasm::compile(project, kind))?;
    let parts = unless_fresh(split::stamp(project, &module, kind)?, "parts", || {
        split::split(project, &module, kind)
    })?;
    let module = split::main_part(&parts);
    let glue = unless_fresh(bindgen::stamp(project, &module, kind)?, "JavaScript glue", || {
        bindgen::generate(project, &module, kind)
    })?;
    if kind == wasm::Kind::Shipped {
        unless_fresh(wasm::optimize_stamp(project, &glue, &parts)?, "wasm-opt", || {
            wasm::optimize(project, &glue, &parts)
        })?;
    }
    unless_fresh(styles::stamp(project)?, "styles", || styles::compile(project))?;
    unless_fresh(vendor::stamp(project)?, "bundles from npm", || {
        vendor::bundle(project)
    })?;
    unless_fresh(notices::stamp(project)?, "licence notices", || {
        notices::write(project)
    })?;
    step("site", || site::assemble(project, kind, &glue))
}

fn server(project: &Project, args: BuildArgs) -> Result<()> {
    let cmd = Cmd::new("cargo")
        .args(["build", "--package", "server", "--bin", "webxenadmin"])
        .args(args.release.then_some("--release"))
        .dir(&project.root)
        .advice("mend what the compiler says above");
    if args.embeds() {
        shipped(project, cmd)?
    } else {
        cmd
    }
    .run()
}

/// A cargo command that builds the server as it is shipped: with the site inside, and knowing from what it was made.
///
/// # Errors
/// When git fails in a checkout.
pub fn shipped(project: &Project, cmd: Cmd) -> Result<Cmd> {
    let source = source::find(project)?;
    Ok(cmd
        .env("WXA_EMBED_SITE", project.site())
        .env("WXA_BUILD_COMMIT", &source.commit)
        .env("WXA_BUILD_DATE", &source.date))
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
