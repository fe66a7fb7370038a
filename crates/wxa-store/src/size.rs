//! How large the database is and which layout it has.
use crate::{Error, Store};

/// The database, from its own point of view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// Number of the newest migration in it.
    pub schema_version: u64,
    /// Bytes in one page.
    pub page_bytes: u64,
    /// Pages of the file.
    pub pages: u64,
    /// Of these, pages that hold nothing.
    pub free_pages: u64,
    /// Rows of the audit log.
    pub audit_rows: u64,
    /// Tasks.
    pub tasks: u64,
}

impl Store {
    /// Asks the database about itself.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn database_facts(&self) -> Result<DatabaseFacts, Error> {
        let (page_bytes, pages, free_pages, schema, audit_rows, tasks): (i64, i64, i64, i64, i64, i64) =
            sqlx::query_as(
                "select (select page_size from pragma_page_size), (select page_count from pragma_page_count), \
                 (select freelist_count from pragma_freelist_count), \
                 (select coalesce(max(version), 0) from _sqlx_migrations), \
                 (select count(*) from audit), (select count(*) from task)",
            )
            .fetch_one(&self.pool)
            .await?;
        let number = |value: i64| u64::try_from(value).unwrap_or_default();
        Ok(DatabaseFacts {
            schema_version: number(schema),
            page_bytes: number(page_bytes),
            pages: number(pages),
            free_pages: number(free_pages),
            audit_rows: number(audit_rows),
            tasks: number(tasks),
        })
    }
}
