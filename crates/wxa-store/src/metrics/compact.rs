//! Packing: the minutes of an hour that is over become a block, and the hour a slot in the block of its day.
use super::{
    HOURS, MINUTE_BITS, MINUTES, MetricStore, SHARD_BITS, SeriesKey, Stat, block_id,
    codec::{self, Block},
    minute_id,
};
use crate::Error;
use sqlx::{Sqlite, Transaction};
use std::collections::BTreeMap;
use wxa_model::Metric;

const MINUTES_U64: u64 = MINUTES as u64;
const HOURS_U64: u64 = HOURS as u64;

/// The ids of one shard's minutes in an hour, as a table `m (id)`.
const MINUTE_IDS: &str = "with recursive m (id, rest) as \
     (select ?1, 59 union all select id + 1048576, rest - 1 from m where rest > 0) ";

/// Hours of one object, counted since 1970.
pub type Hours = Vec<(u64, Metric, Stat)>;

impl MetricStore {
    /// Packs up to 64 objects of the oldest hour before `hour` (counted since 1970), in one transaction. False when
    /// nothing is left to do.
    ///
    /// # Errors
    /// When the database cannot be written: nothing is packed then, and nothing is lost.
    pub async fn pack_some(&self, hour: u64) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let oldest: Option<i64> = sqlx::query_scalar("select min(id) from metric_minute where id < ?")
            .bind(minute_id(hour * MINUTES_U64, 0))
            .fetch_one(&mut *tx)
            .await?;
        let Some(oldest) = oldest.and_then(|id| u64::try_from(id).ok()) else {
            return Ok(false);
        };
        let hour = (oldest >> MINUTE_BITS) / MINUTES_U64;
        let shard = u32::try_from(oldest & ((1 << MINUTE_BITS) - 1)).unwrap_or_default();
        let first = minute_id(hour * MINUTES_U64, shard);
        let select = format!("{MINUTE_IDS} select id, body from m join metric_minute using (id)");
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(sqlx::AssertSqlSafe(select))
            .bind(first)
            .fetch_all(&mut *tx)
            .await?;
        for (object, block) in by_object(&rows) {
            let number = (shard << SHARD_BITS) | u32::from(object);
            pack_object(&mut tx, number, hour, block).await?;
        }
        let delete = format!("{MINUTE_IDS} delete from metric_minute where id in (select id from m)");
        sqlx::query(sqlx::AssertSqlSafe(delete))
            .bind(first)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Puts hours (counted since 1970) that were measured by somebody else where nothing of our own is, in one transaction.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn fill_hours(&self, rows: &[(SeriesKey, Hours)]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        let newest = rows
            .iter()
            .flat_map(|(_, hours)| hours)
            .map(|(hour, ..)| *hour)
            .max();
        let keys: Vec<_> = rows.iter().map(|(key, _)| (key.clone(), Vec::new())).collect();
        let day = newest.unwrap_or_default() / HOURS_U64;
        let new = self
            .number_new(&mut tx, day, &keys.iter().collect::<Vec<_>>())
            .await?;
        for (key, hours) in rows {
            let Some(number) = self.number(key).or_else(|| new.get(key).copied()) else {
                continue;
            };
            let mut days: BTreeMap<u64, Block> = BTreeMap::new();
            for (hour, metric, stat) in hours {
                let slot = usize::try_from(hour % HOURS_U64).unwrap_or_default();
                put(
                    days.entry(hour / HOURS_U64).or_default(),
                    *metric,
                    slot,
                    HOURS,
                    *stat,
                );
            }
            for (day, block) in days {
                let id = block_id(day, number);
                let own: Option<Vec<u8>> = sqlx::query_scalar("select body from metric_day where id = ?")
                    .bind(id)
                    .fetch_optional(&mut *tx)
                    .await?;
                let mut filled = own.and_then(|own| codec::unpack(&own, HOURS)).unwrap_or_default();
                for (metric, column) in block {
                    let own = filled.entry(metric).or_insert_with(|| vec![None; HOURS]);
                    for (own, foreign) in own.iter_mut().zip(column) {
                        *own = own.or(foreign);
                    }
                }
                put_day(&mut tx, id, &filled).await?;
            }
        }
        tx.commit().await?;
        self.numbers().extend(new);
        Ok(())
    }
}

/// The minutes of each object as a block.
fn by_object(rows: &[(i64, Vec<u8>)]) -> BTreeMap<u8, Block> {
    let mut objects: BTreeMap<u8, Block> = BTreeMap::new();
    for (id, body) in rows {
        let minute = u64::try_from(*id).unwrap_or_default() >> MINUTE_BITS;
        let slot = usize::try_from(minute % MINUTES_U64).unwrap_or_default();
        // A row that makes no sense is a gap.
        for (object, values) in codec::unpack_minute(body).into_iter().flatten() {
            for (metric, stat) in values {
                put(objects.entry(object).or_default(), metric, slot, MINUTES, stat);
            }
        }
    }
    objects
}

async fn pack_object(
    tx: &mut Transaction<'static, Sqlite>,
    number: u32,
    hour: u64,
    mut block: Block,
) -> Result<(), Error> {
    let hours: Vec<(Metric, Stat)> = block
        .iter()
        .filter_map(|(metric, column)| {
            let all = column.iter().flatten().copied().reduce(Stat::and)?;
            Some((*metric, all))
        })
        .collect();
    let id = block_id(hour, number);
    let there: Option<Vec<u8>> = sqlx::query_scalar("select body from metric_hour where id = ?")
        .bind(id)
        .fetch_optional(&mut **tx)
        .await?;
    // An hour that is packed already was measured again: the clock was set back, or a minute came late.
    for (metric, column) in there
        .and_then(|body| codec::unpack(&body, MINUTES))
        .into_iter()
        .flatten()
    {
        for (slot, stat) in column.into_iter().enumerate() {
            if let Some(stat) = stat {
                put(&mut block, metric, slot, MINUTES, stat);
            }
        }
    }
    sqlx::query("insert or replace into metric_hour (id, body) values (?, ?)")
        .bind(id)
        .bind(codec::pack(&block, MINUTES))
        .execute(&mut **tx)
        .await?;

    let day = hour / HOURS_U64;
    let id = block_id(day, number);
    let there: Option<Vec<u8>> = sqlx::query_scalar("select body from metric_day where id = ?")
        .bind(id)
        .fetch_optional(&mut **tx)
        .await?;
    if there.is_none() {
        sqlx::query("update metric_object set seen = max(seen, ?) where number = ?")
            .bind(i64::try_from(day).unwrap_or(i64::MAX))
            .bind(i64::from(number))
            .execute(&mut **tx)
            .await?;
    }
    let mut block = there
        .and_then(|body| codec::unpack(&body, HOURS))
        .unwrap_or_default();
    let slot = usize::try_from(hour % HOURS_U64).unwrap_or_default();
    for (metric, stat) in hours {
        put(&mut block, metric, slot, HOURS, stat);
    }
    put_day(tx, id, &block).await
}

async fn put_day(tx: &mut Transaction<'static, Sqlite>, id: i64, block: &Block) -> Result<(), Error> {
    sqlx::query("insert or replace into metric_day (id, body) values (?, ?)")
        .bind(id)
        .bind(codec::pack(block, HOURS))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Adds a value to a slot.
pub(super) fn put(block: &mut Block, metric: Metric, slot: usize, slots: usize, stat: Stat) {
    let column = block.entry(metric).or_insert_with(|| vec![None; slots]);
    if let Some(place) = column.get_mut(slot) {
        *place = Some(place.map_or(stat, |known| known.and(stat)));
    }
}
