//! Putting the site together: every file under a name that holds its content's digest, and `manifest.json`, from which
//! the server learns the names. Files with such a name never change, so browsers may keep them for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use super::split::MAP;
use super::stamp::{digest, files};
use super::wasm::{Kind, NAME, served, served_parts};
use super::{compress, public, rewrite};
use crate::project::Project;
use crate::step::{note, size};

struct Site {
    dir: PathBuf,
    /// Name → address, as in the manifest.
    served: BTreeMap<String, String>,
    /// Every file of this build, below `dir`.
    written: BTreeSet<PathBuf>,
}

/// Puts the site together in `<target>/site`. A server that is running keeps finding what it knows until the new manifest
/// is there.
///
/// # Errors
/// When a part is missing or can't be written.
pub fn assemble(project: &Project, kind: Kind, glue: &Path) -> Result<()> {
    let mut site = Site {
        dir: project.site(),
        served: BTreeMap::new(),
        written: BTreeSet::new(),
    };
    let vendor = project.work("vendor");

    // What refers to nothing comes first, what refers to it after it.
    for (name, path) in public::list(project)? {
        let bytes = read(&path)?;
        site.put(&name, &bytes)?;
        site.hashed(&name, &bytes)?;
    }
    for path in files(&vendor.join("fonts"))? {
        site.hashed(&format!("fonts/{}", file_name(&path)), &read(&path)?)?;
    }
    site.hashed("licenses.txt", &read(&project.work("licenses.txt"))?)?;
    for (name, from) in [
        ("main.css", project.work("main.css")),
        ("xterm.css", vendor.join("xterm.css")),
        ("charts.css", vendor.join("charts.css")),
    ] {
        site.hashed_text(name, &from)?;
    }
    for name in ["xterm.mjs", "xterm-webgl.mjs", "charts.mjs", "screen.mjs"] {
        site.hashed_text(name, &vendor.join(name))?;
    }
    site.module(&served(project, kind, glue), glue, &served_parts(project, kind))?;

    // Packing at the highest quality takes seconds a megabyte: not while somebody waits for an edit to show.
    if kind == Kind::Shipped {
        let all: Vec<PathBuf> = site.written.iter().map(|file| site.dir.join(file)).collect();
        compress::pack(project, &all)?;
    }
    site.finish()
}

impl Site {
    /// Writes `bytes` as `name` below the site.
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.dir.join(name);
        self.written.insert(PathBuf::from(name));
        if std::fs::read(&path).is_ok_and(|have| have == bytes) {
            return Ok(());
        }
        for packed in ["br", "gz"] {
            // Of an older content. That there is none is as good.
            let _ = std::fs::remove_file(compress::with_ending(&path, packed));
        }
        let dir = path.parent().unwrap_or(&self.dir);
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
    }

    /// Writes `bytes` under a name with their digest; the manifest will know it as `name`. Returns the new name.
    fn hashed(&mut self, name: &str, bytes: &[u8]) -> Result<String> {
        let new = with_digest(name, bytes);
        self.put(&format!("assets/{new}"), bytes)?;
        self.served.insert(name.to_owned(), format!("/assets/{new}"));
        Ok(new)
    }

    /// Like [`Site::hashed`], for a text that refers to files that are there already.
    fn hashed_text(&mut self, name: &str, from: &Path) -> Result<String> {
        let text =
            String::from_utf8(read(from)?).with_context(|| format!("{} is not text", from.display()))?;
        self.hashed(name, rewrite::addresses(&text, &self.served).as_bytes())
    }

    /// The module in its parts, and its glue. They name each other by relative paths, so they stay together under their own
    /// names, and their folder takes the digest.
    fn module(&mut self, module: &Path, glue: &Path, parts: &Path) -> Result<()> {
        let mut together = vec![(format!("{NAME}_bg.wasm"), read(module)?)];
        let script = format!("{NAME}.js");
        let text = String::from_utf8(read(&glue.join(&script))?).context("the glue is not text")?;
        // What it fetches when it is needed has a name with a digest.
        together.push((script, rewrite::addresses(&text, &self.served).into_bytes()));
        let needed: BTreeMap<String, Vec<String>> = serde_json::from_slice(&read(&glue.join(MAP))?)?;
        let files_of_parts: BTreeSet<&String> = needed.values().flatten().collect();
        for name in files_of_parts {
            let name = format!("{name}.wasm");
            together.push((name.clone(), read(&parts.join(name))?));
        }
        let all: Vec<u8> = together
            .iter()
            .flat_map(|(name, bytes)| [name.as_bytes(), bytes].concat())
            .collect();
        let folder = format!("assets/app-{}", short_digest(&all));
        for (name, bytes) in &together {
            self.put(&format!("{folder}/{name}"), bytes)?;
            self.served.insert(name.clone(), format!("/{folder}/{name}"));
        }
        // What the head of a page names, so that a browser asks for all at once.
        for (part, names) in needed {
            for name in names {
                self.served
                    .insert(format!("parts/{part}/{name}"), format!("/{folder}/{name}.wasm"));
            }
        }
        Ok(())
    }

    /// Writes the manifest, then removes what no build needs any more.
    fn finish(self) -> Result<()> {
        let build = short_digest(serde_json::to_string(&self.served)?.as_bytes());
        let manifest = json!({ "build": build, "files": self.served });
        let (new, path) = (self.dir.join("manifest.json.new"), self.dir.join("manifest.json"));
        let manifest = serde_json::to_string_pretty(&manifest)? + "\n";
        // When it was last written is what tells cargo to put the site into the server again.
        if !std::fs::read_to_string(&path).is_ok_and(|have| have == manifest) {
            std::fs::write(&new, manifest).with_context(|| format!("writing {}", new.display()))?;
            std::fs::rename(&new, &path).with_context(|| format!("writing {}", path.display()))?;
        }

        for file in files(&self.dir)? {
            let name = file.strip_prefix(&self.dir).unwrap_or(&file);
            let plain = if name
                .extension()
                .is_some_and(|ending| ending == "br" || ending == "gz")
            {
                name.with_extension("")
            } else {
                name.to_path_buf()
            };
            if plain != Path::new("manifest.json") && !self.written.contains(&plain) {
                std::fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))?;
            }
        }
        let module = self
            .dir
            .join(self.served[&format!("{NAME}_bg.wasm")].trim_start_matches('/'));
        let bytes = |path: &Path| std::fs::read(path).map(|bytes| size(bytes.len()));
        if let (Ok(raw), Ok(packed)) = (bytes(&module), bytes(&compress::with_ending(&module, "br"))) {
            note(&format!("WebAssembly: {raw}, {packed} in brotli; build {build}"));
        }
        Ok(())
    }
}

/// `main.css` → `main.0123456789abcdef.css`.
fn with_digest(name: &str, bytes: &[u8]) -> String {
    let digest = short_digest(bytes);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{digest}.{ending}"),
        None => format!("{name}.{digest}"),
    }
}

fn short_digest(bytes: &[u8]) -> String {
    digest(bytes).chars().take(16).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("reading {}", path.display()))
}
