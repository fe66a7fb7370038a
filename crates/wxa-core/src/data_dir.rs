//! The data folder: who may work on it, and where the files in it are.
use crate::{StartError, seal::SealingKey};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use wxa_store::Store;

/// Under which name the database keeps what tells its sealing key from any other.
const KEY_CHECK: &str = "sealing_key_check";

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

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("webxenadmin.db")
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
