//! Letting go of what is too old.
use crate::{Error, Store, row};
use wxa_model::UnixMillis;

impl Store {
    /// Deletes what ended before a moment, of some subjects; a walk through all of them begins after 0, and each step returns
    /// after which the next one begins, none at the end. Those of which nothing is left go with it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn state_prune_some(&self, after: i64, before: UnixMillis) -> Result<Option<i64>, Error> {
        let mut tx = self.begin().await?;
        let last: Option<i64> = sqlx::query_scalar(
            "select max(id) from (select id from state_subject where id > ? order by id limit 200)",
        )
        .bind(after)
        .fetch_one(&mut *tx)
        .await?;
        let Some(last) = last else { return Ok(None) };
        sqlx::query("delete from state_span where subject > ? and subject <= ? and ended < ?")
            .bind(after)
            .bind(last)
            .bind(row::to_sql(before))
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "delete from state_subject where id > ? and id <= ? \
             and not exists (select 1 from state_span where subject = state_subject.id)",
        )
        .bind(after)
        .bind(last)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(last))
    }

    /// Deletes the periods that ended before a moment; never the newest one, which says up to when open spans are known.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn state_prune_periods(&self, before: UnixMillis) -> Result<(), Error> {
        sqlx::query("delete from state_period where known < ? and id < (select max(id) from state_period)")
            .bind(row::to_sql(before))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
