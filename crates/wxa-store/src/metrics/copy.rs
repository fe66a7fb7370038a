//! A copy of the file for a backup, and whether such a copy is sound.
use super::MetricStore;
use crate::{Error, OpenError, open};
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};
use std::{path::Path, time::Duration};

/// Others may be writing.
const BUSY: Duration = Duration::from_secs(10);

impl MetricStore {
    /// Writes a consistent copy of the file at `from` to `to`, as of one moment; that file must be empty or not there. A server
    /// may go on reading and writing meanwhile, in this process or in another.
    ///
    /// # Errors
    /// When the file cannot be read, or the copy cannot be written.
    pub async fn copy_file(from: &Path, to: &Path) -> Result<(), Error> {
        let to = to.to_str().ok_or(Error::Malformed {
            column: "the copy's path",
        })?;
        let mut connection = SqliteConnectOptions::new()
            .filename(from)
            .create_if_missing(false)
            .busy_timeout(BUSY)
            .connect()
            .await?;
        let copied = sqlx::query("vacuum into ?")
            .bind(to)
            .execute(&mut connection)
            .await;
        connection.close().await?;
        copied?;
        Ok(())
    }

    /// Whether a server could go on with the file at `path`; brings it to this version's layout.
    ///
    /// # Errors
    /// Why not.
    pub async fn check_file(path: &Path) -> Result<(), OpenError> {
        let store = Self::try_open(path).await?;
        let said: Result<Vec<String>, _> = sqlx::query_scalar("pragma quick_check(1)")
            .fetch_all(&store.pool)
            .await;
        store.close().await;
        let said = said.map_err(|error| open::explain(path, error))?;
        match said.first().map(String::as_str) {
            Some("ok") => Ok(()),
            why => Err(OpenError::Corrupt {
                path: path.to_owned(),
                why: why.unwrap_or("it does not say that it is sound").to_owned(),
            }),
        }
    }
}
