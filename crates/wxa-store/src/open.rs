//! Opening the database: permissions, pragmas, migrations, and errors that say what to do.
use crate::{OpenError, error::Trouble};
use sqlx::{
    Connection as _, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
        SqliteTransactionManager,
    },
};
use sqlx_core::transaction::TransactionManager as _;
use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a connection waits for another one's write (the command line's, a backup's) before it gives up.
const BUSY: Duration = Duration::from_secs(10);
/// One writes, the others read.
const CONNECTIONS: u32 = 4;
/// What a connection keeps of its file in memory, in KiB (negative: else it would be pages). SQLite's own is four times as much, for each
/// of twelve connections; what is read again soon is in the system's memory anyway.
const CACHE: &str = "-512";

/// Without room SQLite undoes a commit by itself. sqlx wants to undo it too, fails, takes the connection for being in a
/// transaction from then on, and begins no other on it. With an empty transaction for it to undo they agree again. It is
/// not closed instead: a new connection to a database without room may not even read.
async fn heal(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // What is still to be undone comes before the reply.
    connection.ping().await?;
    if connection.is_in_transaction() {
        sqlx::query("begin").execute(&mut *connection).await?;
        SqliteTransactionManager::rollback(connection).await?;
    }
    Ok(true)
}

/// What all files of the store have in common: for the owner only, a write-ahead log, patience, little memory, and
/// connections that are healed. `options` say what differs.
pub(crate) async fn connect(
    path: &Path,
    options: SqliteConnectOptions,
    connections: u32,
) -> Result<SqlitePool, OpenError> {
    make_private(path)?;
    let options = options
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("cache_size", CACHE)
        .busy_timeout(BUSY);
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(BUSY)
        .after_release(|connection, _| Box::pin(heal(connection)))
        .connect_with(options)
        .await
        .map_err(|error| explain(path, error))
}

pub(crate) async fn open(path: &Path) -> Result<SqlitePool, OpenError> {
    let options = SqliteConnectOptions::new()
        // An audit row must be on the disk before the act it announces: the default of WAL mode is not enough.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    let pool = connect(path, options, CONNECTIONS).await?;
    find_damage(path, &pool).await?;
    MIGRATIONS
        .run(&pool)
        .await
        .map_err(|error| explain_migration(path, error))?;
    // A file that cannot be written is noticed now, not at the first click.
    sqlx::query("insert or replace into meta (key, value) values ('written_by', ?)")
        .bind(env!("CARGO_PKG_VERSION"))
        .execute(&pool)
        .await
        .map_err(|error| explain(path, error))?;
    Ok(pool)
}

/// Looks through the file before anything is written to it: a damaged one is told now and left as it is, rather than at
/// some later click.
async fn find_damage(path: &Path, pool: &SqlitePool) -> Result<(), OpenError> {
    let found: String = sqlx::query_scalar("pragma quick_check(1)")
        .fetch_one(pool)
        .await
        .map_err(|error| explain(path, error))?;
    if found == "ok" {
        return Ok(());
    }
    Err(OpenError::Corrupt {
        path: path.to_owned(),
        why: found,
    })
}

/// Makes folder and file for the owner only. SQLite gives its side files the rights of the main one.
fn make_private(path: &Path) -> Result<(), OpenError> {
    let not_writable = |at: &Path, error: &io::Error| OpenError::NotWritable {
        path: at.to_owned(),
        why: error.to_string(),
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| not_writable(folder, &error))?;
    }
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| not_writable(path, &error))?;
    Ok(())
}

pub(crate) fn explain(path: &Path, error: sqlx::Error) -> OpenError {
    let path = path.to_owned();
    match (Trouble::of(&error), &error) {
        (Some(Trouble::NotWritable), _) => OpenError::NotWritable {
            path,
            why: error.to_string(),
        },
        (Some(Trouble::Corrupt), _) => OpenError::Corrupt {
            path,
            why: error.to_string(),
        },
        (Some(Trouble::Locked), _) | (None, sqlx::Error::PoolTimedOut) => OpenError::Locked { path },
        (None, _) => OpenError::Other {
            path,
            source: error.into(),
        },
    }
}

pub(crate) fn explain_migration(path: &Path, error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => OpenError::Newer {
            path: path.to_owned(),
            version,
        },
        MigrateError::VersionMismatch(version) => OpenError::Corrupt {
            path: path.to_owned(),
            why: format!("its layout {version} is not the one this program knows"),
        },
        MigrateError::Execute(error) => explain(path, error),
        MigrateError::ExecuteMigration(error, _) => explain(path, error),
        other => OpenError::Other {
            path: path.to_owned(),
            source: other.into(),
        },
    }
}
