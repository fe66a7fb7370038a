//! What VMs used, by day: the ledger that statements can be made from.
use crate::{Error, Store, row};
use sqlx::{Sqlite, Transaction};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;
use wxa_model::{UnixMillis, VmId};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// CPU time.
    Cpu,
    /// Memory allocated, over time.
    Memory,
    /// Disk space provided, over time.
    Storage,
    /// Bytes read from disks.
    DiskRead,
    /// Bytes written to disks.
    DiskWrite,
    /// Read requests to disks.
    DiskReadOps,
    /// Write requests to disks.
    DiskWriteOps,
    /// Bytes received from the network.
    NetRx,
    /// Bytes sent to the network.
    NetTx,
}

impl Quantity {
    /// All, in the order in which they are kept.
    pub const ALL: [Self; 9] = [
        Self::Cpu,
        Self::Memory,
        Self::Storage,
        Self::DiskRead,
        Self::DiskWrite,
        Self::DiskReadOps,
        Self::DiskWriteOps,
        Self::NetRx,
        Self::NetTx,
    ];
}

/// How much, in whole units so that any sum of parts is the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Thousandths of the units that the ledger's rates count (see `wxa-core`'s ledger).
    pub units: u64,
    /// Milliseconds for which it is known.
    pub known_ms: u64,
}

/// A VM's day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageDay {
    /// Milliseconds that it ran, or may have run, without anything being known.
    pub unknown_ms: u64,
    /// Up to when it was measured last.
    pub until: UnixMillis,
    /// How much of what; nothing for what is not known.
    pub amounts: BTreeMap<Quantity, Amount>,
}

impl Amount {
    /// Adds another one of the same.
    pub fn add(&mut self, more: Self) {
        self.units = self.units.saturating_add(more.units);
        self.known_ms = self.known_ms.saturating_add(more.known_ms);
    }
}

impl UsageDay {
    /// Adds what was used beside this.
    pub fn add(&mut self, more: &Self) {
        self.unknown_ms = self.unknown_ms.saturating_add(more.unknown_ms);
        self.until = self.until.max(more.until);
        for (quantity, amount) in &more.amounts {
            self.amounts.entry(*quantity).or_default().add(*amount);
        }
    }
}

/// A VM's day with whose and which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRecord {
    /// Whose.
    pub vm: VmId,
    /// Days since 1970 by UTC.
    pub day: u32,
    /// What.
    pub used: UsageDay,
}

#[derive(sqlx::FromRow)]
struct UsageRow {
    day: i64,
    vm: Vec<u8>,
    unknown_ms: i64,
    until: i64,
    body: Vec<u8>,
}

impl UsageRow {
    fn record(self) -> Result<UsageRecord, Error> {
        let malformed = |column| Error::Malformed { column };
        Ok(UsageRecord {
            vm: VmId(Uuid::from_slice(&self.vm).map_err(|_| malformed("usage.vm"))?),
            day: u32::try_from(self.day).map_err(|_| malformed("usage.day"))?,
            used: UsageDay {
                unknown_ms: u64::try_from(self.unknown_ms).unwrap_or_default(),
                until: row::from_sql(self.until),
                amounts: unpack(&self.body).ok_or(malformed("usage.body"))?,
            },
        })
    }
}

impl Store {
    /// Adds to what is kept of days, in one transaction: some hundred at a time hold the database for milliseconds.
    ///
    /// # Errors
    /// When the database cannot be written: nothing was added then.
    pub async fn usage_add(&self, records: &[UsageRecord]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for record in records {
            add(&mut tx, record).await?;
        }
        Ok(tx.commit().await?)
    }

