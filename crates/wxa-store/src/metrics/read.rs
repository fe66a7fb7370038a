//! Reading a range.
use super::{
    HOURS, MINUTE_BITS, MINUTES, MetricStore, OBJECT_BITS, SHARD_BITS, SeriesKey, Stat, block_id, codec,
    minute_id,
};
use crate::Error;
use sqlx::{Sqlite, Transaction};
use std::collections::BTreeMap;
use wxa_model::Metric;

/// Slots by their number since 1970, oldest first.
pub type Slots = BTreeMap<Metric, BTreeMap<u64, Stat>>;

const MINUTES_U64: u64 = MINUTES as u64;
const HOURS_U64: u64 = HOURS as u64;
/// Blocks that one reading looks at; more is no range that anybody asks for.
const MOST_BLOCKS: u64 = 1200;

/// Keys `?1`, `?1 + ?3`, … of as many blocks as `?2` says, as a table `k (id)`.
const KEYS: &str = "with recursive k (id, rest) as (select ?1, ?2 union all select id + ?3, rest - 1 from k where rest > 1) ";

impl MetricStore {
    /// The minutes `from..to` (counted since 1970) of an object, those not packed yet included.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn minutes(&self, key: &SeriesKey, from: u64, to: u64) -> Result<Slots, Error> {
        let mut slots = Slots::new();
        let Some(number) = self.number(key).filter(|_| from < to) else {
            return Ok(slots);
        };
        // One picture for both: an hour that is being packed is in one of them.
        let mut tx = self.pool.begin().await?;
        let hours = (from / MINUTES_U64, (to - 1) / MINUTES_U64);
        let sql = format!("{KEYS} select id, body from k join metric_hour using (id)");
        for (hour, body) in blocks(&mut tx, sql, number, hours).await? {
            for (metric, column) in codec::unpack(&body, MINUTES).into_iter().flatten() {
                add(&mut slots, metric, hour * MINUTES_U64, column, from..to);
            }
        }
        for (minute, metric, stat) in unpacked(&mut tx, number, from, to).await? {
            put(&mut slots, metric, minute, stat);
        }
        Ok(slots)
    }

    /// The hours `from..to` (counted since 1970) of an object; the one under way is what is known of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hours(&self, key: &SeriesKey, from: u64, to: u64) -> Result<Slots, Error> {
        let mut slots = Slots::new();
        let Some(number) = self.number(key).filter(|_| from < to) else {
            return Ok(slots);
        };
        let mut tx = self.pool.begin().await?;
        let days = (from / HOURS_U64, (to - 1) / HOURS_U64);
        let sql = format!("{KEYS} select id, body from k join metric_day using (id)");
        for (day, body) in blocks(&mut tx, sql, number, days).await? {
            for (metric, column) in codec::unpack(&body, HOURS).into_iter().flatten() {
                add(&mut slots, metric, day * HOURS_U64, column, from..to);
            }
        }
        let minutes = unpacked(&mut tx, number, from * MINUTES_U64, to * MINUTES_U64).await?;
        for (minute, metric, stat) in minutes {
            put(&mut slots, metric, minute / MINUTES_U64, stat);
        }
        Ok(slots)
    }
}

/// The blocks of an object from the first to the last slot, with their slots.
async fn blocks(
    tx: &mut Transaction<'static, Sqlite>,
    sql: String,
    number: u32,
    (first, last): (u64, u64),
) -> Result<Vec<(u64, Vec<u8>)>, Error> {
    let count = (last.saturating_sub(first) + 1).min(MOST_BLOCKS);
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(block_id(first, number))
        .bind(i64::try_from(count).unwrap_or(i64::MAX))
        .bind(1i64 << OBJECT_BITS)
        .fetch_all(&mut **tx)
        .await?;
    let slot = |id: i64| u64::try_from(id).unwrap_or_default() >> OBJECT_BITS;
    Ok(rows.into_iter().map(|(id, body)| (slot(id), body)).collect())
}

/// The minutes of an object that are not packed yet.
async fn unpacked(
    tx: &mut Transaction<'static, Sqlite>,
    number: u32,
    from: u64,
    to: u64,
) -> Result<Vec<(u64, Metric, Stat)>, Error> {
    let shard = number >> SHARD_BITS;
    let place = u8::try_from(number & ((1 << SHARD_BITS) - 1)).unwrap_or_default();
    // Few minutes wait: from the first of them on, not from the beginning of the range.
    let oldest: Option<i64> = sqlx::query_scalar("select min(id) from metric_minute where id >= ?")
        .bind(minute_id(from, 0))
        .fetch_one(&mut **tx)
        .await?;
    let Some(oldest) = oldest.and_then(|id| u64::try_from(id).ok()) else {
        return Ok(Vec::new());
    };
    let first = (oldest >> MINUTE_BITS).max(from);
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "select id, body from metric_minute where id >= ?1 and id < ?2 and (id & 1048575) = ?3 order by id",
    )
    .bind(minute_id(first, 0))
    .bind(minute_id(to.max(first), 0))
    .bind(i64::from(shard))
    .fetch_all(&mut **tx)
    .await?;
    let mut found = Vec::new();
    for (id, body) in rows {
        let minute = u64::try_from(id).unwrap_or_default() >> MINUTE_BITS;
        let mut objects = codec::unpack_minute(&body).unwrap_or_default();
        let values = objects.remove(&place).unwrap_or_default();
        found.extend(values.into_iter().map(|(metric, stat)| (minute, metric, stat)));
    }
    Ok(found)
}

fn add(
    slots: &mut Slots,
    metric: Metric,
    first: u64,
    column: Vec<Option<Stat>>,
    range: std::ops::Range<u64>,
) {
    for (at, stat) in (first..).zip(column) {
        if let Some(stat) = stat.filter(|_| range.contains(&at)) {
            put(slots, metric, at, stat);
        }
    }
}

fn put(slots: &mut Slots, metric: Metric, at: u64, stat: Stat) {
    slots
        .entry(metric)
        .or_default()
        .entry(at)
        .and_modify(|known| *known = known.and(stat))
        .or_insert(stat);
}
