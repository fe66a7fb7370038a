//! Writing a minute.
use super::{MOST_OBJECTS, MOST_PARTS, MetricStore, SHARD_BITS, SeriesKey, Stat, Values, codec, minute_id};
use crate::Error;
use sqlx::{Sqlite, Transaction};
use std::collections::{BTreeMap, HashMap};
use wxa_model::{HostId, Metric};

const DAY_MINUTES: u64 = 24 * 60;

impl MetricStore {
    /// Writes what was measured in a minute (counted since 1970), in one transaction. What is there of the same minute
    /// already, e.g. because the clock was set back, counts together with it.
    ///
    /// # Errors
    /// When the database cannot be written: nothing of it is written then.
    pub async fn put_minute(&self, minute: u64, rows: &[(SeriesKey, Values)]) -> Result<(), Error> {
        let rows: Vec<_> = rows.iter().filter(|(_, values)| !values.is_empty()).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let new = self.number_new(&mut tx, minute / DAY_MINUTES, &rows).await?;
        let mut shards: BTreeMap<u32, BTreeMap<u8, Values>> = BTreeMap::new();
        {
            let known = self.numbers();
            for (key, values) in rows {
                let Some(number) = known.get(key).or_else(|| new.get(key)).copied() else {
                    continue;
                };
                let place = u8::try_from(number & ((1 << SHARD_BITS) - 1)).unwrap_or_default();
                let objects = shards.entry(number >> SHARD_BITS).or_default();
                merge(objects.entry(place).or_default(), values);
            }
        }
        for (shard, mut objects) in shards {
            let id = minute_id(minute, shard);
            let there: Option<Vec<u8>> = sqlx::query_scalar("select body from metric_minute where id = ?")
                .bind(id)
                .fetch_optional(&mut *tx)
                .await?;
            for (object, values) in there
                .and_then(|body| codec::unpack_minute(&body))
                .into_iter()
                .flatten()
            {
                merge(objects.entry(object).or_default(), &values);
            }
            sqlx::query("insert or replace into metric_minute (id, body) values (?, ?)")
                .bind(id)
                .bind(codec::pack_minute(&objects))
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        self.numbers().extend(new);
        Ok(())
    }

    /// Gives numbers to those that have none. Those beyond what can be numbered have no history.
    pub(super) async fn number_new(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        day: u64,
        rows: &[&(SeriesKey, Values)],
    ) -> Result<HashMap<SeriesKey, u32>, Error> {
        let missing = {
            let known = self.numbers();
            let mut missing: Vec<&SeriesKey> = rows
                .iter()
                .map(|(key, _)| key)
                .filter(|key| !known.contains_key(*key))
                .collect();
            keep_to_share(&known, &mut missing);
            missing
        };
        let mut new = HashMap::new();
        for key in missing {
            let number: Option<i64> = sqlx::query_scalar(
                "insert into metric_object (name, seen) \
                 select ?, ? where (select coalesce(max(number), 0) from metric_object) + 1 < ? \
                 on conflict (name) do update set seen = max(seen, excluded.seen) returning number",
            )
            .bind(key.name())
            .bind(i64::try_from(day).unwrap_or(i64::MAX))
            .bind(i64::from(MOST_OBJECTS))
            .fetch_optional(&mut **tx)
            .await?;
            if let Some(number) = number.and_then(|number| u32::try_from(number).ok()) {
                new.insert(key.clone(), number);
            }
        }
        Ok(new)
    }
}

/// Leaves out parts of hosts that have as many as a host may have.
fn keep_to_share(known: &HashMap<SeriesKey, u32>, missing: &mut Vec<&SeriesKey>) {
    let host_of = |key: &SeriesKey| match key {
        SeriesKey::Part(host, _) => Some(*host),
        SeriesKey::Vm(_) | SeriesKey::Host(_) => None,
    };
    if missing.iter().all(|key| host_of(key).is_none()) {
        return;
    }
    let mut parts: HashMap<HostId, usize> = HashMap::new();
    for host in known.keys().filter_map(host_of) {
        *parts.entry(host).or_default() += 1;
    }
    missing.retain(|key| {
        host_of(key).is_none_or(|host| {
            let parts = parts.entry(host).or_default();
            *parts += 1;
            *parts <= MOST_PARTS
        })
    });
}

/// Adds `values` to what is there.
pub(super) fn merge(there: &mut Values, values: &[(Metric, Stat)]) {
    for (metric, stat) in values {
        match there.iter_mut().find(|(known, _)| known == metric) {
            Some((_, known)) => *known = known.and(*stat),
            None => there.push((*metric, *stat)),
        }
    }
}
