//! The JavaScript glue around the module. wasm-bindgen is used as a library: its version can't differ from that of the
//! crate in the lock file, and nobody has to install its command.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::split::{LOADER, MAP};
use super::stamp::Stamp;
use super::wasm::{Kind, NAME};
use crate::cmd::Cmd;
use crate::project::Project;

/// Stands for the modules that are fetched only by pages that show something of them.
const LAZY: &str = "frontend/js/lazy.mjs";
/// The modules that the crate xterm-js-rs names in its imports, and those of our charts and screens.
const LAZY_MODULES: &[&str] = &[
    "charts",
    "screen",
    "xterm",
    "xterm-addon-attach",
    "xterm-addon-fit",
    "xterm-addon-ligatures",
    "xterm-addon-search",
    "xterm-addon-serialize",
    "xterm-addon-unicode11",
    "xterm-addon-web-links",
    "xterm-addon-webgl",
];

/// When the glue has to be made.
///
/// # Errors
/// When the module can't be read.
pub fn stamp(project: &Project, module: &Path, kind: Kind) -> Result<Stamp> {
    let made = project.work(&format!("glue-{}", kind.name()));
    let parts = module.parent().unwrap_or(Path::new("."));
    Stamp::new(
        made,
        &[
            module.to_path_buf(),
            parts.join(LOADER),
            parts.join(MAP),
            project.path("Cargo.lock"),
            project.path("frontend/package-lock.json"),
            project.path(LAZY),
        ],
        "web, minified when shipped, mangled, with the table, in one file",
    )
}

/// Makes the glue for browsers, with the snippets that crates bring along.
///
/// # Errors
/// When wasm-bindgen can't read the module.
pub fn generate(project: &Project, module: &Path, kind: Kind) -> Result<()> {
    let out = project.work(&format!("glue-{}", kind.name()));
    // Snippets of an earlier build must not stay.
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("removing {}", out.display()))?;
    }
    let shipped = kind == Kind::Shipped;
    Bindgen::new()
        .input_path(module)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        // Names stay as the compiler made them: `snip` goes by them, and wasm-opt removes them.
        .demangle(!shipped)
        .remove_producers_section(shipped)
        // The other parts share the table of functions.
        .keep_lld_exports(true)
        .generate(&out)
        .context("wasm-bindgen\n  what to do: wasm-bindgen and wasm-bindgen-cli-support must be of one version in Cargo.lock")?;
    let parts = module.parent().unwrap_or(Path::new("."));
    for name in [LOADER, MAP] {
        std::fs::copy(parts.join(name), out.join(name)).with_context(|| format!("copying {name}"))?;
    }
    bundle(project, &out, shipped)
}

/// Puts the glue, the loader of parts, the snippets and [`LAZY`] into one file: each would be a request of its own.
fn bundle(project: &Project, out: &Path, shipped: bool) -> Result<()> {
    let script = out.join(format!("{NAME}.js"));
    let lazy = project.path(LAZY);
    let lazy = lazy.display();
    Cmd::new(project.path("frontend/node_modules/.bin/esbuild"))
        .arg(&script)
        .args([
            "--bundle",
            "--format=esm",
            "--target=es2022",
            // What `lazy.mjs` names is fetched when it is needed.
            "--external:/vendor/*",
            "--log-level=warning",
            // Each import of the loader is listed once more, all of them the same module.
            "--log-override:duplicate-object-key=silent",
            "--allow-overwrite",
        ])
        .args(
            LAZY_MODULES
                .iter()
                .map(|module| format!("--alias:{module}={lazy}")),
        )
        .args(shipped.then_some("--minify"))
        .arg(format!("--outfile={}", script.display()))
        .advice("`cargo xtask setup` installs esbuild")
        .run()
}
