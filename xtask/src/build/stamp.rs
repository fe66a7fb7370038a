//! Knowing whether a step has to be done: its inputs' digest beside what it made.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// What a step would make, and from what.
pub struct Stamp {
    /// The file or folder that the step makes.
    pub made: PathBuf,
    file: PathBuf,
    want: String,
}

impl Stamp {
    /// A step that makes `made` from `inputs` (files, or folders with all that is in them) in the manner of `how`.
    ///
    /// # Errors
    /// When an input can't be read.
    pub fn new(made: PathBuf, inputs: &[PathBuf], how: &str) -> Result<Stamp> {
        let mut all = Sha256::new();
        all.update(how);
        for input in inputs {
            for file in files(input)? {
                let bytes = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
                all.update(
                    file.strip_prefix(input)
                        .unwrap_or(&file)
                        .to_string_lossy()
                        .as_bytes(),
                );
                all.update(bytes.len().to_le_bytes());
                all.update(&bytes);
            }
        }
        let mut file = made.clone().into_os_string();
        file.push(".stamp");
        Ok(Stamp {
            made,
            file: file.into(),
            want: hex(&all.finalize()),
        })
    }

    /// Whether the step was done with exactly these inputs.
    pub fn is_fresh(&self) -> bool {
        self.made.exists() && std::fs::read_to_string(&self.file).is_ok_and(|have| have == self.want)
    }

    /// Notes that the step is done.
    ///
    /// # Errors
    /// When the note can't be written.
    pub fn set(&self) -> Result<()> {
        std::fs::write(&self.file, &self.want).with_context(|| format!("writing {}", self.file.display()))
    }
}

/// All files below `path`, or `path` itself when it is one; sorted, so that a digest over them is the same everywhere.
///
/// # Errors
/// When something can't be read.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left = vec![path.to_path_buf()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))? {
                left.push(
                    entry
                        .with_context(|| format!("reading {}", path.display()))?
                        .path(),
                );
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
