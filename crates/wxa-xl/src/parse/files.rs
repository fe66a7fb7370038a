//! The list of definition files, and their contents.
use std::collections::BTreeMap;

/// A file of the folder, as `find` told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Absolute path.
    pub path: String,
    /// Device and inode: the same for a link and what it points to.
    pub inode: String,
    /// When its content or its rights were last changed, as told; empty where it has to be read again in any case.
    pub changed: String,
    /// What it is.
    pub kind: Kind,
    /// Bytes.
    pub size: u64,
}

/// What a name in a folder stands for, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link to nothing.
    DeadLink,
    /// A socket, a device or a pipe: reading it may take for ever.
    Special,
}

impl Kind {
    /// As `find -L -printf %y` tells it.
    fn of(letter: &str) -> Self {
        match letter {
            "f" => Self::File,
            "d" => Self::Folder,
            "l" | "N" | "L" | "?" => Self::DeadLink,
            _ => Self::Special,
        }
    }

    /// Why it is no definition.
    pub fn problem(self) -> Option<&'static str> {
        match self {
            Self::File => None,
            Self::Folder => Some("it is a folder, not a file"),
            Self::DeadLink => Some("it is a link to a file that is not there"),
            Self::Special => Some("it is not an ordinary file"),
        }
    }
}

/// Definitions and which of them start with the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The definitions, by path.
    pub definitions: BTreeMap<String, Found>,
    /// Paths of those that the `auto` folder names.
    pub autostart: Vec<String>,
}

/// Parses what `find -L DIR DIR/auto -maxdepth 1 -printf '%D:%i %C@ %y %s %p\0'` prints; none when it is something else,
/// or breaks off. Paths that are no UTF-8 are left out: nothing could be done with them.
pub fn listing(bytes: &[u8], dir: &str) -> Option<Listing> {
    let dir = dir.trim_end_matches('/');
    let auto = format!("{dir}/auto/");
    let mut listing = Listing::default();
    let mut started: Vec<Found> = Vec::new();
    let records = match bytes {
        [] => bytes,
        _ => bytes.strip_suffix(b"\0")?,
    };
    for record in records.split(|b| *b == 0).filter(|record| !record.is_empty()) {
        let Ok(record) = std::str::from_utf8(record) else {
            continue;
        };
        let found = found(record)?;
        if found
            .path
            .strip_prefix(&auto)
            .is_some_and(|name| !name.contains('/'))
        {
            started.push(found);
        } else if let Some(name) = found
            .path
            .strip_prefix(dir)
            .and_then(|rest| rest.strip_prefix('/'))
            && !name.contains('/')
            && name.len() > ".cfg".len()
            && name.ends_with(".cfg")
        {
            listing.definitions.insert(found.path.clone(), found);
        }
    }
    let named = |found: &Found| {
        found
            .path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".cfg")
            .to_owned()
    };
    listing.autostart = listing
        .definitions
        .values()
        .filter(|definition| {
            started
                .iter()
                .any(|auto| auto.inode == definition.inode || named(auto) == named(definition))
        })
        .map(|definition| definition.path.clone())
        .collect();
    Some(listing)
}

fn found(record: &str) -> Option<Found> {
    let mut parts = record.splitn(5, ' ');
    Some(Found {
        inode: parts.next()?.to_owned(),
        changed: parts.next()?.to_owned(),
        kind: Kind::of(parts.next()?),
        size: parts.next()?.parse().ok()?,
        path: parts.next().filter(|path| path.starts_with('/'))?.to_owned(),
    })
}

/// Splits what `head -v -c … -- PATHS` prints into one text per path, in that order; a path that could not be read
/// has none.
pub fn contents<'a>(output: &'a [u8], paths: &[String]) -> Vec<Option<&'a [u8]>> {
    // Where each file's header begins and its text starts. Files come in the order they were asked for.
    let mut starts: Vec<Option<(usize, usize)>> = Vec::with_capacity(paths.len());
    let mut at = 0;
    for path in paths {
        let header = format!("==> {path} <==\n");
        let rest = output.get(at..).unwrap_or_default();
        let place = if at == 0 && rest.starts_with(header.as_bytes()) {
            Some((0, header.len()))
        } else {
            // Between two files stands an empty line.
            let header = format!("\n{header}");
            find(rest, header.as_bytes()).map(|i| (at + i, at + i + header.len()))
        };
        if let Some((_, text)) = place {
            at = text.saturating_sub(1);
        }
        starts.push(place);
    }
    (0..paths.len())
        .map(|i| {
            let (_, text) = (*starts.get(i)?)?;
            let end = starts
                .iter()
                .skip(i + 1)
                .find_map(|next| next.map(|(header, _)| header))
                .unwrap_or(output.len());
            output.get(text..end.max(text))
        })
        .collect()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len().max(1))
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn definitions_and_autostart_are_found() {
        let bytes = b"800:1 1 d 9 /etc/xen\x00800:12 17.5 f 210 /etc/xen/web 1.cfg\x00800:13 17.5 f 300 /etc/xen/db.cfg\x00800:14 1 f 9 /etc/xen/xl.conf\x00\
            800:12 17.5 f 210 /etc/xen/auto/10-web\x00800:20 17 f 1 /etc/xen/auto/db.cfg\x00800:15 1 f 9 /etc/xen/scripts/x.cfg\x00";
        let listing = listing(bytes, "/etc/xen/").unwrap();
        let paths: Vec<_> = listing.definitions.keys().cloned().collect();
        assert_eq!(paths, ["/etc/xen/db.cfg", "/etc/xen/web 1.cfg"]);
        assert_eq!(listing.autostart, paths);
    }

    #[test]
    fn what_is_no_file_is_told_and_what_is_no_list_is_none() {
        let bytes = b"1:1 1 d 9 /etc/xen/a.cfg\x001:2 1 l 9 /etc/xen/b.cfg\x001:3 1 p 0 /etc/xen/c.cfg\x001:4 1 f 9 /etc/xen/\xff.cfg\0";
        let kinds: Vec<Kind> = listing(bytes, "/etc/xen")
            .unwrap()
            .definitions
            .into_values()
            .map(|found| found.kind)
            .collect();
        assert_eq!(kinds, [Kind::Folder, Kind::DeadLink, Kind::Special]);
        assert_eq!(listing(&bytes[..bytes.len() - 3], "/etc/xen"), None);
        assert_eq!(listing(b"find: what?\0", "/etc/xen"), None);
        assert_eq!(listing(b"", "/etc/xen"), Some(Listing::default()));
    }

    #[test]
    fn files_are_told_apart_even_when_one_is_missing() {
        let paths: Vec<String> = ["/a.cfg", "/gone.cfg", "/b.cfg"].map(String::from).to_vec();
        let texts = contents(b"==> /a.cfg <==\nname='a'\n\n==> /b.cfg <==\nname='b'\n", &paths);
        assert_eq!(texts, [Some(&b"name='a'\n"[..]), None, Some(&b"name='b'\n"[..])]);
    }

    #[test]
    fn empty_files_are_empty() {
        let paths: Vec<String> = ["/a.cfg", "/b.cfg"].map(String::from).to_vec();
        let texts = contents(b"==> /a.cfg <==\n\n==> /b.cfg <==\n", &paths);
        assert_eq!(texts, [Some(&b""[..]), Some(&b""[..])]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), path in "/[a\n=> <]{0,6}") {
            listing(&bytes, "/etc/xen");
            contents(&bytes, &[path.clone(), path]);
        }
    }
}
