//! The host's files: definitions, logs and the few others that are looked at. Folders exist because files are in them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A log that grows beyond this is put aside as `NAME.1`, as logrotate would do.
const ROTATE_AT: usize = 2 << 20;

/// One regular file.
#[derive(Debug, Clone)]
pub(crate) struct SimFile {
    pub(crate) content: Vec<u8>,
    /// Time since the host was started in the simulation.
    pub(crate) modified: Duration,
    /// The same for its content or its mode.
    pub(crate) changed: Duration,
    /// Changes when the file is replaced, which is how `tail -F` notices.
    pub(crate) inode: u64,
    /// Permission bits. Without any, not even root can read it, as on a network file system.
    pub(crate) mode: u32,
}

/// All files, symbolic links and empty folders.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: BTreeMap<String, SimFile>,
    links: BTreeMap<String, String>,
    folders: BTreeSet<String>,
    inodes: u64,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
}

impl Files {
    /// Creates or replaces a file.
    pub(crate) fn write(&mut self, path: &str, content: impl Into<Vec<u8>>, now: Duration) {
        self.inodes += 1;
        let mode = if path.starts_with("/var/log/xen/console/") {
            0o640
        } else {
            0o644
        };
        let file = SimFile {
            content: content.into(),
            modified: now,
            changed: now,
            inode: self.inodes + 260_000,
            mode,
        };
        self.files.insert(path.to_owned(), file);
    }

    /// Appends, making the file when needed and putting it aside when it got big.
    pub(crate) fn append(&mut self, path: &str, bytes: &[u8], now: Duration) {
        if self
            .files
            .get(path)
            .is_some_and(|file| file.content.len() + bytes.len() > ROTATE_AT)
            && let Some(old) = self.files.remove(path)
        {
            self.files.insert(format!("{path}.1"), old);
        }
        if !self.files.contains_key(path) {
            self.write(path, Vec::new(), now);
        }
        if let Some(file) = self.files.get_mut(path) {
            file.content.extend_from_slice(bytes);
            (file.modified, file.changed) = (now, now);
        }
    }

    /// Sets permission bits; false when there is no such file.
    pub(crate) fn set_mode(&mut self, path: &str, mode: u32, now: Duration) -> bool {
        let file = self.files.get_mut(path);
        file.map(|file| (file.mode, file.changed) = (mode, now)).is_some()
    }

    /// Gives a file another name; false when there is none.
    pub(crate) fn rename(&mut self, from: &str, to: &str, now: Duration) -> bool {
        let file = self
            .files
            .remove(from)
            .map(|file| SimFile { changed: now, ..file });
        file.map(|file| self.files.insert(to.to_owned(), file)).is_some()
    }

    /// Copies a file, its mode too; false when there is none.
    pub(crate) fn copy(&mut self, from: &str, to: &str, now: Duration) -> bool {
        let Some((content, mode)) = self.get(from).map(|file| (file.content.clone(), file.mode)) else {
            return false;
        };
        self.write(to, content, now);
        self.set_mode(to, mode, now)
    }

    /// Makes a folder that may stay empty.
    pub(crate) fn make_folder(&mut self, path: &str) {
        self.folders.insert(path.to_owned());
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&mut self, path: &str, target: &str) {
        self.links.insert(path.to_owned(), target.to_owned());
    }

    /// Removes a file or a link.
    pub(crate) fn remove(&mut self, path: &str) -> bool {
        self.links.remove(path).is_some() || self.files.remove(path).is_some()
    }

    /// Where a link points to, as an absolute path; other paths unchanged.
    pub(crate) fn resolve(&self, path: &str) -> String {
        match self.links.get(path) {
            Some(target) if target.starts_with('/') => target.clone(),
            Some(target) => clean(&format!("{}/../{target}", path)),
            None => path.to_owned(),
        }
    }

    /// The file at a path, links followed once.
    pub(crate) fn get(&self, path: &str) -> Option<&SimFile> {
        self.files
            .get(path)
            .or_else(|| self.files.get(&self.resolve(path)))
    }

    /// What is at a path, links not followed.
    pub(crate) fn kind(&self, path: &str) -> Option<Kind> {
        if self.links.contains_key(path) {
            return Some(Kind::Link);
        }
        if self.files.contains_key(path) {
            return Some(Kind::File);
        }
        let below = if path == "/" {
            "/".to_owned()
        } else {
            format!("{path}/")
        };
        let inside = |node: &String| node.starts_with(&below);
        let folder = self.folders.contains(path)
            || self.folders.range(below.clone()..).next().is_some_and(inside)
            || self
                .links
                .range(below.clone()..)
                .next()
                .is_some_and(|(node, _)| inside(node))
            || self
                .files
                .range(below.clone()..)
                .next()
                .is_some_and(|(node, _)| inside(node));
        folder.then_some(Kind::Folder)
    }

    /// The names directly in a folder, sorted.
    pub(crate) fn names_in(&self, folder: &str) -> Vec<String> {
        let prefix = if folder == "/" {
            "/".to_owned()
        } else {
            format!("{folder}/")
        };
        let all = self.files.keys().chain(self.links.keys()).chain(&self.folders);
        let names: BTreeSet<String> = all
            .filter_map(|path| path.strip_prefix(&prefix))
            .filter_map(|rest| rest.split('/').next())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        names.into_iter().collect()
    }
}

/// Resolves `.`, `..` and doubled slashes of an absolute path.
pub(crate) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("/{}", parts.join("/"))
}
