//! What browsers download, from the site's manifest: as it is, and in brotli.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The files of a site.
#[derive(Debug, Serialize)]
pub struct Sizes {
    /// The module before wasm-opt; none when it wasn't optimised.
    pub wasm_before_optimising: Option<u64>,
    /// By name, as the manifest has them.
    pub files: BTreeMap<String, Size>,
}

/// One file, in bytes.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Size {
    pub raw: u64,
    /// None where packing doesn't help: fonts.
    pub brotli: Option<u64>,
}

#[derive(Deserialize)]
struct Manifest {
    files: BTreeMap<String, String>,
}

/// Measures the site; `unoptimised` is the module as the bindings' generator left it.
///
/// # Errors
/// When there is no site.
pub fn measure(site: &Path, unoptimised: Option<&Path>) -> Result<Sizes> {
    let path = site.join("manifest.json");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("reading {}\n  what to do: `cargo xtask build`", path.display()))?;
    let manifest: Manifest = serde_json::from_str(&text).context("reading the site's manifest")?;
    let bytes = |path: &Path| std::fs::metadata(path).ok().map(|file| file.len());
    let mut files = BTreeMap::new();
    for (name, address) in manifest.files {
        let path = site.join(address.trim_start_matches('/'));
        let packed = path.with_added_extension("br");
        let raw = bytes(&path).with_context(|| format!("{} is missing", path.display()))?;
        let brotli = bytes(&packed);
        files.insert(name, Size { raw, brotli });
    }
    Ok(Sizes {
        wasm_before_optimising: unoptimised.and_then(bytes),
        files,
    })
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bytes) = self.wasm_before_optimising {
            writeln!(f, "  {:<28} {bytes:>9}", "module before wasm-opt")?;
        }
        // Small things are in the JSON.
        let mut large: Vec<_> = self.files.iter().filter(|(_, size)| size.raw > 2_000).collect();
        large.sort_by_key(|(_, size)| std::cmp::Reverse(size.raw));
        let lines: Vec<String> = large
            .iter()
            .map(|(name, size)| match size.brotli {
                Some(packed) => format!("  {name:<28} {:>9}   brotli {packed:>7}", size.raw),
                None => format!("  {name:<28} {:>9}", size.raw),
            })
            .collect();
        write!(f, "{}", lines.join("\n"))
    }
}
