//! Sites.
use crate::{Error, Store, row};
use wxa_model::{SiteId, UnixMillis};

/// A site as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRecord {
    /// Ours.
    pub id: SiteId,
    /// As the administrator calls it; unique, whatever the case of its letters.
    pub name: String,
    /// When it was made.
    pub created_at: UnixMillis,
}

#[derive(sqlx::FromRow)]
struct SiteRow {
    id: String,
    name: String,
    created_at: i64,
}

impl SiteRow {
    fn record(self) -> Result<SiteRecord, Error> {
        Ok(SiteRecord {
            id: row::parse(&self.id, "site.id")?,
            name: self.name,
            created_at: row::from_sql(self.created_at),
        })
    }
}

impl Store {
    /// All sites, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn site_list(&self) -> Result<Vec<SiteRecord>, Error> {
        let rows: Vec<SiteRow> =
            sqlx::query_as("select id, name, created_at from site order by created_at, rowid")
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter().map(SiteRow::record).collect()
    }

    /// The site of that name, whatever the case of its letters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn site_by_name(&self, name: &str) -> Result<Option<SiteRecord>, Error> {
        let row: Option<SiteRow> = sqlx::query_as("select id, name, created_at from site where name = ?")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        row.map(SiteRow::record).transpose()
    }
}
