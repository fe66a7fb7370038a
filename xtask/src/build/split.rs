//! Cutting the module into the part that every page needs and those that are loaded when a page of theirs is opened
//! (decision 0039). Used as a library, like wasm-bindgen: it must understand the marks of `wasm_split_helpers`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use super::stamp::{Stamp, files};
use super::wasm::{Kind, NAME};
use crate::project::Project;
use crate::step::note;

/// The script that loads the parts; the main module imports it.
pub const LOADER: &str = "parts.js";
/// Which files a part needs: its name to theirs, without the ending.
pub const MAP: &str = "parts.json";

/// When the module has to be cut.
///
/// # Errors
/// When it can't be read.
pub fn stamp(project: &Project, module: &Path, kind: Kind) -> Result<Stamp> {
    let made = project.work(&format!("parts-{}", kind.name()));
    Stamp::new(made, &[module.to_path_buf(), project.path("Cargo.lock")], LOADER)
}

/// The part that is loaded first, in the folder of all parts.
pub fn main_part(parts: &Path) -> PathBuf {
    parts.join(format!("{NAME}.wasm"))
}

/// The parts that are loaded later, in the folder of all parts.
///
/// # Errors
/// When the folder can't be read.
pub fn others(parts: &Path) -> Result<Vec<PathBuf>> {
    let mut all = files(parts)?;
    all.retain(|file| file.extension().is_some_and(|ending| ending == "wasm") && *file != main_part(parts));
    Ok(all)
}

/// Cuts `module`, as the linker left it.
///
/// # Errors
/// When it has no relocations, or can't be cut.
pub fn split(project: &Project, module: &Path, kind: Kind) -> Result<()> {
    let out = project.work(&format!("parts-{}", kind.name()));
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("removing {}", out.display()))?;
    }
    let bytes = std::fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let (main, glue, loader) = (main_part(&out), format!("./{NAME}.js"), format!("./{LOADER}"));
    let mut options = Options::new(&bytes);
    options.output_dir = &out;
    options.main_out_path = &main;
    options.main_module = &glue;
    options.link_name = &loader;
    let parts = transform(options).map_err(|error| anyhow!("cutting the module: {error:#}"))?;
    note(&format!(
        "{} parts beside the main one",
        parts.split_modules.len()
    ));
    let map = serde_json::to_vec(&parts.prefetch_map)?;
    std::fs::write(out.join(MAP), map).with_context(|| format!("writing {MAP}"))
}
