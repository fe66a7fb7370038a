//! Opening the file of consoles; one that is damaged is put aside: a server can do without what guests printed.
use super::ConsoleStore;
use crate::{OpenError, aside::open_or_begin, open};
use sqlx::{
    migrate::Migrator,
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteSynchronous},
};
use std::path::{Path, PathBuf};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations_consoles");
/// One writes, the others read.
const CONNECTIONS: u32 = 4;

impl ConsoleStore {
    /// Opens the file at `path` and makes it, for its owner only, where it is not there. One that is damaged, or of a
    /// newer version, is renamed (`.aside`) and begun anew; its path is returned then.
    ///
    /// # Errors
    /// When it can be neither opened nor made.
    pub async fn open(path: &Path) -> Result<(Self, Option<PathBuf>), OpenError> {
        open_or_begin(path, Self::try_open).await
    }

    async fn try_open(path: &Path) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new()
            // A power cut may take the last moments, with the places that go with them; it never leaves half of one.
            .synchronous(SqliteSynchronous::Normal)
            // What was let go of goes back to the disk, a little at a time.
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .foreign_keys(true);
        let pool = open::connect(path, options, CONNECTIONS).await?;
        let begun = MIGRATIONS.run(&pool).await;
        if let Err(error) = begun {
            // Nobody has it open any more when it is put aside, and SQLite has brought its side files home where it could.
            pool.close().await;
            return Err(open::explain_migration(path, error));
        }
        Ok(Self { pool })
    }
}
