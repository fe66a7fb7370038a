//! The data folder: who may work on it, and where the files in it are.
use crate::{StartError, seal::SealingKey};
use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown},
    path::{Path, PathBuf},
};
use wxa_store::{Examined, Store};

/// Under which name the database keeps what tells its sealing key from any other.
const KEY_CHECK: &str = "sealing_key_check";
/// The note about the end of the audit log's journal.
pub(crate) const AUDIT_HEAD: &str = "audit.head";

/// Whether the sealing key in `folder` is the one of the database there, which was examined. Changes nothing.
///
/// # Errors
/// [`StartError`]: what a server would say.
pub fn check_sealing_key(folder: &Path, database: &Examined) -> Result<(), StartError> {
    let path = folder.join("sealing.key");
    let key = SealingKey::load(&path)?;
    let is_used = database.rows("host") > 0;
    match (key, database.meta.get(KEY_CHECK)) {
        (None, Some(_)) if is_used => Err(StartError::KeyMissing { path }),
        (Some(key), Some(known)) if is_used && key.check_value() != *known => {
            Err(StartError::KeyWrong { path })
        }
        _ => Ok(()),
    }
}

/// Gives a file to `owner`, where it is not theirs.
pub(crate) fn give(path: &Path, owner: &Metadata) -> io::Result<()> {
    let given = fs::symlink_metadata(path).and_then(|file| {
        if (file.uid(), file.gid()) == (owner.uid(), owner.gid()) {
            return Ok(());
        }
        chown(path, Some(owner.uid()), Some(owner.gid()))
    });
    match given {
        // Only root can give, and a side file of the database may be gone by now.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::NotFound
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// The data folder. Holds the lock, once taken, until dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    /// Closing it is what gives the folder back.
    _lock: Option<File>,
}

impl DataDir {
    /// Finds the folder, or makes it for the owner only.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .and_then(|()| fs::canonicalize(path))
            .map(|path| Self { path, _lock: None })
            .map_err(|source| StartError::Folder {
                path: path.to_owned(),
                source,
            })
    }

    /// Takes the folder for this process; the operating system gives it back however the process ends.
    pub(crate) fn lock(self) -> Result<Self, StartError> {
        let folder = |source: io::Error| StartError::Folder {
            path: self.path.clone(),
            source,
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(self.path.join("lock"))
            .map_err(folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                path: self.path,
                _lock: Some(file),
            }),
            Err(TryLockError::WouldBlock) => Err(StartError::AlreadyRunning { path: self.path }),
            Err(TryLockError::Error(source)) => Err(folder(source)),
        }
    }

    /// Gives what is in the folder to the folder's owner: what root does here must not lock the server's account out.
    pub(crate) fn give_to_owner(&self) -> io::Result<()> {
        let owner = fs::metadata(&self.path)?;
        for entry in fs::read_dir(&self.path)? {
            give(&entry?.path(), &owner)?;
        }
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("webxenadmin.db")
    }

    /// Measurements over time.
    pub(crate) fn metrics(&self) -> PathBuf {
        self.path.join("metrics.db")
    }

    /// What consoles printed.
    pub(crate) fn consoles(&self) -> PathBuf {
        self.path.join("consoles.db")
    }

    /// Where the end of the audit log's journal is noted.
    pub(crate) fn audit_head(&self) -> PathBuf {
        self.path.join(AUDIT_HEAD)
    }

    /// The sealing key that belongs to the database: made on the very first start, found on all others.
    pub(crate) async fn sealing_key(&self, store: &Store) -> Result<SealingKey, StartError> {
        let path = self.path.join("sealing.key");
        let known = store.meta_get(KEY_CHECK).await?;
        let key = match SealingKey::load(&path)? {
            Some(key) => key,
            None if known.is_some() && !store.host_list().await?.is_empty() => {
                return Err(StartError::KeyMissing { path });
            }
            None => SealingKey::create(&path)?,
        };
        let check = key.check_value();
        match known {
            Some(known) if known == check => {}
            Some(_) if !store.host_list().await?.is_empty() => return Err(StartError::KeyWrong { path }),
            // Nothing is sealed yet: any key will do.
            _ => store.meta_set(KEY_CHECK, &check).await?,
        }
        Ok(key)
    }
}
