//! The handle on the database.
use crate::{Error, OpenError, open};
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::path::Path;

/// The database. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: SqlitePool,
}

impl Store {
    /// Opens the database at `path`, makes it (readable by its owner only) when it is not there, and brings its
    /// layout up to date.
    ///
    /// # Errors
    /// [`OpenError`], each saying what to do.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        open::open(path).await.map(|pool| Self { pool })
    }

    /// Ends all connections after what is under way; later calls fail with [`Error::Closed`].
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Whether a record could be kept now. What is written for it is taken out again.
    ///
    /// # Errors
    /// [`Error::NotWritable`], [`Error::Busy`], or when the database does not answer.
    pub async fn can_write(&self) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        // More than a page, so that room for it must be found.
        sqlx::query("insert or replace into meta (key, value) values ('room', hex(zeroblob(4000)))")
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from meta where key = 'room'")
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// A transaction that holds the write lock from its first moment: what it reads stays true until it commits.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        Ok(self.pool.begin_with("begin immediate").await?)
    }
}
