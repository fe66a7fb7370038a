//! Writing what changed, with the moment up to which it is all.
use super::{PeriodRecord, SpanChange, SpanRecord, SpanRow, key, records, standing};
use crate::{Error, Store, row};
use sqlx::{Sqlite, Transaction};
use wxa_model::UnixMillis;

impl Store {
    /// Writes changes in one transaction; some hundred at a time hold the database for milliseconds. Periods are put, or made
    /// longer, in the order in which they began to be recorded. The newest says up to when all is known: it comes with the last
    /// changes.
    ///
    /// # Errors
    /// When the database cannot be written: nothing was, then.
    pub async fn state_write(&self, changes: &[SpanChange], periods: &[PeriodRecord]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for change in changes {
            match change {
                SpanChange::Put(record) => put(&mut tx, record).await?,
                SpanChange::Drop { of, began } => {
                    let (kind, uuid) = key(*of);
                    sqlx::query(
                        "delete from state_span where began = ? and subject = \
                         (select id from state_subject where kind = ? and uuid = ?)",
                    )
                    .bind(row::to_sql(*began))
                    .bind(kind)
                    .bind(uuid.as_bytes().as_slice())
                    .execute(&mut *tx)
                    .await?;
                }
            }
        }
        for period in periods {
            sqlx::query(
                "insert into state_period (began, known) values (?, ?) \
                 on conflict (began) do update set known = max(known, excluded.known)",
            )
            .bind(row::to_sql(period.began))
            .bind(row::to_sql(period.known))
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends what a run before left open at the moment up to which it is known, and returns how that ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn state_end_open(&self) -> Result<Vec<SpanRecord>, Error> {
        let mut tx = self.begin().await?;
        let known: Option<i64> =
            sqlx::query_scalar("select known from state_period order by id desc limit 1")
                .fetch_optional(&mut *tx)
                .await?;
        let known = known.unwrap_or_default();
        // What began after the last word about everything is not known to have been at all.
        sqlx::query("delete from state_span where ended is null and began >= ?")
            .bind(known)
            .execute(&mut *tx)
            .await?;
        let open: Vec<SpanRow> = sqlx::query_as(
            "select kind, uuid, began, ended, standing from state_span \
             join state_subject on state_subject.id = subject where ended is null",
        )
        .fetch_all(&mut *tx)
        .await?;
        sqlx::query("update state_span set ended = ? where ended is null")
            .bind(known)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        let mut ended = records(open)?;
        for record in &mut ended {
            record.ended = Some(row::from_sql(known));
        }
        Ok(ended)
    }
}

async fn put(tx: &mut Transaction<'static, Sqlite>, record: &SpanRecord) -> Result<(), Error> {
    let Some(standing) = standing(record.standing) else {
        return Ok(());
    };
    let (kind, uuid) = key(record.of);
    if put_of_known(tx, kind, uuid.as_bytes(), record, standing).await? {
        return Ok(());
    }
    sqlx::query("insert into state_subject (kind, uuid) values (?, ?)")
        .bind(kind)
        .bind(uuid.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    put_of_known(tx, kind, uuid.as_bytes(), record, standing).await?;
    Ok(())
}

/// Puts a span of a subject that has been seen before; false when it has not.
async fn put_of_known(
    tx: &mut Transaction<'static, Sqlite>,
    kind: i64,
    uuid: &[u8],
    record: &SpanRecord,
    standing: i64,
) -> Result<bool, Error> {
    let ended: Option<UnixMillis> = record.ended;
    let done = sqlx::query(
        "insert or replace into state_span (subject, began, ended, standing) \
         select id, ?, ?, ? from state_subject where kind = ? and uuid = ?",
    )
    .bind(row::to_sql(record.began))
    .bind(ended.map(row::to_sql))
    .bind(standing)
    .bind(kind)
    .bind(uuid)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}
