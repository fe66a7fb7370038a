//! Letting go of what is old.
use super::{MetricStore, block_id};
use crate::Error;

/// Rows that one transaction deletes.
const SOME: i64 = 2000;

impl MetricStore {
    /// Deletes some of what is older than `hour` (minutes) and `day` (hours), in one short transaction for each table.
    /// False when nothing is left to do.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune_some(&self, hour: u64, day: u64) -> Result<bool, Error> {
        let mut more = false;
        let tables = [
            (
                "delete from metric_hour where id in (select id from metric_hour where id < ? order by id limit ?)",
                hour,
            ),
            (
                "delete from metric_day where id in (select id from metric_day where id < ? order by id limit ?)",
                day,
            ),
        ];
        for (sql, oldest) in tables {
            let done = sqlx::query(sql)
                .bind(block_id(oldest, 0))
                .bind(SOME)
                .execute(&self.pool)
                .await?;
            more |= done.rows_affected() > 0;
        }
        if !more {
            self.forget_unseen(day).await?;
        }
        Ok(more)
    }

    /// Forgets the numbers of objects that nothing is kept of.
    async fn forget_unseen(&self, day: u64) -> Result<(), Error> {
        let gone: Vec<i64> = sqlx::query_scalar(
            "delete from metric_object where number in \
             (select number from metric_object where seen < ? limit ?) returning number",
        )
        .bind(i64::try_from(day).unwrap_or(i64::MAX))
        .bind(SOME)
        .fetch_all(&self.pool)
        .await?;
        if !gone.is_empty() {
            self.numbers()
                .retain(|_, number| !gone.contains(&i64::from(*number)));
        }
        Ok(())
    }

    /// The newest minute that is kept, packed or not; none when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest_minute(&self) -> Result<Option<u64>, Error> {
        let newest: Option<i64> = sqlx::query_scalar("select max(id) from metric_minute")
            .fetch_one(&self.pool)
            .await?;
        Ok(newest
            .and_then(|id| u64::try_from(id).ok())
            .map(|id| id >> super::MINUTE_BITS))
    }
}
