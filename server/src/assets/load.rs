//! Finding the site: inside the program, or in a folder that is read at start.
use super::{Asset, Lasts, Site, embedded};
use bytes::Bytes;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
};

const MANIFEST: &str = "/manifest.json";

/// Why the site cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// There is no build.
    #[error("there is no {0}: pages come without WebAssembly until `cargo xtask build` has run")]
    NotBuilt(PathBuf),
    /// The manifest makes no sense.
    #[error("{0} cannot be read: {1}")]
    Manifest(PathBuf, serde_json::Error),
    /// A file cannot be read.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
}

#[derive(Deserialize)]
struct Manifest {
    build: String,
    files: BTreeMap<String, String>,
}

impl Site {
    /// The site in `dir` where that is said; else what is inside the program; else, in a build without it, what lies where
    /// `cargo xtask build` leaves it.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub fn find(dir: Option<&Path>) -> Result<Self, SiteError> {
        match dir {
            Some(dir) => Self::load(dir),
            None if embedded::FILES.is_empty() => Self::load(&usual_dir()),
            None => Self::embedded(),
        }
    }

    /// Whether a site is inside the program.
    pub fn is_embedded() -> bool {
        !embedded::FILES.is_empty()
    }

    fn embedded() -> Result<Self, SiteError> {
        let files = embedded::FILES.iter();
        let bodies = files.map(|(address, body)| ((*address).to_owned(), Bytes::from_static(body)));
        Self::from_bodies(&PathBuf::from("the program itself"), bodies.collect())
    }

    /// Reads everything below `dir`: nothing is looked up on disk later, so no path leads out of it.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub fn load(dir: &Path) -> Result<Self, SiteError> {
        let mut bodies = HashMap::new();
        let path = dir.join("manifest.json");
        if !path.exists() {
            return Err(SiteError::NotBuilt(path));
        }
        collect(dir, "", &mut bodies)?;
        Self::from_bodies(&path, bodies)
    }

    /// From the files by address. Of packed files the plain one may be missing.
    fn from_bodies(from: &Path, mut bodies: HashMap<String, Bytes>) -> Result<Self, SiteError> {
        let manifest = bodies.remove(MANIFEST).unwrap_or_default();
        // Brotli and gzip variants of the manifest itself.
        bodies.retain(|address, _| !address.starts_with(MANIFEST));
        let manifest: Manifest =
            serde_json::from_slice(&manifest).map_err(|error| SiteError::Manifest(from.to_owned(), error))?;
        let mut served: HashMap<String, Asset> = HashMap::new();
        for (address, body) in bodies {
            let (plain, packing) = match (address.strip_suffix(".br"), address.strip_suffix(".gz")) {
                (Some(plain), _) => (plain, Packed::Br),
                (_, Some(plain)) => (plain, Packed::Gz),
                _ => (address.as_str(), Packed::Not),
            };
            let asset = served
                .entry(plain.to_owned())
                .or_insert_with(|| Asset::new(plain, &manifest.build));
            match packing {
                Packed::Br => asset.br = Some(body),
                Packed::Gz => asset.gz = Some(body),
                Packed::Not => asset.plain = Some(body),
            }
        }
        Ok(Self {
            build: manifest.build,
            files: manifest.files,
            served,
        })
    }
}

enum Packed {
    Br,
    Gz,
    Not,
}

impl Asset {
    /// A file of a build, without any body yet.
    fn new(address: &str, build: &str) -> Self {
        Self {
            content_type: content_type(address),
            // The build's name is a digest over all files: with it nothing has to be read to know that a file is the same.
            etag: format!("\"{build}\""),
            lasts: if address.starts_with("/assets/") {
                Lasts::Forever
            } else {
                Lasts::Checked
            },
            plain: None,
            br: None,
            gz: None,
        }
    }
}

/// `target/site` in a work tree, else `site` beside the program.
fn usual_dir() -> PathBuf {
    let in_work_tree = Path::new("target/site");
    if in_work_tree.is_dir() {
        return in_work_tree.to_owned();
    }
    let program = std::env::current_exe().ok();
    program
        .as_deref()
        .and_then(Path::parent)
        .map_or_else(|| in_work_tree.to_owned(), |folder| folder.join("site"))
}

fn collect(dir: &Path, prefix: &str, into: &mut HashMap<String, Bytes>) -> Result<(), SiteError> {
    let failed = |error| SiteError::Io(dir.to_owned(), error);
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let address = format!("{prefix}/{name}");
        if path.is_dir() {
            collect(&path, &address, into)?;
        } else {
            let body = fs::read(&path).map_err(|error| SiteError::Io(path.clone(), error))?;
            into.insert(address, body.into());
        }
    }
    Ok(())
}

fn content_type(address: &str) -> String {
    let guess = mime_guess::from_path(address).first_or_octet_stream();
    let is_text = guess.type_() == mime_guess::mime::TEXT || guess.subtype() == mime_guess::mime::JAVASCRIPT;
    if is_text {
        format!("{guess}; charset=utf-8")
    } else {
        guess.to_string()
    }
}
