//! A standard library for `wasm32-unknown-unknown`, and which toolchain has it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Consent, debian_std};
use crate::build::stamp::digest;
use crate::cmd::{Cmd, which};
use crate::project::Project;
use crate::step::{note, step};

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The name under which Debian's compiler is linked into rustup.
pub const LINKED: &str = "wasm-web";
/// The file beside a std of ours that tells which compiler built it.
pub const STAMP: &str = ".stamp";

/// Which cargo builds the WebAssembly.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that builds everything else.
    Default,
    /// Debian's, linked as `wasm-web`.
    Linked,
}

impl Toolchain {
    /// `cargo`, or `cargo +wasm-web`.
    pub fn cargo(self) -> Cmd {
        match self {
            Toolchain::Default => Cmd::new("cargo"),
            Toolchain::Linked => Cmd::new("cargo")
                .arg(format!("+{LINKED}"))
                .without_env("RUSTUP_TOOLCHAIN"),
        }
    }
}

/// The toolchain that can build the target now, if any does.
pub fn toolchain() -> Option<Toolchain> {
    if has_std(&[]) {
        Some(Toolchain::Default)
    } else if has_std(&[&format!("+{LINKED}")]) && is_current() {
        Some(Toolchain::Linked)
    } else {
        None
    }
}

/// Makes sure that there is one. `WXA_WASM_STD=debian` never asks rustup to download anything.
///
/// # Errors
/// When no way leads there; says what was tried.
pub fn ensure(project: &Project, consent: Consent) -> Result<()> {
    if toolchain().is_some() {
        return Ok(());
    }
    let debian_only = std::env::var("WXA_WASM_STD").is_ok_and(|way| way == "debian");
    if !debian_only {
        let added = step(&format!("rustup target add {TARGET}"), || {
            Cmd::new("rustup")
                .args(["target", "add", TARGET])
                .dir(&project.root)
                .run()
        });
        if added.is_ok() && has_std(&[]) {
            return Ok(());
        }
        if which("apt-get").is_none() {
            bail!(
                "there is no way to build WebAssembly here\n  what to do: `rustup target add {TARGET}` must work (see above)"
            );
        }
        note(
            "rustup can't add the target: using Debian's compiler and the standard library's source instead",
        );
    }
    debian_std::install(project, consent)?;
    if toolchain().is_none() {
        bail!(
            "Debian's route ended without a usable {TARGET}\n  what to do: `rustc +{LINKED} --print sysroot` and look below it"
        );
    }
    Ok(())
}

/// The folder of a compiler's own files.
pub fn sysroot(rustc: Cmd) -> Result<PathBuf> {
    Ok(PathBuf::from(rustc.args(["--print", "sysroot"]).output()?.trim()))
}

/// Where the target's libraries are, below a compiler's sysroot.
pub fn target_lib(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// Whether the linked toolchain's std was built with the compiler that is there now: an upgrade leaves an old one behind.
fn is_current() -> bool {
    let rustc = || Cmd::new("rustc").arg(format!("+{LINKED}"));
    let (Ok(root), Ok(version)) = (sysroot(rustc()), rustc().arg("-vV").output()) else {
        return false;
    };
    match std::fs::read_to_string(target_lib(&root).join(STAMP)) {
        Ok(stamp) => stamp.trim() == stamp_of(&version),
        // Somebody else's toolchain under this name: theirs to know.
        Err(_) => true,
    }
}

/// What the stamp beside a std of ours says when it was built with the compiler of this `-vV`.
pub fn stamp_of(version: &str) -> String {
    digest(version.as_bytes()).chars().take(16).collect()
}

fn has_std(toolchain: &[&str]) -> bool {
    let Ok(sysroot) = sysroot(Cmd::new("rustc").args(toolchain)) else {
        return false;
    };
    let Ok(files) = std::fs::read_dir(target_lib(&sysroot)) else {
        return false;
    };
    files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}
