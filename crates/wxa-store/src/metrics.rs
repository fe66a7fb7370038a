//! Measurements over time: minutes for a week, hours for two years, in a database file of their own.
//!
//! A minute of all objects is one short transaction: one row for each 64 of them. When an hour is over, its minutes are
//! packed into one block for each object, and the hour into the block of its day, in one transaction for each 64 objects.
//! A server that is killed leaves each minute either written or not, and each hour either packed or not: nothing twice.
mod codec;
mod compact;
mod copy;
mod open;
mod prune;
mod read;
mod rename;
mod series;
mod write;

pub use compact::Hours;
pub use prune::Old;
pub use read::Slots;
pub use rename::Renamed;
pub use series::{SeriesKey, Stat};

use crate::Error;
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wxa_model::Metric;

/// Objects whose minutes share a row.
const SHARD_BITS: u32 = 6;
/// Bits of an object's number in the keys of blocks.
const OBJECT_BITS: u32 = 24;
/// Bits of a shard in the keys of minutes.
const MINUTE_BITS: u32 = 20;
/// Objects that can be told apart at all.
const MOST_OBJECTS: u32 = 1 << OBJECT_BITS;
/// Parts of one host that are told apart: what it calls them is its own to invent, and each is kept for two years.
const MOST_PARTS: usize = 256;

/// Slots of an hour's block.
pub(crate) const MINUTES: usize = 60;
/// Slots of a day's block.
pub(crate) const HOURS: usize = 24;

/// The values of one object in one slot.
pub type Values = Vec<(Metric, Stat)>;

/// The measurements over time. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct MetricStore {
    pool: SqlitePool,
    numbers: Arc<Mutex<HashMap<SeriesKey, u32>>>,
}

/// How much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetricFacts {
    /// Objects with a number.
    pub objects: u64,
    /// Bytes in the pages of the file.
    pub bytes: u64,
    /// Minutes' rows that wait to be packed.
    pub waiting: u64,
}

impl MetricStore {
    /// Ends all connections after what is under way.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// How much is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn facts(&self) -> Result<MetricFacts, Error> {
        let (objects, bytes, waiting): (i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from metric_object), \
             (select page_size from pragma_page_size) * (select page_count from pragma_page_count), \
             (select count(*) from metric_minute)",
        )
        .fetch_one(&self.pool)
        .await?;
        let number = |value: i64| u64::try_from(value).unwrap_or_default();
        Ok(MetricFacts {
            objects: number(objects),
            bytes: number(bytes),
            waiting: number(waiting),
        })
    }

    /// A note, e.g. that a host's own history was read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note(&self, key: &str) -> Result<Option<String>, Error> {
        let value = sqlx::query_scalar("select value from metric_meta where key = ?")
            .bind(key)
            .fetch_optional(&self.pool)
            .await?;
        Ok(value)
    }

    /// Keeps a note.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_put(&self, key: &str, value: &str) -> Result<(), Error> {
        sqlx::query("insert or replace into metric_meta (key, value) values (?, ?)")
            .bind(key)
            .bind(value)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        Ok(self.pool.begin_with("begin immediate").await?)
    }

    fn number(&self, key: &SeriesKey) -> Option<u32> {
        self.numbers().get(key).copied()
    }

    fn numbers(&self) -> MutexGuard<'_, HashMap<SeriesKey, u32>> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key of a block.
fn block_id(slot: u64, object: u32) -> i64 {
    i64::try_from(slot << OBJECT_BITS).unwrap_or(i64::MAX) | i64::from(object)
}

/// The key of a minute's row.
fn minute_id(minute: u64, shard: u32) -> i64 {
    i64::try_from(minute << MINUTE_BITS).unwrap_or(i64::MAX) | i64::from(shard)
}
