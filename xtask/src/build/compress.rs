//! Packing files in advance, as small as they get: the server only sends them.

use std::path::PathBuf;

use anyhow::Result;

use crate::cmd::Cmd;
use crate::project::Project;

const WORTH_IT: &[&str] = &[
    "wasm",
    "js",
    "mjs",
    "css",
    "svg",
    "txt",
    "json",
    "webmanifest",
    "html",
];

/// Packs those of `files` that get smaller by it and aren't packed yet.
///
/// # Errors
/// When node fails.
pub fn pack(project: &Project, files: &[PathBuf]) -> Result<()> {
    let new: Vec<String> = files
        .iter()
        .filter(|file| {
            file.extension()
                .is_some_and(|ending| WORTH_IT.iter().any(|worth| ending == *worth))
        })
        .filter(|file| !with_ending(file, "gz").exists())
        .map(|file| file.to_string_lossy().into_owned())
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    // Node's brotli is C: at the highest quality ours, unoptimised in a dev build, would take minutes.
    Cmd::new("node")
        .arg(project.path("frontend/scripts/compress.mjs"))
        .feed(&(new.join("\n") + "\n"))
}

/// `file.br` for `file`.
pub fn with_ending(file: &std::path::Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
