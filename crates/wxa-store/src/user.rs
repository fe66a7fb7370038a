//! Accounts: reading and making them.
use crate::{
    Error, Store, TokenHash,
    grant::{self, GrantRow},
    row,
};
use std::fmt;
use wxa_model::{Grant, UnixMillis, UserId};

/// An account as it is kept, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// Ours.
    pub id: UserId,
    /// Unique, whatever the case of its letters.
    pub name: String,
    /// What it may do where.
    pub grants: Vec<Grant>,
    /// When it was made.
    pub created_at: UnixMillis,
    /// Since when it may not sign in; none while it may.
    pub disabled_at: Option<UnixMillis>,
    /// When a session or an API token of it was last used, to the minute; none when never.
    pub last_seen_at: Option<UnixMillis>,
    /// Whether it has a password; without one it signs in by link only.
    pub has_password: bool,
}

/// An account to be made.
#[derive(Clone)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub name: String,
    /// A PHC string; none for an account that signs in by link only.
    pub password_hash: Option<String>,
    /// What it may do where.
    pub grants: Vec<Grant>,
    /// Now.
    pub created_at: UnixMillis,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    name: String,
    created_at: i64,
    disabled_at: Option<i64>,
    last_seen_at: Option<i64>,
    has_password: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            r#"select id, name, created_at, disabled_at, last_seen_at, password_hash is not null as has_password
               from "user" "#,
            $rest
        )
    };
}

impl UserRow {
    fn record(self, grants: Vec<Grant>) -> Result<UserRecord, Error> {
        Ok(UserRecord {
            id: row::parse(&self.id, "user.id")?,
            name: self.name,
            grants,
            created_at: row::from_sql(self.created_at),
            disabled_at: self.disabled_at.map(row::from_sql),
            last_seen_at: self.last_seen_at.map(row::from_sql),
            has_password: self.has_password,
        })
    }
}

impl Store {
    /// Whether there is any account, disabled ones included.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_any(&self) -> Result<bool, Error> {
        Ok(sqlx::query_scalar(r#"select exists (select 1 from "user")"#)
            .fetch_one(&self.pool)
            .await?)
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_list(&self) -> Result<Vec<UserRecord>, Error> {
        let rows: Vec<UserRow> = sqlx::query_as(select!("order by name"))
            .fetch_all(&self.pool)
            .await?;
        let grants: Vec<GrantRow> = sqlx::query_as("select * from user_grant order by rowid")
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter()
            .map(|user| {
                let own = grants
                    .iter()
                    .filter(|grant| grant.user == user.id)
                    .map(GrantRow::grant);
                let own = own.collect::<Result<_, _>>()?;
                user.record(own)
            })
            .collect()
    }

    /// The account of that name, whatever the case of its letters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_by_name(&self, name: &str) -> Result<Option<UserRecord>, Error> {
        let row: Option<UserRow> = sqlx::query_as(select!("where name = ?"))
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        self.with_grants(row).await
    }

    /// The account of that id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_get(&self, id: UserId) -> Result<Option<UserRecord>, Error> {
        let row: Option<UserRow> = sqlx::query_as(select!("where id = ?"))
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        self.with_grants(row).await
    }

    async fn with_grants(&self, row: Option<UserRow>) -> Result<Option<UserRecord>, Error> {
        let Some(row) = row else { return Ok(None) };
        let grants = grant::of_user(&self.pool, row::parse(&row.id, "user.id")?).await?;
        row.record(grants).map(Some)
    }

    /// The account's password hash; none where it has none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_password_hash(&self, id: UserId) -> Result<Option<String>, Error> {
        let hash: Option<Option<String>> =
            sqlx::query_scalar(r#"select password_hash from "user" where id = ?"#)
                .bind(id.to_string())
                .fetch_optional(&self.pool)
                .await?;
        Ok(hash.flatten())
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when the name is taken.
    pub async fn user_insert(&self, user: &NewUser) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        insert(&mut tx, user).await?;
        Ok(tx.commit().await?)
    }

    /// Makes the first account and uses up the setup token, in one step. False, and nothing done, when the token
    /// is not valid or there is an account already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_insert_first(&self, token: &TokenHash, user: &NewUser) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let used =
            sqlx::query("delete from one_time_token where hash = ? and purpose = 'setup' and expires_at > ?")
                .bind(token.as_slice())
                .bind(row::to_sql(user.created_at))
                .execute(&mut *tx)
                .await?;
        let any: bool = sqlx::query_scalar(r#"select exists (select 1 from "user")"#)
            .fetch_one(&mut *tx)
            .await?;
        if used.rows_affected() == 0 || any {
            return Ok(false);
        }
        insert(&mut tx, user).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn insert(connection: &mut sqlx::SqliteConnection, user: &NewUser) -> Result<(), Error> {
    sqlx::query(r#"insert into "user" (id, name, password_hash, created_at) values (?, ?, ?, ?)"#)
        .bind(user.id.to_string())
        .bind(&user.name)
        .bind(&user.password_hash)
        .bind(row::to_sql(user.created_at))
        .execute(&mut *connection)
        .await?;
    grant::insert(connection, user.id, &user.grants).await
}
