//! Sessions. An ended session is a deleted row: who had one is told by the audit log.
use crate::{Error, Store, TokenHash, row};
use uuid::Uuid;
use wxa_model::{UnixMillis, UserId};

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its name in records and for whoever waits for its end; of no use for signing in.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// The address it was begun from.
    pub from: String,
    /// What the browser called itself then.
    pub agent: String,
    /// When it began.
    pub created_at: UnixMillis,
    /// When it was last used, to the minute.
    pub last_seen_at: UnixMillis,
    /// When it ends, used or not.
    pub expires_at: UnixMillis,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    user: String,
    from_address: String,
    user_agent: String,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
}

impl SessionRow {
    fn record(self) -> Result<SessionRecord, Error> {
        Ok(SessionRecord {
            id: row::parse(&self.id, "session.id")?,
            user: row::parse(&self.user, "session.user")?,
            from: self.from_address,
            agent: self.user_agent,
            created_at: row::from_sql(self.created_at),
            last_seen_at: row::from_sql(self.last_seen_at),
            expires_at: row::from_sql(self.expires_at),
        })
    }
}

impl Store {
    /// Keeps a new session, and notes that its account was seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_insert(&self, session: &SessionRecord, token: &TokenHash) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query(
            r#"insert into session
                 (id, "user", token_hash, from_address, user_agent, created_at, last_seen_at, expires_at)
               values (?, ?, ?, ?, ?, ?, ?, ?)"#,
        )
        .bind(session.id.to_string())
        .bind(session.user.to_string())
        .bind(token.as_slice())
        .bind(&session.from)
        .bind(&session.agent)
        .bind(row::to_sql(session.created_at))
        .bind(row::to_sql(session.last_seen_at))
        .bind(row::to_sql(session.expires_at))
        .execute(&mut *tx)
        .await?;
        user_seen(&mut tx, session.user, session.last_seen_at).await?;
        Ok(tx.commit().await?)
    }

    /// The session that `token` opens, unless its account is disabled. Its times are for the caller to judge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_by_token(&self, token: &TokenHash) -> Result<Option<SessionRecord>, Error> {
        let row: Option<SessionRow> = sqlx::query_as(
            r#"select s.* from session s join "user" u on u.id = s."user"
               where s.token_hash = ? and u.disabled_at is null"#,
        )
        .bind(token.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        row.map(SessionRow::record).transpose()
    }

    /// The session of that id, unless its account is disabled. Its times are for the caller to judge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_get(&self, id: Uuid) -> Result<Option<SessionRecord>, Error> {
        let row: Option<SessionRow> = sqlx::query_as(
            r#"select s.* from session s join "user" u on u.id = s."user"
               where s.id = ? and u.disabled_at is null"#,
        )
        .bind(id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.map(SessionRow::record).transpose()
    }

    /// Notes that the session, and with it its account, was used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_touch(&self, session: &SessionRecord, now: UnixMillis) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query("update session set last_seen_at = ? where id = ?")
            .bind(row::to_sql(now))
            .bind(session.id.to_string())
            .execute(&mut *tx)
            .await?;
        user_seen(&mut tx, session.user, now).await?;
        Ok(tx.commit().await?)
    }

    /// All sessions of the account, the latest first. Their times are for the caller to judge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_list(&self, user: UserId) -> Result<Vec<SessionRecord>, Error> {
        let rows: Vec<SessionRow> =
            sqlx::query_as(r#"select * from session where "user" = ? order by created_at desc, rowid desc"#)
                .bind(user.to_string())
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter().map(SessionRow::record).collect()
    }

    /// Ends all sessions of the account, but for the given one. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_delete_all(&self, user: UserId, but: Option<Uuid>) -> Result<u64, Error> {
        let done = sqlx::query(r#"delete from session where "user" = ? and id is not ?"#)
            .bind(user.to_string())
            .bind(but.map(|id| id.to_string()))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }

    /// Ends a session. Returns whether it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_delete(&self, id: Uuid) -> Result<bool, Error> {
        let done = sqlx::query("delete from session where id = ?")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Sweeps out what expired before `now` or was last used before `idle_since`. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_delete_expired(
        &self,
        now: UnixMillis,
        idle_since: UnixMillis,
    ) -> Result<u64, Error> {
        let done = sqlx::query("delete from session where expires_at <= ? or last_seen_at < ?")
            .bind(row::to_sql(now))
            .bind(row::to_sql(idle_since))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }
}

/// Notes that an account was seen, by a session or an API token of it.
pub(crate) async fn user_seen(
    connection: &mut sqlx::SqliteConnection,
    user: UserId,
    now: UnixMillis,
) -> Result<(), Error> {
    sqlx::query(r#"update "user" set last_seen_at = ? where id = ?"#)
        .bind(row::to_sql(now))
        .bind(user.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
