//! One-time tokens: the setup link, sign-in links and reset links.
use crate::{Error, Store, row};
use wxa_model::{UnixMillis, UserId};

/// The SHA-256 of a token: the token itself is never kept.
pub type TokenHash = [u8; 32];

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPurpose {
    /// Making the first administrator. There is one at a time: a new one replaces it.
    Setup,
    /// Signing in as this account.
    Login(UserId),
    /// Setting a new password for this account. There is one at a time: a new one replaces it.
    Reset(UserId),
}

impl Store {
    /// Keeps a token until `expires_at`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_insert(
        &self,
        purpose: TokenPurpose,
        hash: &TokenHash,
        created_at: UnixMillis,
        expires_at: UnixMillis,
    ) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from one_time_token where expires_at <= ?")
            .bind(row::to_sql(created_at))
            .execute(&mut *tx)
            .await?;
        let (name, user) = match purpose {
            TokenPurpose::Setup => {
                sqlx::query("delete from one_time_token where purpose = 'setup'")
                    .execute(&mut *tx)
                    .await?;
                ("setup", None)
            }
            TokenPurpose::Login(user) => ("login", Some(user.to_string())),
            TokenPurpose::Reset(user) => {
                sqlx::query(r#"delete from one_time_token where purpose = 'reset' and "user" = ?"#)
                    .bind(user.to_string())
                    .execute(&mut *tx)
                    .await?;
                ("reset", Some(user.to_string()))
            }
        };
        sqlx::query(
            r#"insert into one_time_token (hash, purpose, "user", created_at, expires_at) values (?, ?, ?, ?, ?)"#,
        )
        .bind(hash.as_slice())
        .bind(name)
        .bind(user)
        .bind(row::to_sql(created_at))
        .bind(row::to_sql(expires_at))
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Whether the setup token is valid, without using it up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_is_setup(&self, hash: &TokenHash, now: UnixMillis) -> Result<bool, Error> {
        Ok(sqlx::query_scalar(
            "select exists (select 1 from one_time_token where hash = ? and purpose = 'setup' and expires_at > ?)",
        )
        .bind(hash.as_slice())
        .bind(row::to_sql(now))
        .fetch_one(&self.pool)
        .await?)
    }

    /// Whose password the reset link sets, without using it up; none when it is not valid (any more).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_reset_user(&self, hash: &TokenHash, now: UnixMillis) -> Result<Option<UserId>, Error> {
        let user: Option<String> = sqlx::query_scalar(
            r#"select "user" from one_time_token where hash = ? and purpose = 'reset' and expires_at > ?"#,
        )
        .bind(hash.as_slice())
        .bind(row::to_sql(now))
        .fetch_optional(&self.pool)
        .await?;
        user.map(|id| row::parse(&id, "one_time_token.user")).transpose()
    }

    /// Uses up a sign-in token: whose it was; none when it is not valid (any more).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_take_login(&self, hash: &TokenHash, now: UnixMillis) -> Result<Option<UserId>, Error> {
        let user: Option<String> = sqlx::query_scalar(
            r#"delete from one_time_token where hash = ? and purpose = 'login' and expires_at > ? returning "user""#,
        )
        .bind(hash.as_slice())
        .bind(row::to_sql(now))
        .fetch_optional(&self.pool)
        .await?;
        user.map(|id| row::parse(&id, "one_time_token.user")).transpose()
    }
}
