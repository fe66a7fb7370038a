//! What can go wrong with the database: while opening it, and afterwards.
use std::path::PathBuf;

/// Why the database could not be opened. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer program has changed the database's layout.
    #[error(
        "the database {path} was written by a newer version of this program (layout {version}): \
         start that version, or restore the backup made before the upgrade"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The layout's number, unknown to this program.
        version: i64,
    },
    /// It is not a database of ours, or it is damaged.
    #[error("the file {path} is damaged or no database of this program ({why}): restore a backup")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What the database engine says.
        why: String,
    },
    /// It cannot be written.
    #[error(
        "{path} cannot be written ({why}): give the server's account write access to it and to its folder"
    )]
    NotWritable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        why: String,
    },
    /// Anything else.
    #[error("the database {path} cannot be opened: {source}")]
    Other {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Why a query did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something with the same key is there already.
    #[error("it is there already")]
    Duplicate,
    /// The change would leave nobody who can administer the installation.
    #[error("nobody would be left who can administer the installation")]
    LastAdmin,
    /// A stored value makes no sense.
    #[error("the database holds a value that makes no sense in {column}")]
    Malformed {
        /// `table.column`.
        column: &'static str,
    },
    /// The database was closed: the server is stopping.
    #[error("the database is closed")]
    Closed,
    /// The engine's own error.
    #[error("database: {0}")]
    Sql(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolClosed => Self::Closed,
            sqlx::Error::Database(e) if e.is_unique_violation() => Self::Duplicate,
            other => Self::Sql(other),
        }
    }
}
