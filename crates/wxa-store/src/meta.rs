//! Single values about the installation itself.
use crate::{Error, Store};

impl Store {
    /// The value kept under `key`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn meta_get(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar("select value from meta where key = ?")
            .bind(key)
            .fetch_optional(&self.pool)
            .await?)
    }

    /// Keeps `value` under `key`, in place of what was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn meta_set(&self, key: &str, value: &str) -> Result<(), Error> {
        sqlx::query("insert or replace into meta (key, value) values (?, ?)")
            .bind(key)
            .bind(value)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// All values whose keys begin with `beginning`, with their keys.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn meta_beginning(&self, beginning: &str) -> Result<Vec<(String, String)>, Error> {
        Ok(
            sqlx::query_as("select key, value from meta where substr(key, 1, length(?1)) = ?1 order by key")
                .bind(beginning)
                .fetch_all(&self.pool)
                .await?,
        )
    }

    /// Forgets the value that is kept under `key`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn meta_delete(&self, key: &str) -> Result<(), Error> {
        sqlx::query("delete from meta where key = ?")
            .bind(key)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
