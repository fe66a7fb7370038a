//! The note about the journal's end, kept beside the database: whoever cuts off the end of the log is given away by it.
//!
//! The note is sealed, so it cannot be written by whoever has the files but not the key. Once something was found to
//! be wrong it stays as it is, so that the finding does not go away with the next row; an administrator at the command
//! line accepts what is there (`audit accept`).
use crate::data_dir;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use wxa_store::{ChainHead, ChainKey, ChainSince};

/// The note. Writing it never fails an act: what it could not write is logged, and noted with the next row.
#[derive(Debug)]
pub(crate) struct HeadNote {
    path: PathBuf,
    key: ChainKey,
    state: Mutex<State>,
}

/// What the note says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    /// From where on the journal is checked.
    pub since: ChainSince,
    /// The journal's end; none when there is no note yet.
    pub head: Option<ChainHead>,
    /// The note was there and is not one of ours.
    pub is_forged: bool,
}

#[derive(Debug)]
struct State {
    noted: Noted,
    /// Something is wrong: nothing is noted any more.
    is_frozen: bool,
}

impl HeadNote {
    /// Reads the note at `path`, or begins a new one.
    ///
    /// # Errors
    /// When there is a file that cannot be read.
    pub(crate) fn open(path: PathBuf, key: ChainKey) -> io::Result<Self> {
        let text = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Some(String::new()),
            Err(error) => return Err(error),
        };
        let read = text.as_deref().map(|text| read(text, &key));
        let is_forged = matches!(read, Some(None));
        let (since, head) = match read.flatten() {
            Some((since, head)) => (since, Some(head)),
            None => (ChainSince::START, None),
        };
        Ok(Self {
            path,
            key,
            state: Mutex::new(State {
                noted: Noted {
                    since,
                    head,
                    is_forged,
                },
                is_frozen: is_forged,
            }),
        })
    }

    pub(super) fn noted(&self) -> Noted {
        self.state().noted
    }

    /// The journal's end as it was noted.
    pub(crate) fn head(&self) -> Option<ChainHead> {
        self.noted().head
    }

    /// Notes the journal's new end.
    pub(crate) fn note(&self, head: ChainHead) {
        let mut state = self.state();
        let is_older = state.noted.head.is_some_and(|noted| noted.n >= head.n);
        if !state.is_frozen && !is_older {
            state.noted.head = Some(head);
            self.write(&state.noted.since, &head);
        }
    }

    /// Leaves the note as it is from now on.
    pub(crate) fn freeze(&self) {
        self.state().is_frozen = true;
    }

    /// What is there now is taken as it is, and noted again.
    pub(super) fn accept(&self, since: ChainSince) {
        let mut state = self.state();
        state.noted = Noted {
            since,
            head: Some(since.link),
            is_forged: false,
        };
        state.is_frozen = false;
        self.write(&since, &since.link);
    }

    fn write(&self, since: &ChainSince, head: &ChainHead) {
        let text = written(since, head, &self.key);
        if let Err(error) = replace(&self.path, &text) {
            tracing::warn!(path = %self.path.display(), %error, "the journal's end could not be noted");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn written(since: &ChainSince, head: &ChainHead, key: &ChainKey) -> String {
    let said = format!("since {} {}\nhead {head}\n", since.row, since.link);
    let seal = ChainHead {
        n: head.n,
        mac: key.seal(&[b"note", said.as_bytes()]),
    };
    format!("{said}seal {seal}\n")
}

/// What a note of ours says; none for any other text.
fn read(text: &str, key: &ChainKey) -> Option<(ChainSince, ChainHead)> {
    let mut lines = text.lines();
    let (row, link) = lines.next()?.strip_prefix("since ")?.split_once(' ')?;
    let since = ChainSince {
        link: link.parse().ok()?,
        row: row.parse().ok()?,
    };
    let head = lines.next()?.strip_prefix("head ")?.parse().ok()?;
    (text == written(&since, &head, key)).then_some((since, head))
}

/// Replaces the file in one go, for the folder's owner only: what root notes here must not lock the server's account out.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())?;
    if let Some(folder) = path.parent() {
        data_dir::give(&draft, &fs::metadata(folder)?)?;
    }
    fs::rename(&draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, chown};

    fn head(n: u64) -> ChainHead {
        ChainHead {
            n,
            mac: [u8::try_from(n).unwrap(); 32],
        }
    }

    #[test]
    fn a_note_is_read_again_and_never_goes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.head");
        let open = || HeadNote::open(path.clone(), ChainKey::new([7; 32])).unwrap();
        assert_eq!(open().head(), None);
        let note = open();
        note.note(head(3));
        note.note(head(2));
        assert_eq!(open().head(), Some(head(3)));
        note.freeze();
        note.note(head(9));
        assert_eq!(open().head(), Some(head(3)), "a frozen note stays");
        note.accept(ChainSince {
            link: head(2),
            row: 1,
        });
        note.note(head(4));
        let again = open().noted();
        assert_eq!(
            (again.head, again.since.link, again.since.row),
            (Some(head(4)), head(2), 1)
        );
    }

    #[test]
    fn a_note_that_root_makes_is_the_folders_owners() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.head");
        // Whoever is not root has no other account to give the folder to, and nothing to give.
        let _ = chown(folder.path(), Some(12345), Some(12345));
        let note = HeadNote::open(path.clone(), ChainKey::new([7; 32])).unwrap();
        note.note(head(3));
        let owner = |path: &Path| fs::metadata(path).map(|file| (file.uid(), file.gid())).unwrap();
        assert_eq!(owner(&path), owner(folder.path()));
    }

    #[test]
    fn a_note_that_was_changed_or_sealed_by_others_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.head");
        let with = |key| HeadNote::open(path.clone(), ChainKey::new([key; 32])).unwrap();
        with(7).note(head(3));
        assert!(!with(7).noted().is_forged);
        assert!(with(8).noted().is_forged, "another key");
        for text in [
            "".to_owned(),
            "nonsense".into(),
            fs::read_to_string(&path).unwrap().replace("head 3", "head 2"),
        ] {
            fs::write(&path, text).unwrap();
            let note = with(7);
            assert!(note.noted().is_forged);
            note.note(head(9));
            assert!(with(7).noted().is_forged, "it is not covered up");
        }
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(with(7).noted().is_forged);
    }
}
