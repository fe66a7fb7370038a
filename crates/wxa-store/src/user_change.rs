//! Accounts: what changes them. Whatever does ends their sessions, in the same step.
use crate::{Error, Store, TokenHash, grant, row};
use sqlx::SqliteConnection;
use uuid::Uuid;
use wxa_model::{Grant, UnixMillis, UserId};

impl Store {
    /// Replaces the password and ends the account's sessions, but for the one to keep. Returns whether it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_set_password_hash(
        &self,
        id: UserId,
        hash: &str,
        keep: Option<Uuid>,
    ) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let done = set_password(&mut tx, id, hash, keep).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Disables the account (`Some` moment) or lets it sign in again (none); disabling ends its sessions and
    /// takes back its sign-in links. Returns whether it was there.
    ///
    /// # Errors
    /// [`Error::LastAdmin`].
    pub async fn user_set_disabled(&self, id: UserId, at: Option<UnixMillis>) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(r#"update "user" set disabled_at = ? where id = ?"#)
            .bind(at.map(row::to_sql))
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
        if at.is_some() {
            grant::demand_an_admin(&mut tx).await?;
            end_sessions(&mut tx, id, None).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Replaces what the account may do, and ends its sessions: what they opened was opened with the old grants.
    ///
    /// # Errors
    /// [`Error::LastAdmin`].
    pub async fn user_set_grants(&self, id: UserId, grants: &[Grant]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query(r#"delete from user_grant where "user" = ?"#)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
        grant::insert(&mut tx, id, grants).await?;
        grant::demand_an_admin(&mut tx).await?;
        end_sessions(&mut tx, id, None).await?;
        Ok(tx.commit().await?)
    }

    /// Uses up a reset link: the password is replaced and the account's sessions end, in one step. Tells whose it
    /// was; none, and nothing done, when the link is not valid (any more) or the account is disabled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_set_password_by_link(
        &self,
        link: &TokenHash,
        now: UnixMillis,
        hash: &str,
    ) -> Result<Option<UserId>, Error> {
        let mut tx = self.begin().await?;
        let user: Option<String> = sqlx::query_scalar(
            r#"delete from one_time_token
               where hash = ? and purpose = 'reset' and expires_at > ?
                 and "user" in (select id from "user" where disabled_at is null)
               returning "user""#,
        )
        .bind(link.as_slice())
        .bind(row::to_sql(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some(user) = user else { return Ok(None) };
        let id = row::parse(&user, "one_time_token.user")?;
        set_password(&mut tx, id, hash, None).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Gives the account another name. Returns whether it was there.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when the name is taken.
    pub async fn user_rename(&self, id: UserId, name: &str) -> Result<bool, Error> {
        let done = sqlx::query(r#"update "user" set name = ? where id = ?"#)
            .bind(name)
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes the account with its grants, sessions, links and API tokens. Returns whether it was there.
    ///
    /// # Errors
    /// [`Error::LastAdmin`].
    pub async fn user_delete(&self, id: UserId) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(r#"delete from "user" where id = ?"#)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
        grant::demand_an_admin(&mut tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}

async fn set_password(
    connection: &mut SqliteConnection,
    id: UserId,
    hash: &str,
    keep: Option<Uuid>,
) -> Result<bool, Error> {
    let done = sqlx::query(r#"update "user" set password_hash = ? where id = ?"#)
        .bind(hash)
        .bind(id.to_string())
        .execute(&mut *connection)
        .await?;
    end_sessions(connection, id, keep).await?;
    Ok(done.rows_affected() > 0)
}

/// Ends the account's sessions, but for the one to keep, and takes back the links that would start new ones.
async fn end_sessions(
    connection: &mut SqliteConnection,
    user: UserId,
    keep: Option<Uuid>,
) -> Result<(), Error> {
    sqlx::query(r#"delete from session where "user" = ? and id is not ?"#)
        .bind(user.to_string())
        .bind(keep.map(|id| id.to_string()))
        .execute(&mut *connection)
        .await?;
    sqlx::query(r#"delete from one_time_token where "user" = ?"#)
        .bind(user.to_string())
        .execute(&mut *connection)
        .await?;
    Ok(())
}
