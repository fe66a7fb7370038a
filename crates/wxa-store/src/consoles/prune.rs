//! Letting go of what is more than is to be kept.
use super::{BOOT, ConsoleStore, TapeKey, signed, unsigned};
use crate::{Error, row};
use sqlx::{Sqlite, Transaction};
use std::collections::BTreeMap;
use wxa_model::UnixMillis;

/// Pieces that one transaction deletes: at most 16 MiB.
const SOME: i64 = 256;
/// Boots whose beginnings are kept.
const BOOTS: u32 = 50;
/// Pages that are given back to the disk at a time.
const PAGES: i64 = 1000;

/// What is kept of one tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Bytes from the beginning of each boot.
    pub boot_bytes: u64,
    /// Bytes of the latest output.
    pub window_bytes: u64,
    /// What was printed before goes in any case.
    pub since: UnixMillis,
}

impl ConsoleStore {
    /// Lets go of some of a tape: pieces of which no byte is to be kept. True when there may be more to do.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune_some(&self, key: TapeKey, keep: Keep) -> Result<bool, Error> {
        let Some(number) = self.number(key).await? else {
            return Ok(false);
        };
        let boots = self.marks(key, Some(BOOT), BOOTS).await?;
        let boots: Vec<(u64, u64)> = boots
            .into_iter()
            .map(|boot| (boot.offset, boot.offset.saturating_add(keep.boot_bytes)))
            .collect();
        let mut tx = self.begin().await?;
        let end: i64 = sqlx::query_scalar(r#"select "end" from console_tape where number = ?"#)
            .bind(number)
            .fetch_one(&mut *tx)
            .await?;
        let window = unsigned(end).saturating_sub(keep.window_bytes);
        let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
            r#"select id, "offset", len, at from console_piece where tape = ?1
               and ("offset" + len <= ?2 or at < ?3) order by "offset""#,
        )
        .bind(number)
        .bind(signed(window))
        .bind(row::to_sql(keep.since))
        .fetch_all(&mut *tx)
        .await?;
        let goes = |(_, offset, len, at): &&(i64, i64, i64, i64)| {
            let (from, to) = (unsigned(*offset), unsigned(*offset) + unsigned(*len));
            let is_of_a_boot = boots.iter().any(|(begin, end)| *begin < to && from < *end);
            !is_of_a_boot || row::from_sql(*at) < keep.since
        };
        let gone: Vec<(i64, i64)> = rows
            .iter()
            .filter(goes)
            .take(usize::try_from(SOME).unwrap_or_default())
            .map(|(id, _, len, _)| (*id, *len))
            .collect();
        let more = gone.len() as i64 == SOME;
        if gone.is_empty() {
            return Ok(false);
        }
        let bytes: i64 = gone.iter().map(|(_, len)| len).sum();
        delete(&mut tx, gone.iter().map(|(id, _)| *id)).await?;
        take_off(&mut tx, number, bytes).await?;
        tx.commit().await?;
        Ok(more)
    }

    /// Lets go of some of the oldest of all tapes while there are more than `total` bytes. True when there may be more to do.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune_total_some(&self, total: u64) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let bytes: i64 = sqlx::query_scalar("select coalesce(sum(bytes), 0) from console_tape")
            .fetch_one(&mut *tx)
            .await?;
        let mut excess = bytes.saturating_sub(signed(total));
        if excess <= 0 {
            return Ok(false);
        }
        let oldest: Vec<(i64, i64, i64)> =
            sqlx::query_as("select id, tape, len from console_piece order by id limit ?")
                .bind(SOME)
                .fetch_all(&mut *tx)
                .await?;
        let mut tapes: BTreeMap<i64, i64> = BTreeMap::new();
        let mut gone = Vec::new();
        for (id, tape, len) in oldest {
            if excess <= 0 {
                break;
            }
            excess -= len;
            *tapes.entry(tape).or_default() += len;
            gone.push(id);
        }
        let more = excess > 0 && !gone.is_empty();
        delete(&mut tx, gone.into_iter()).await?;
        for (tape, bytes) in tapes {
            take_off(&mut tx, tape, bytes).await?;
        }
        tx.commit().await?;
        Ok(more)
    }

    /// Forgets a tape, with its marks and places, of which nothing is kept and nothing was marked since. True when there is none any
    /// more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_empty(&self, key: TapeKey, since: UnixMillis) -> Result<bool, Error> {
        let Some(number) = self.number(key).await? else {
            return Ok(true);
        };
        let gone = sqlx::query(
            "delete from console_tape where number = ?1
             and not exists (select 1 from console_piece where tape = ?1)
             and not exists (select 1 from console_mark where tape = ?1 and at >= ?2)",
        )
        .bind(number)
        .bind(row::to_sql(since))
        .execute(&self.pool)
        .await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Gives some room that is free in the file back to the disk, when it is much.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn shrink_some(&self) -> Result<(), Error> {
        let (free, all): (i64, i64) =
            sqlx::query_as("select freelist_count, page_count from pragma_freelist_count, pragma_page_count")
                .fetch_one(&self.pool)
                .await?;
        if free > PAGES && free > all / 4 {
            sqlx::query(sqlx::AssertSqlSafe(format!("pragma incremental_vacuum({PAGES})")))
                .fetch_all(&self.pool)
                .await?;
        }
        Ok(())
    }
}

async fn delete(tx: &mut Transaction<'static, Sqlite>, ids: impl Iterator<Item = i64>) -> Result<(), Error> {
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    // Numbers only.
    let sql = format!("delete from console_piece where id in ({})", ids.join(","));
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await?;
    Ok(())
}

async fn take_off(tx: &mut Transaction<'static, Sqlite>, tape: i64, bytes: i64) -> Result<(), Error> {
    sqlx::query("update console_tape set bytes = max(0, bytes - ?) where number = ?")
        .bind(bytes)
        .bind(tape)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
