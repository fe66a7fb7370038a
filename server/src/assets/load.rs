//! Reading the site's folder at start.
use super::{Asset, Lasts, Site};
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
};

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
    #[serde(default)]
    imports: BTreeMap<String, String>,
}

impl Site {
    /// Reads everything below `dir`: nothing is looked up on disk later, so no path leads out of it.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub fn load(dir: &Path) -> Result<Self, SiteError> {
        let path = dir.join("manifest.json");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SiteError::NotBuilt(path)),
            other => other.map_err(|error| SiteError::Io(path.clone(), error))?,
        };
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|error| SiteError::Manifest(path, error))?;
        let mut bodies = HashMap::new();
        collect(dir, "", &mut bodies)?;
        bodies.remove("/manifest.json");
        let packed = |address: &str, ending: &str| bodies.get(&format!("{address}.{ending}")).cloned();
        let is_packed = |address: &str| {
            let plain = address
                .strip_suffix(".br")
                .or_else(|| address.strip_suffix(".gz"));
            plain.is_some_and(|plain| bodies.contains_key(plain))
        };
        let served = bodies
            .iter()
            .filter(|(address, _)| !is_packed(address))
            .map(|(address, plain)| {
                let asset = Asset {
                    content_type: content_type(address),
                    etag: etag(plain),
                    lasts: if address.starts_with("/assets/") {
                        Lasts::Forever
                    } else {
                        Lasts::Checked
                    },
                    plain: plain.clone(),
                    br: packed(address, "br"),
                    gz: packed(address, "gz"),
                };
                (address.clone(), asset)
            })
            .collect();
        Ok(Self {
            build: manifest.build,
            files: manifest.files,
            imports: manifest.imports,
            served,
        })
    }
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

fn etag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{short}\"")
}
