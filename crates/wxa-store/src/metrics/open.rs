//! Opening the file of measurements; one that is damaged is put aside, because a server can do without its past.
use super::{MetricStore, SeriesKey};
use crate::{Error, OpenError, aside::open_or_begin, error::Trouble, open};
use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteSynchronous},
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations_metrics");
/// One writes, the others read.
const CONNECTIONS: u32 = 3;

impl MetricStore {
    /// Opens the file at `path` and makes it, for its owner only, where it is not there. One that is damaged, or of a
    /// newer version, is renamed (`.aside`) and begun anew; its path is returned then.
    ///
    /// # Errors
    /// When it can be neither opened nor made.
    pub async fn open(path: &Path) -> Result<(Self, Option<PathBuf>), OpenError> {
        open_or_begin(path, Self::try_open).await
    }

    pub(super) async fn try_open(path: &Path) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new()
            // A power cut may take the last minutes; it never leaves half of one.
            .synchronous(SqliteSynchronous::Normal)
            .auto_vacuum(SqliteAutoVacuum::None);
        let pool = open::connect(path, options, CONNECTIONS).await?;
        match begin(path, &pool).await {
            Ok(numbers) => Ok(Self {
                pool,
                numbers: Arc::new(Mutex::new(numbers)),
            }),
            Err(error) => {
                // Nobody has it open any more when it is put aside, and SQLite has brought its side files home where it could.
                pool.close().await;
                Err(error)
            }
        }
    }
}

async fn begin(path: &Path, pool: &SqlitePool) -> Result<HashMap<SeriesKey, u32>, OpenError> {
    MIGRATIONS
        .run(pool)
        .await
        .map_err(|error| open::explain_migration(path, error))?;
    numbers(pool).await.map_err(|error| match error {
        Error::Sql(error) => open::explain(path, error),
        other => OpenError::Corrupt {
            path: path.to_owned(),
            why: other.to_string(),
        },
    })
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
