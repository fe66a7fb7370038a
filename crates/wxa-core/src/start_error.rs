//! Why core could not start. Each message is for an administrator and says what to do.
use std::{io, path::PathBuf};

/// Why it could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error(
        "the data folder {path} cannot be used ({source}): create it, or give the server's account access"
    )]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another server works on this folder.
    #[error("another server is running on the data folder {path}: stop it first, or choose another folder")]
    AlreadyRunning {
        /// Which.
        path: PathBuf,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] wxa_store::OpenError),
    /// The database was opened but does not answer.
    #[error("the database does not work: {0}")]
    Store(#[from] wxa_store::Error),
    /// The sealing key can be read by others.
    #[error(
        "the key file {path} can be read by others (mode {mode:o}): whoever read it can read the credentials of \
         your hosts. Run `chmod 600 {path}`, and replace the credentials if others have accounts on this machine"
    )]
    KeyReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The sealing key is gone while something is sealed with it.
    #[error(
        "the key file {path} is missing, but the database holds credentials that were sealed with it: restore it \
         from a backup, or move the database away and add the hosts anew"
    )]
    KeyMissing {
        /// The file.
        path: PathBuf,
    },
    /// The sealing key is not the one that was used with this database.
    #[error(
        "the key file {path} does not belong to this database: restore the one that was backed up with it"
    )]
    KeyWrong {
        /// The file.
        path: PathBuf,
    },
    /// The sealing key cannot be read, made or understood.
    #[error("the key file {path} cannot be used ({why}): restore it from a backup")]
    KeyUnusable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}
