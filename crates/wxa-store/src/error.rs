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
    /// Another program keeps it locked.
    #[error(
        "the database {path} is locked by another program: end that program (a copy under way, an SQLite shell), then \
         start again"
    )]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error(
        "{path} cannot be written ({why}): give the server's account write access to it and to its folder, \
         and see that the disk has room"
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
    /// Nothing can be written now: no room, or no right to write. Nothing was changed.
    #[error("the database cannot be written: {0}")]
    NotWritable(#[source] sqlx::Error),
    /// Another program kept the database locked for too long. Nothing was changed.
    #[error("the database is locked by another program")]
    Busy,
    /// The database was closed: the server is stopping.
    #[error("the database is closed")]
    Closed,
    /// The engine's own error.
    #[error("database: {0}")]
    Sql(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolClosed => return Self::Closed,
            // Every connection waits for the lock.
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Database(e) if e.is_unique_violation() => return Self::Duplicate,
            _ => {}
        }
        match Trouble::of(&error) {
            Some(Trouble::NotWritable) => Self::NotWritable(error),
            Some(Trouble::Locked) => Self::Busy,
            Some(Trouble::Corrupt) | None => Self::Sql(error),
        }
    }
}

/// What the engine's result code says about the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No room, no right to write, or the disk refuses.
    NotWritable,
    /// Damaged, or no database.
    Corrupt,
    /// Somebody else holds the lock.
    Locked,
}

impl Trouble {
    pub(crate) fn of(error: &sqlx::Error) -> Option<Self> {
        let sqlx::Error::Database(error) = error else {
            return None;
        };
        let code: i32 = error.code()?.parse().ok()?;
        // The low byte is the primary code. Of the input/output errors (10), writing (3), syncing (4, 5), truncating (6)
        // and growing the shared index (19) fail when a disk is full or a quota is used up.
        match (code & 0xff, code >> 8) {
            (5 | 6, _) => Some(Self::Locked),
            (8 | 13 | 14, _) | (10, 3..=6 | 19) => Some(Self::NotWritable),
            (11 | 26, _) => Some(Self::Corrupt),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Connection as _, SqliteConnection};

    #[tokio::test]
    async fn a_database_without_room_says_so_and_reads_on() {
        let mut db = SqliteConnection::connect("sqlite::memory:")
            .await
            .expect("a database");
        for statement in ["create table t (x text)", "pragma max_page_count = 3"] {
            sqlx::query(statement).execute(&mut db).await.expect(statement);
        }
        let insert = "insert into t values (hex(zeroblob(1000)))";
        let mut rows = 0;
        let error = loop {
            match sqlx::query(insert).execute(&mut db).await {
                Ok(_) => rows += 1,
                Err(error) => break Error::from(error),
            }
        };
        assert!(matches!(error, Error::NotWritable(_)), "{error:?}");
        let kept: i64 = sqlx::query_scalar("select count(*) from t")
            .fetch_one(&mut db)
            .await
            .expect("it reads on");
        assert_eq!(kept, rows, "what was refused left nothing behind");
    }
}
