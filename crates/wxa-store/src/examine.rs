//! Looking at a database without changing anything: for diagnosis, backups and what is restored from them.
use crate::{Error, OpenError, Store, open};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use std::{collections::BTreeMap, path::Path};

/// What a database looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// The number of its layout; 0 for an empty one.
    pub layout: i64,
    /// Single values about the installation, e.g. which version of this program opened it last.
    pub meta: BTreeMap<String, String>,
    /// What the engine finds wrong with it; empty for a sound one.
    pub problems: Vec<String>,
    /// Each table with its definition and how many rows it has.
    pub tables: Vec<Table>,
}

impl Examined {
    /// How many rows a table has; 0 when it is not there.
    pub fn rows(&self, table: &str) -> i64 {
        let found = self.tables.iter().find(|found| found.name == table);
        found.and_then(|table| table.rows).unwrap_or_default()
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The statement that made it.
    pub definition: String,
    /// How many rows it has; none when they cannot be counted.
    pub rows: Option<i64>,
}

/// Examines the database at `path`, beside a server that may be using it.
///
/// # Errors
/// When it is not there, or no database.
pub async fn examine(path: &Path) -> Result<Examined, OpenError> {
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .connect()
        .await
        .map_err(|error| open::explain(path, error))?;
    let examined = read(&mut connection)
        .await
        .map_err(|error| open::explain(path, error));
    // Nothing was written: closing can lose nothing.
    let _ = connection.close().await;
    examined
}

async fn read(connection: &mut SqliteConnection) -> Result<Examined, sqlx::Error> {
    let problems: Vec<String> = sqlx::query_scalar("pragma integrity_check(20)")
        .fetch_all(&mut *connection)
        .await?;
    let found: Vec<SqliteRow> = sqlx::query(
        "select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite%' order by name",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tables = Vec::new();
    for row in found {
        let (name, definition): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let count = format!("select count(*) from \"{}\"", name.replace('"', "\"\""));
        let rows = sqlx::query_scalar(AssertSqlSafe(count))
            .fetch_one(&mut *connection)
            .await
            .ok();
        tables.push(Table {
            name,
            definition,
            rows,
        });
    }
    let has = |wanted: &str| tables.iter().any(|table| table.name == wanted);
    let layout = if has("_sqlx_migrations") {
        sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
            .fetch_one(&mut *connection)
            .await?
    } else {
        0
    };
    let meta: Vec<(String, String)> = if has("meta") {
        sqlx::query_as("select key, value from meta")
            .fetch_all(&mut *connection)
            .await?
    } else {
        Vec::new()
    };
    Ok(Examined {
        layout,
        meta: meta.into_iter().collect(),
        problems: problems.into_iter().filter(|said| said != "ok").collect(),
        tables,
    })
}

/// The number of the newest layout that this program knows.
pub fn newest_layout() -> i64 {
    open::MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

impl Store {
    /// Writes a consistent copy to `path`, as of one moment; the file must be empty or not there. Others go on reading and writing.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub async fn copy_into(&self, path: &Path) -> Result<(), Error> {
        let path = path.to_str().ok_or(Error::Malformed {
            column: "the copy's path",
        })?;
        sqlx::query("vacuum into ?")
            .bind(path)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends every session and voids every one-time link: in a restored database they would come back to life.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_sign_ins(&self) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from session").execute(&mut *tx).await?;
        sqlx::query("delete from one_time_token")
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_is_examined_while_it_is_used_and_not_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let store = Store::open(&path).await.unwrap();
        let seen = examine(&path).await.unwrap();
        assert_eq!((seen.layout, seen.problems.len()), (newest_layout(), 0));
        assert_eq!(
            seen.meta.get("written_by").map(String::as_str),
            Some(env!("CARGO_PKG_VERSION"))
        );
        let meta = seen.tables.iter().find(|table| table.name == "meta").unwrap();
        assert_eq!(
            (meta.rows, seen.rows("meta"), seen.rows("nothing")),
            (Some(1), 1, 0)
        );
        assert!(meta.definition.contains("key text"), "{}", meta.definition);

        let copy = folder.path().join("copy.db");
        store.copy_into(&copy).await.unwrap();
        assert!(store.copy_into(&copy).await.is_err(), "nothing is overwritten");
        store.close().await;
        assert_eq!(examine(&copy).await.unwrap(), seen);
    }

    #[tokio::test]
    async fn what_is_no_database_is_said_so_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        assert!(examine(&path).await.is_err());
        assert!(!path.exists(), "looking makes nothing");
        std::fs::write(
            &path,
            "certainly no database, but long enough to be looked at".repeat(20),
        )
        .unwrap();
        let error = examine(&path).await.unwrap_err();
        assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
    }
}
