//! Letting go of what is old.
use super::{MetricStore, block_id};
use crate::Error;

/// Rows that one transaction deletes.
const SOME: i64 = 2000;

/// What is old, and how much has to be there before anything is: a clock alone proves nothing, because it may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Old {
    /// Slots before this one are old by the clock, hours or days since 1970.
    pub before: u64,
    /// So many slots in which something was measured are kept, whatever the clock says.
    pub keep: u32,
}

/// Where the `keep`th of the newest slots begins, found with one step in the index for each of them.
const OLDEST_KEPT: &str = "with recursive slot (id, rest) as ( \
     select (select max(id) from TABLE) >> 24, ?1 \
     union all select (select max(id) from TABLE where id < slot.id << 24) >> 24, rest - 1 from slot \
     where rest > 1 and slot.id is not null) \
     select id from slot where rest = 1";

impl MetricStore {
    /// Deletes some of what is old of minutes (by hour) and hours (by day), in one short transaction for each table. False
    /// when nothing is left to do.
    ///
    /// Old is what the clock says is old *and* what as much was measured after as is kept: each slot that was measured took
    /// its time. So a clock that is ahead, for an hour or for a year, deletes nothing that is not old.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune_some(&self, hours: Old, days: Old) -> Result<bool, Error> {
        let hour = self.oldest_kept("metric_hour", hours).await?;
        let day = self.oldest_kept("metric_day", days).await?;
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

    /// The first slot of a table of blocks that is not old.
    async fn oldest_kept(&self, table: &'static str, old: Old) -> Result<u64, Error> {
        let sql = OLDEST_KEPT.replace("TABLE", table);
        let kept: Option<Option<i64>> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(i64::from(old.keep.max(1)))
            .fetch_optional(&self.pool)
            .await?;
        // With fewer slots than are kept nothing is old.
        let kept = kept.flatten().and_then(|slot| u64::try_from(slot).ok());
        Ok(kept.unwrap_or_default().min(old.before))
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
