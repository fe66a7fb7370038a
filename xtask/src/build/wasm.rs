//! The WebAssembly module: compiled by cargo, and made small by wasm-opt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::stamp::Stamp;
use super::{snip, split};
use crate::cmd::Cmd;
use crate::project::Project;
use crate::setup::wasm::{TARGET, toolchain};
use crate::step::{note, size};

/// The name of the module and its glue.
pub const NAME: &str = "webxenadmin";

// What every browser of the last years understands. Naming them one by one matters: `--all-features` makes a module that
// Chromium refuses.
const WASM_OPT: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-multivalue",
];

/// How much care goes into the module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Small and fast: what users get, and what the tests test.
    Shipped,
    /// Soon there: for working on the sources.
    Quick,
}

impl Kind {
    /// A folder for what is made of this kind.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Shipped => "shipped",
            Kind::Quick => "quick",
        }
    }

    fn profile(self) -> (&'static str, &'static str) {
        match self {
            Kind::Shipped => ("wasm", "wasm"),
            Kind::Quick => ("dev", "debug"),
        }
    }
}

/// Compiles `frontend`; returns the module as the compiler left it.
///
/// # Errors
/// When there is no toolchain for it, or the compiler refuses.
pub fn compile(project: &Project, kind: Kind) -> Result<PathBuf> {
    let toolchain = toolchain()
        .with_context(|| format!("no toolchain can build {TARGET}\n  what to do: `cargo xtask setup`"))?;
    let (profile, folder) = kind.profile();
    toolchain
        .cargo()
        .args([
            "rustc",
            "--package",
            "frontend",
            "--target",
            TARGET,
            "--profile",
            profile,
            "--",
            // What `split` cuts by.
            "-Clink-arg=--emit-relocs",
        ])
        .dir(&project.root)
        .env("LEPTOS_OUTPUT_NAME", NAME)
        .advice("mend what the compiler says above; `cargo xtask setup` puts the toolchain right")
        .run()?;
    Ok(project.target.join(TARGET).join(folder).join("frontend.wasm"))
}

/// Where the module that is served lies for a kind, given the folder that holds the glue.
pub fn served(project: &Project, kind: Kind, glue: &Path) -> PathBuf {
    match kind {
        Kind::Shipped => optimized(project).join(format!("{NAME}_bg.wasm")),
        Kind::Quick => glue.join(format!("{NAME}_bg.wasm")),
    }
}

/// The folder of the other parts that are served for a kind.
pub fn served_parts(project: &Project, kind: Kind) -> PathBuf {
    match kind {
        Kind::Shipped => optimized(project),
        Kind::Quick => project.work(&format!("parts-{}", kind.name())),
    }
}

/// When wasm-opt has to run.
///
/// # Errors
/// When a part can't be read.
pub fn optimize_stamp(project: &Project, glue: &Path, parts: &Path) -> Result<Stamp> {
    let lock = project.path("frontend/package-lock.json");
    Stamp::new(
        optimized(project),
        &[glue.join(format!("{NAME}_bg.wasm")), parts.to_path_buf(), lock],
        &WASM_OPT.join(" "),
    )
}

/// Runs wasm-opt on what the glue step left in `glue`, and on the other parts.
///
/// # Errors
/// When wasm-opt refuses a part.
pub fn optimize(project: &Project, glue: &Path, parts: &Path) -> Result<()> {
    let out = optimized(project);
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("removing {}", out.display()))?;
    }
    std::fs::create_dir_all(&out).with_context(|| format!("creating {}", out.display()))?;
    optimize_one(project, &glue.join(format!("{NAME}_bg.wasm")), &out)?;
    for part in split::others(parts)? {
        optimize_one(project, &part, &out)?;
    }
    Ok(())
}

fn optimize_one(project: &Project, from: &Path, out: &Path) -> Result<()> {
    let name = from.file_name().unwrap_or_default();
    let (snipped, to) = (project.work("snipped.wasm"), out.join(name));
    snip::snip(from, &snipped)?;
    // Binaryen from npm: Debian 12's (108) makes a module that crashes.
    Cmd::new(project.path("frontend/node_modules/.bin/wasm-opt"))
        .args(WASM_OPT)
        .arg(&snipped)
        .arg("-o")
        .arg(&to)
        .advice("`cargo xtask setup` installs wasm-opt")
        .run()?;
    let bytes = |path: &Path| {
        std::fs::metadata(path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(usize::MAX))
    };
    note(&format!(
        "{}: {} → {}",
        name.to_string_lossy(),
        size(bytes(from)),
        size(bytes(&to))
    ));
    Ok(())
}

fn optimized(project: &Project) -> PathBuf {
    project.work("optimized")
}
