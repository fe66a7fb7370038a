//! The pages.
use crate::{Error, Store, row};
use wxa_model::{StatusPageId, status::StatusPage};

impl Store {
    /// All pages that make sense, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_page_list(&self) -> Result<Vec<StatusPage>, Error> {
        let bodies: Vec<String> = sqlx::query_scalar("select body from status_page order by created_at, id")
            .fetch_all(&self.pool)
            .await?;
        Ok(row::readable(bodies, |body| read(&body)))
    }

    /// Keeps a new page, unless its creator has `most` already. Returns whether it was kept.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when its slug is taken.
    pub async fn status_page_insert(&self, page: &StatusPage, most: u32) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let count: i64 = sqlx::query_scalar("select count(*) from status_page where creator = ?")
            .bind(page.creator.to_string())
            .fetch_one(&mut *tx)
            .await?;
        if count >= i64::from(most) {
            return Ok(false);
        }
        sqlx::query("insert into status_page (id, slug, creator, created_at, body) values (?, ?, ?, ?, ?)")
            .bind(page.id.to_string())
            .bind(&page.slug)
            .bind(page.creator.to_string())
            .bind(row::to_sql(page.created_at))
            .bind(written(page))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Replaces a page, unless it is not as it was `before` any more. Returns whether it was.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when its slug is taken.
    pub async fn status_page_update(&self, before: &StatusPage, page: &StatusPage) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let body: Option<String> = sqlx::query_scalar("select body from status_page where id = ?")
            .bind(page.id.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        if body.and_then(|body| read(&body).ok()).as_ref() != Some(before) {
            return Ok(false);
        }
        let done = sqlx::query("update status_page set slug = ?, body = ? where id = ?")
            .bind(&page.slug)
            .bind(written(page))
            .bind(page.id.to_string())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes a page with its links, notices and who opened it. Returns whether it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_page_delete(&self, id: StatusPageId) -> Result<bool, Error> {
        let done = sqlx::query("delete from status_page where id = ?")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}

fn read(body: &str) -> Result<StatusPage, Error> {
    serde_json::from_str(body).map_err(|_| Error::Malformed {
        column: "status_page.body",
    })
}

fn written(page: &StatusPage) -> String {
    // Plain fields, and no maps with other keys than text: it is always written.
    serde_json::to_string(page).unwrap_or_default()
}
