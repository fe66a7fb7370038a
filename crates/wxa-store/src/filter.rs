//! Filters that were saved under a name.
use crate::{Error, Store, row};
use wxa_model::{FilterId, UnixMillis, UserId};

/// A saved filter as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterRecord {
    /// Ours.
    pub id: FilterId,
    /// Whose it is; none for everybody's.
    pub user: Option<UserId>,
    /// What it is called; unique for its owner and page, whatever the case of its letters.
    pub name: String,
    /// The list it is for.
    pub page: String,
    /// The filter as it is typed.
    pub query: String,
    /// When it was made.
    pub created_at: UnixMillis,
}

#[derive(sqlx::FromRow)]
struct FilterRow {
    id: String,
    user: Option<String>,
    name: String,
    page: String,
    query: String,
    created_at: i64,
}

impl FilterRow {
    fn record(self) -> Result<FilterRecord, Error> {
        let user = |id: String| row::parse(&id, "saved_filter.user");
        Ok(FilterRecord {
            id: row::parse(&self.id, "saved_filter.id")?,
            user: self.user.map(user).transpose()?,
            name: self.name,
            page: self.page,
            query: self.query,
            created_at: row::from_sql(self.created_at),
        })
    }
}

impl Store {
    /// The filters of `user` and everybody's, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn filter_list(&self, user: UserId) -> Result<Vec<FilterRecord>, Error> {
        let rows: Vec<FilterRow> = sqlx::query_as(
            r#"select * from saved_filter where "user" = ? or "user" is null order by name, created_at"#,
        )
        .bind(user.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(FilterRow::record).collect()
    }

    /// The filter of that id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn filter_get(&self, id: FilterId) -> Result<Option<FilterRecord>, Error> {
        let row: Option<FilterRow> = sqlx::query_as("select * from saved_filter where id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(FilterRow::record).transpose()
    }

    /// Keeps a filter, unless its owner has `most` already. Returns whether it was kept.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when its owner has one of that name for that page.
    pub async fn filter_insert(&self, filter: &FilterRecord, most: u32) -> Result<bool, Error> {
        let user = filter.user.map(|id| id.to_string());
        let mut tx = self.begin().await?;
        let count: i64 = sqlx::query_scalar(r#"select count(*) from saved_filter where "user" is ?"#)
            .bind(&user)
            .fetch_one(&mut *tx)
            .await?;
        if count >= i64::from(most) {
            return Ok(false);
        }
        sqlx::query(
            r#"insert into saved_filter (id, "user", name, page, query, created_at) values (?, ?, ?, ?, ?, ?)"#,
        )
        .bind(filter.id.to_string())
        .bind(user)
        .bind(&filter.name)
        .bind(&filter.page)
        .bind(&filter.query)
        .bind(row::to_sql(filter.created_at))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Replaces owner, name, page and query of a filter. Returns whether it was there.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when its owner has another one of that name for that page.
    pub async fn filter_update(&self, filter: &FilterRecord) -> Result<bool, Error> {
        let done =
            sqlx::query(r#"update saved_filter set "user" = ?, name = ?, page = ?, query = ? where id = ?"#)
                .bind(filter.user.map(|id| id.to_string()))
                .bind(&filter.name)
                .bind(&filter.page)
                .bind(&filter.query)
                .bind(filter.id.to_string())
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets a filter. Returns whether it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn filter_delete(&self, id: FilterId) -> Result<bool, Error> {
        let done = sqlx::query("delete from saved_filter where id = ?")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
