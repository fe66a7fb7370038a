//! Why a backup could not be made or restored. Each message is for an administrator and says what to do.
use crate::StartError;
use std::{io, path::Path, path::PathBuf};

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The operation itself was refused.
    #[error(transparent)]
    Core(#[from] crate::Error),
    /// Nothing is overwritten.
    #[error("{0} is there already: choose another name")]
    Exists(PathBuf),
    /// A file or folder cannot be used.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something else.
    #[error("{0} is no backup of this program")]
    NotABackup(PathBuf),
    /// Its end is missing.
    #[error("the backup {0} is incomplete, its end is missing: copy it again from where it was made")]
    Truncated(PathBuf),
    /// It is not what was written.
    #[error("the backup {0} is damaged, its checksum does not fit: copy it again, or take another one")]
    Damaged(PathBuf),
    /// A newer program made it.
    #[error(
        "the backup {path} was made by a newer version of this program ({program}): restore it with that version"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version.
        program: String,
    },
    /// It is sealed, and no passphrase was given.
    #[error("the backup {0} is sealed with a passphrase: give it")]
    PassphraseNeeded(PathBuf),
    /// Another passphrase sealed it.
    #[error("the passphrase does not fit the backup {0}: nothing was changed, try again")]
    WrongPassphrase(PathBuf),
    /// The folder is in use for something.
    #[error(
        "the data folder {0} is not empty: choose another one, or say --replace to put what is in it aside"
    )]
    NotEmpty(PathBuf),
    /// Folder, database or key of the backup or of the target cannot be used.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database in the backup is damaged.
    #[error("the database in the backup is damaged ({0}): take another backup")]
    Unsound(String),
}

impl BackupError {
    /// For what went wrong at `path`.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

impl From<wxa_store::Error> for BackupError {
    fn from(error: wxa_store::Error) -> Self {
        Self::Start(error.into())
    }
}
