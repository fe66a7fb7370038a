//! `public/`: files of ours that browsers get as they are.

use std::path::PathBuf;

use anyhow::Result;

use super::stamp::files;
use crate::project::Project;

/// Each file of `public/` with its name there.
///
/// # Errors
/// When the folder can't be read.
pub fn list(project: &Project) -> Result<Vec<(String, PathBuf)>> {
    let top = project.path("public");
    if !top.exists() {
        return Ok(Vec::new());
    }
    let named = files(&top)?.into_iter().filter_map(|path| {
        let name = path.strip_prefix(&top).ok()?.to_string_lossy().into_owned();
        // Editors' and git's own files are not for browsers.
        (!name.split('/').any(|part| part.starts_with('.'))).then_some((name, path))
    });
    Ok(named.collect())
}
