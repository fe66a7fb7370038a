//! The data folder: there, and nobody else's business.
use super::Finding;
use std::{
    fs, io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

const ABOUT: &str = "data folder";

pub(super) fn examine(folder: &Path) -> Vec<Finding> {
    let shown = folder.display();
    let metadata = match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => metadata,
        Ok(_) => {
            let says = format!("{shown} is not a folder");
            return vec![Finding::bad(ABOUT, says, "set data_dir to a folder")];
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let says = format!("{shown} is not there yet");
            let advice = "the first start of the server makes it; if there was one, check data_dir";
            return vec![Finding::note(ABOUT, says, advice)];
        }
        Err(error) => {
            let advice = "start doctor as root, or as the server's account";
            return vec![Finding::bad(ABOUT, format!("{shown}: {error}"), advice)];
        }
    };
    let mut found = Vec::new();
    if metadata.permissions().mode() & 0o077 != 0 {
        let says = format!(
            "others may look into {shown} (mode {:o})",
            metadata.permissions().mode() & 0o777
        );
        found.push(Finding::bad(ABOUT, says, format!("chmod 700 {shown}")));
    }
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries.flatten() {
                found.extend(file(&entry.path(), metadata.uid()));
            }
        }
        Err(error) => {
            let advice = "start doctor as root, or as the server's account";
            found.push(Finding::bad(ABOUT, format!("{shown}: {error}"), advice));
        }
    }
    if found.is_empty() {
        found.push(Finding::good(ABOUT, format!("{shown}, for its owner only")));
    }
    found
}

/// What is wrong with one file of the folder.
fn file(path: &Path, owner: u32) -> Option<Finding> {
    // A side file of the database may be gone by now.
    let metadata = fs::symlink_metadata(path).ok()?;
    let shown = path.display();
    if metadata.uid() != owner {
        let says = format!(
            "{shown} belongs to another account than the folder: the server may not be able to use it"
        );
        let advice = format!("chown --reference={} {shown}", path.parent()?.display());
        return Some(Finding::bad(ABOUT, says, advice));
    }
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() && mode & 0o077 != 0 {
        let says = format!("others may read {shown} (mode {mode:o})");
        let advice = format!(
            "chmod 600 {shown}; if others have accounts on this machine, replace the hosts' credentials"
        );
        return Some(Finding::bad(ABOUT, says, advice));
    }
    None
}
