//! Opening the file of measurements; one that is damaged is put aside, because a server can do without its past.
use super::{MetricStore, SeriesKey};
use crate::{Error, OpenError, error::Trouble, open};
use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    },
};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations_metrics");
const BUSY: Duration = Duration::from_secs(10);
/// One writes, the others read.
const CONNECTIONS: u32 = 3;

impl MetricStore {
    /// Opens the file at `path` and makes it, for its owner only, where it is not there. One that is damaged, or of a
    /// newer version, is renamed (`.aside`) and begun anew; its path is returned then.
    ///
    /// # Errors
    /// When it can be neither opened nor made.
    pub async fn open(path: &Path) -> Result<(Self, Option<PathBuf>), OpenError> {
        match Self::try_open(path).await {
            Ok(store) => Ok((store, None)),
            Err(OpenError::Corrupt { .. } | OpenError::Newer { .. }) => {
                let aside = path.with_extension("db.aside");
                let failed = |error: std::io::Error| OpenError::NotWritable {
                    path: path.to_owned(),
                    why: error.to_string(),
                };
                for side in ["db-wal", "db-shm"] {
                    // Most often they are not there.
                    let _ = fs::remove_file(path.with_extension(side));
                }
                fs::rename(path, &aside).map_err(failed)?;
                Ok((Self::try_open(path).await?, Some(aside)))
            }
            Err(error) => Err(error),
        }
    }

    async fn try_open(path: &Path) -> Result<Self, OpenError> {
        open::make_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // A power cut may take the last minutes; it never leaves half of one.
            .synchronous(SqliteSynchronous::Normal)
            .auto_vacuum(SqliteAutoVacuum::None)
            .busy_timeout(BUSY);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(BUSY)
            .after_release(|connection, _| Box::pin(open::heal(connection)))
            .connect_with(options)
            .await
            .map_err(|error| open::explain(path, error))?;
        MIGRATIONS
            .run(&pool)
            .await
            .map_err(|error| open::explain_migration(path, error))?;
        let numbers = numbers(&pool).await.map_err(|error| match error {
            Error::Sql(error) => open::explain(path, error),
            other => OpenError::Corrupt {
                path: path.to_owned(),
                why: other.to_string(),
            },
        })?;
        Ok(Self {
            pool,
            numbers: Arc::new(Mutex::new(numbers)),
        })
    }
}

async fn numbers(pool: &SqlitePool) -> Result<HashMap<SeriesKey, u32>, Error> {
    let rows: Vec<(i64, String)> = sqlx::query_as("select number, name from metric_object")
        .fetch_all(pool)
        .await?;
    let known = rows
        .iter()
        .filter_map(|(number, name)| Some((SeriesKey::from_name(name)?, u32::try_from(*number).ok()?)));
    Ok(known.collect())
}

impl MetricStore {
    /// Whether an error says that the file itself is damaged.
    pub fn is_damage(error: &Error) -> bool {
        matches!(error, Error::Sql(error) if Trouble::of(error) == Some(Trouble::Corrupt))
    }
}