    /// All VMs' days of one day.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn usage_of_day(&self, day: u32) -> Result<Vec<UsageRecord>, Error> {
        let rows: Vec<UsageRow> = sqlx::query_as("select * from usage where day = ?")
            .bind(i64::from(day))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(UsageRow::record).collect()
    }

    /// The newest day that anything is kept of.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn usage_newest_day(&self) -> Result<Option<u32>, Error> {
        let day: Option<i64> = sqlx::query_scalar("select max(day) from usage")
            .fetch_one(&self.pool)
            .await?;
        Ok(day.and_then(|day| u32::try_from(day).ok()))
    }

    /// The days of a VM from `from` to `to`, both included, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn usage_of(&self, vm: VmId, from: u32, to: u32) -> Result<Vec<UsageRecord>, Error> {
        if from > to {
            return Ok(Vec::new());
        }
        let rows: Vec<UsageRow> = sqlx::query_as(
            "with recursive d (day) as (select ?1 union all select day + 1 from d where day < ?2) \
             select usage.* from d join usage using (day) where vm = ?3 order by day",
        )
        .bind(i64::from(from))
        .bind(i64::from(to))
        .bind(vm.0.as_bytes().as_slice())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(UsageRow::record).collect()
    }

    /// Adds what VMs used under old ids to what they did under new ones. One transaction for each day that has any of them.
    ///
    /// # Errors
    /// When the database cannot be written: the days that were moved stay moved, and moving again moves the rest.
    pub async fn usage_move(&self, renamed: &HashMap<VmId, VmId>) -> Result<(), Error> {
        if renamed.is_empty() {
            return Ok(());
        }
        let days: Vec<i64> = sqlx::query_scalar(
            "with recursive d (day) as (select (select max(day) from usage) \
             union all select (select max(day) from usage where day < d.day) from d where d.day is not null) \
             select day from d where day is not null",
        )
        .fetch_all(&self.pool)
        .await?;
        for day in days {
            // Asked once: most VMs are on few of three years' days.
            let there: Vec<Vec<u8>> = sqlx::query_scalar("select vm from usage where day = ?")
                .bind(day)
                .fetch_all(&self.pool)
                .await?;
            let there = there.iter().filter_map(|vm| Uuid::from_slice(vm).ok());
            let moved: Vec<(VmId, VmId)> = there
                .filter_map(|vm| Some((VmId(vm), *renamed.get(&VmId(vm))?)))
                .collect();
            if !moved.is_empty() {
                self.usage_move_day(day, &moved).await?;
            }
        }
        Ok(())
    }

    async fn usage_move_day(&self, day: i64, moved: &[(VmId, VmId)]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for (from, to) in moved {
            let row: Option<UsageRow> =
                sqlx::query_as("delete from usage where day = ? and vm = ? returning *")
                    .bind(day)
                    .bind(from.0.as_bytes().as_slice())
                    .fetch_optional(&mut *tx)
                    .await?;
            if let Some(row) = row {
                let record = UsageRecord {
                    vm: *to,
                    ..row.record()?
                };
                add(&mut tx, &record).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Deletes some of the days before `day`, by the clock, but none of the `keep` newest ones that anything was measured on:
    /// a clock that is ahead proves nothing. False when nothing is left to do.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn usage_prune_some(&self, day: u32, keep: u32) -> Result<bool, Error> {
        let oldest: Option<i64> = sqlx::query_scalar("select min(day) from usage")
            .fetch_one(&self.pool)
            .await?;
        if oldest.is_none_or(|oldest| oldest >= i64::from(day)) {
            return Ok(false);
        }
        let kept: Option<Option<i64>> = sqlx::query_scalar(
            "with recursive d (day, rest) as (select (select max(day) from usage), ?1 \
             union all select (select max(day) from usage where day < d.day), rest - 1 from d \
             where rest > 1 and d.day is not null) select day from d where rest = 1",
        )
        .bind(i64::from(keep.max(1)))
        .fetch_optional(&self.pool)
        .await?;
        let Some(kept) = kept.flatten() else {
            return Ok(false);
        };
        let done = sqlx::query(
            "delete from usage where (day, vm) in (select day, vm from usage where day < ? limit 500)",
        )
        .bind(kept.min(i64::from(day)))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

/// Adds to what is kept of a day.
async fn add(tx: &mut Transaction<'static, Sqlite>, record: &UsageRecord) -> Result<(), Error> {
    let (day, vm) = (i64::from(record.day), record.vm.0.as_bytes().as_slice());
    let there: Option<UsageRow> = sqlx::query_as("select * from usage where day = ? and vm = ?")
        .bind(day)
        .bind(vm)
        .fetch_optional(&mut **tx)
        .await?;
    let mut used = match there {
        Some(row) => row.record()?.used,
        None => UsageDay::default(),
    };
    used.add(&record.used);
    sqlx::query("insert or replace into usage (day, vm, unknown_ms, until, body) values (?, ?, ?, ?, ?)")
        .bind(day)
        .bind(vm)
        .bind(i64::try_from(used.unknown_ms).unwrap_or(i64::MAX))
        .bind(row::to_sql(used.until))
        .bind(pack(&used.amounts))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The place of the quantity in [`Quantity::ALL`], the amount and the time it is known for, each as few bytes as it takes.
fn pack(amounts: &BTreeMap<Quantity, Amount>) -> Vec<u8> {
    let mut body = Vec::new();
    for (place, quantity) in (0u64..).zip(Quantity::ALL) {
        if let Some(amount) = amounts.get(&quantity) {
            for mut number in [place, amount.units, amount.known_ms] {
                while number >= 0x80 {
                    body.push((number & 0x7f) as u8 | 0x80);
                    number >>= 7;
                }
                body.push(number as u8);
            }
        }
    }
    body
}

fn unpack(mut body: &[u8]) -> Option<BTreeMap<Quantity, Amount>> {
    let mut amounts = BTreeMap::new();
    while !body.is_empty() {
        let place = number(&mut body)?;
        let amount = Amount {
            units: number(&mut body)?,
            known_ms: number(&mut body)?,
        };
        // What a newer version counts is passed over.
        if let Some(quantity) = Quantity::ALL.get(usize::try_from(place).ok()?) {
            amounts.insert(*quantity, amount);
        }
    }
    Some(amounts)
}

fn number(body: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = body.split_first()?;
        *body = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
