//! WebAssembly where nothing but package registries can be reached: Debian's newest compiler, and the standard library
//! built once from its source. The why is in docs/decisions/0007.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Consent;
use super::packages::{apt_install, as_root};
use super::wasm::{LINKED, STAMP, TARGET, stamp_of, sysroot, target_lib};
use crate::cmd::{Cmd, which};
use crate::project::Project;
use crate::step::{note, step};

const PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];
// Debian's own programs: plain `rustc` and `cargo` are rustup's.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Installs the compiler, builds std for the target, links a linker and the toolchain's name. Each only when missing.
///
/// # Errors
/// When a package, the build or a link fails.
pub fn install(project: &Project, consent: Consent) -> Result<()> {
    if !installed() {
        apt_install(PACKAGES, consent)?;
    }
    let root = sysroot(Cmd::new(RUSTC))?;
    let version = Cmd::new(RUSTC).arg("-vV").output()?;
    // A compiler upgrade needs a new std.
    let want = stamp_of(&version);
    let lib = target_lib(&root);
    let stamp = lib.join(STAMP);
    if std::fs::read_to_string(&stamp)
        .map(|have| have.trim().to_owned())
        .ok()
        .as_ref()
        != Some(&want)
    {
        step(
            &format!("standard library for {TARGET} (about a minute, once)"),
            || {
                let built = build_std(project, &root)?;
                put_std(&built, &lib, &want)
            },
        )?;
        // Cargo doesn't see that the library under a toolchain changed: what was built against the old one must go.
        remove_dir(&project.target.join(TARGET))?;
    }
    link_linker(project, &root)?;
    Cmd::new("rustup")
        .args(["toolchain", "link", LINKED, "/usr"])
        .advice("this route links Debian's compiler into rustup: install rustup first (https://rustup.rs)")
        .run()
}

fn installed() -> bool {
    Cmd::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}\\n"])
        .args(PACKAGES)
        .output()
        .is_ok_and(|states| {
            states.lines().count() == PACKAGES.len() && states.lines().all(|state| state == "installed")
        })
}

/// Builds std from the source that Debian ships with the compiler. Returns the folder with the libraries.
fn build_std(project: &Project, root: &Path) -> Result<PathBuf> {
    let work = project.target.join("wasm-std");
    remove_dir(&work)?;
    std::fs::create_dir_all(&work).with_context(|| format!("creating {}", work.display()))?;
    // Cargo wants to write beside the manifest, and Debian's tree is root's and full of links.
    Cmd::new("cp")
        .arg("-rL")
        .arg(root.join("lib/rustlib/src/rust/library"))
        .arg(work.join("library"))
        .run()?;
    let flags = [
        "-Cembed-bitcode=yes",
        "-Zforce-unstable-if-unmarked",
        "-Cdebuginfo=0",
    ]
    .join("\u{1f}");
    Cmd::new(CARGO)
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--package",
            "sysroot",
            "--target",
            TARGET,
        ])
        .args([
            "--manifest-path",
            "sysroot/Cargo.toml",
            "--features",
            "panic-unwind compiler-builtins-mem",
        ])
        .dir(work.join("library"))
        .env("RUSTC", RUSTC)
        // std uses features that only the compiler's own release may use.
        .env("RUSTC_BOOTSTRAP", "1")
        // Keeps std's crate hashes apart from those of a crate with the same dependency.
        .env("__CARGO_DEFAULT_LIB_METADATA", "wasmstd")
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .env("CARGO_TARGET_DIR", work.join("target"))
        .without_env("RUSTFLAGS")
        .without_env("RUSTC_WRAPPER")
        .without_env("CARGO_BUILD_TARGET")
        .without_env("RUSTUP_TOOLCHAIN")
        .advice(
            "the crates that std needs come from crates.io: check that cargo reaches it, then start again",
        )
        .run()?;
    Ok(work.join("target").join(TARGET).join("release/deps"))
}

fn put_std(built: &Path, lib: &Path, stamp: &str) -> Result<()> {
    let mut libraries = Vec::new();
    for file in std::fs::read_dir(built).with_context(|| format!("reading {}", built.display()))? {
        let path = file?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // `sysroot` only pulls the others in; a compiler that finds it as a library is confused by it.
        if name.ends_with(".rlib") && !name.starts_with("libsysroot-") {
            libraries.push(path);
        }
    }
    let stamp_file = built.join(STAMP);
    std::fs::write(&stamp_file, format!("{stamp}\n"))
        .with_context(|| format!("writing {}", stamp_file.display()))?;
    as_root("rm").arg("-rf").arg(lib).run()?;
    as_root("mkdir").arg("-p").arg(lib).run()?;
    as_root("cp").args(&libraries).arg(lib).run()?;
    // Last: a stamp means that everything is there.
    as_root("cp").arg(&stamp_file).arg(lib).run()
}

/// Debian's compiler comes without `rust-lld`; rustup's has one of the same LLVM.
fn link_linker(project: &Project, root: &Path) -> Result<()> {
    let version = Cmd::new(RUSTC).arg("-vV").output()?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap_or("x86_64-unknown-linux-gnu");
    let bin = root.join("lib/rustlib").join(host).join("bin");
    if bin.join("rust-lld").exists() {
        return Ok(());
    }
    let rustups = sysroot(Cmd::new("rustc").dir(&project.root))?
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    let linker = if rustups.is_file() {
        rustups
    } else {
        which("wasm-ld-19").or_else(|| which("wasm-ld")).context(
            "there is no linker for WebAssembly\n  what to do: install Debian's `lld`, or a rustup toolchain with `rust-lld`",
        )?
    };
    note(&format!("WebAssembly is linked by {}", linker.display()));
    as_root("mkdir").arg("-p").arg(&bin).run()?;
    as_root("ln")
        .arg("-sfn")
        .arg(&linker)
        .arg(bin.join("rust-lld"))
        .run()
}

fn remove_dir(dir: &Path) -> Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", dir.display()))
        }
        _ => Ok(()),
    }
}
