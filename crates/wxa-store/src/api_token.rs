//! API tokens: keys for scripts, kept as hashes.
use crate::{Error, Store, TokenHash, grant, row, session::user_seen};
use wxa_model::{Grant, TokenId, UnixMillis, UserId};

/// An API token as it is kept, without its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiTokenRecord {
    /// Ours.
    pub id: TokenId,
    /// Its owner.
    pub user: UserId,
    /// What it is for; unique among the owner's, whatever the case of its letters.
    pub name: String,
    /// What it may do where, as far as its owner may do it too.
    pub grant: Grant,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it stops working.
    pub expires_at: UnixMillis,
    /// When it was last used, to the minute; none when never.
    pub last_used_at: Option<UnixMillis>,
    /// From which address it was last used; empty when never.
    pub last_used_from: String,
}

#[derive(sqlx::FromRow)]
struct ApiTokenRow {
    id: String,
    user: String,
    name: String,
    role: String,
    scope: String,
    target: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    last_used_from: String,
}

impl ApiTokenRow {
    fn record(self) -> Result<ApiTokenRecord, Error> {
        Ok(ApiTokenRecord {
            id: row::parse(&self.id, "api_token.id")?,
            user: row::parse(&self.user, "api_token.user")?,
            grant: grant::from_columns(&self.role, &self.scope, &self.target)?,
            name: self.name,
            created_at: row::from_sql(self.created_at),
            expires_at: row::from_sql(self.expires_at),
            last_used_at: self.last_used_at.map(row::from_sql),
            last_used_from: self.last_used_from,
        })
    }
}

impl Store {
    /// Keeps a new API token.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when the owner has one of that name.
    pub async fn api_token_insert(&self, token: &ApiTokenRecord, hash: &TokenHash) -> Result<(), Error> {
        let (scope, target) = grant::scope_columns(&token.grant.scope);
        sqlx::query(
            r#"insert into api_token (id, "user", name, hash, role, scope, target, created_at, expires_at)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?)"#,
        )
        .bind(token.id.to_string())
        .bind(token.user.to_string())
        .bind(&token.name)
        .bind(hash.as_slice())
        .bind(token.grant.role.name())
        .bind(scope)
        .bind(target)
        .bind(row::to_sql(token.created_at))
        .bind(row::to_sql(token.expires_at))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The API token with that hash, unless its owner is disabled. Its times are for the caller to judge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_token_by_hash(&self, hash: &TokenHash) -> Result<Option<ApiTokenRecord>, Error> {
        let row: Option<ApiTokenRow> = sqlx::query_as(
            r#"select t.* from api_token t join "user" u on u.id = t."user"
               where t.hash = ? and u.disabled_at is null"#,
        )
        .bind(hash.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        row.map(ApiTokenRow::record).transpose()
    }

    /// The API token of that id, whether or not it is still good.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_token_get(&self, id: TokenId) -> Result<Option<ApiTokenRecord>, Error> {
        let row: Option<ApiTokenRow> = sqlx::query_as("select * from api_token where id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(ApiTokenRow::record).transpose()
    }

    /// All API tokens of the account, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_token_list(&self, user: UserId) -> Result<Vec<ApiTokenRecord>, Error> {
        let rows: Vec<ApiTokenRow> = sqlx::query_as(
            r#"select * from api_token where "user" = ? order by created_at desc, rowid desc"#,
        )
        .bind(user.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ApiTokenRow::record).collect()
    }

    /// Notes that the token, and with it its owner's account, was used from `from`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_token_touch(
        &self,
        token: &ApiTokenRecord,
        now: UnixMillis,
        from: &str,
    ) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query("update api_token set last_used_at = ?, last_used_from = ? where id = ?")
            .bind(row::to_sql(now))
            .bind(from)
            .bind(token.id.to_string())
            .execute(&mut *tx)
            .await?;
        user_seen(&mut tx, token.user, now).await?;
        Ok(tx.commit().await?)
    }

    /// Takes the token back. Returns whether it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_token_delete(&self, id: TokenId) -> Result<bool, Error> {
        let done = sqlx::query("delete from api_token where id = ?")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
