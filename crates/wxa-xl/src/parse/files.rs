//! The list of definition files, and their contents.
use std::collections::BTreeMap;

/// A file of the folder, as `find` told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Absolute path.
    pub path: String,
    /// Device and inode: the same for a link and what it points to.
    pub inode: String,
    /// When it was last changed, as told.
    pub changed: String,
    /// Bytes.
    pub size: u64,
}

/// Definitions and which of them start with the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The definitions, by path.
    pub definitions: BTreeMap<String, Found>,
    /// Paths of those that the `auto` folder names.
    pub autostart: Vec<String>,
}

/// Parses what `find -L DIR DIR/auto -maxdepth 1 -type f -printf '%D:%i %T@ %s %p\0'` prints. Paths that are no UTF-8
/// are left out: nothing could be done with them.
pub fn listing(bytes: &[u8], dir: &str) -> Listing {
    let dir = dir.trim_end_matches('/');
    let auto = format!("{dir}/auto/");
    let mut listing = Listing::default();
    let mut started: Vec<Found> = Vec::new();
    for found in bytes.split(|b| *b == 0).filter_map(found) {
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
    listing
}

fn found(record: &[u8]) -> Option<Found> {
    let record = std::str::from_utf8(record).ok()?;
    let mut parts = record.splitn(4, ' ');
    Some(Found {
        inode: parts.next()?.to_owned(),
        changed: parts.next()?.to_owned(),
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
        let bytes = b"800:12 17.5 210 /etc/xen/web 1.cfg\x00800:13 17.5 300 /etc/xen/db.cfg\x00800:14 1 9 /etc/xen/xl.conf\x00\
            800:12 17.5 210 /etc/xen/auto/10-web\x00800:20 17 1 /etc/xen/auto/db.cfg\x00800:15 1 9 /etc/xen/scripts/x.cfg\x00";
        let listing = listing(bytes, "/etc/xen/");
        let paths: Vec<_> = listing.definitions.keys().cloned().collect();
        assert_eq!(paths, ["/etc/xen/db.cfg", "/etc/xen/web 1.cfg"]);
        assert_eq!(listing.autostart, paths);
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
