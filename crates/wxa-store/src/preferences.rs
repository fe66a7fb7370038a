//! How accounts like their pages.
use crate::{Error, Store};
use wxa_model::{Preferences, UserId};

impl Store {
    /// What the account chose; the defaults where it never chose, or where what is kept cannot be read: looks are not
    /// worth a page that does not open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn preferences_get(&self, user: UserId) -> Result<Preferences, Error> {
        let body: Option<String> = sqlx::query_scalar(r#"select body from preferences where "user" = ?"#)
            .bind(user.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(body
            .and_then(|body| serde_json::from_str(&body).ok())
            .unwrap_or_default())
    }

    /// Replaces what the account chose.
    ///
    /// # Errors
    /// When the database does not answer, or there is no such account.
    pub async fn preferences_set(&self, user: UserId, preferences: &Preferences) -> Result<(), Error> {
        // A struct of plain fields is always written.
        let body = serde_json::to_string(preferences).unwrap_or_default();
        sqlx::query(
            r#"insert into preferences ("user", body) values (?, ?)
               on conflict ("user") do update set body = excluded.body"#,
        )
        .bind(user.to_string())
        .bind(body)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
