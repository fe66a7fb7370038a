//! Marks: places on a tape at which something happened.
use super::{ConsoleStore, TapeKey, signed, unsigned};
use crate::{Error, row};
use sqlx::{Sqlite, Transaction};
use wxa_model::UnixMillis;

/// Marks that are kept of one tape.
const MOST: i64 = 4000;

/// What a boot's mark is called.
pub const BOOT: &str = "boot";

/// Something at a place on a tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRecord {
    /// Where.
    pub offset: u64,
    /// When.
    pub at: UnixMillis,
    /// What: [`BOOT`], or the name that whoever understands consoles has for it.
    pub what: String,
    /// What goes with it, e.g. milliseconds.
    pub value: Option<u64>,
}

/// Adds a mark; what was there of the same kind at the same place is replaced. The oldest go when there are too many.
pub(super) async fn put(
    tx: &mut Transaction<'static, Sqlite>,
    tape: i64,
    mark: &MarkRecord,
) -> Result<(), Error> {
    sqlx::query(
        r#"insert or replace into console_mark (tape, "offset", at, what, value) values (?, ?, ?, ?, ?)"#,
    )
    .bind(tape)
    .bind(signed(mark.offset))
    .bind(row::to_sql(mark.at))
    .bind(&mark.what)
    .bind(mark.value.map(signed))
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        r#"delete from console_mark where tape = ?1 and "offset" < (
           select "offset" from console_mark where tape = ?1 order by "offset" desc limit 1 offset ?2)"#,
    )
    .bind(tape)
    .bind(MOST)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl ConsoleStore {
    /// The latest `most` marks, oldest first: of one kind, or of all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn marks(&self, key: TapeKey, what: Option<&str>, most: u32) -> Result<Vec<MarkRecord>, Error> {
        let Some(number) = self.number(key).await? else {
            return Ok(Vec::new());
        };
        let rows: Vec<(i64, i64, String, Option<i64>)> = sqlx::query_as(
            r#"select "offset", at, what, value from console_mark where tape = ?1 and (?2 is null or what = ?2)
               order by "offset" desc, what desc limit ?3"#,
        )
        .bind(number)
        .bind(what)
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await?;
        let marks = rows
            .into_iter()
            .rev()
            .map(|(offset, at, what, value)| MarkRecord {
                offset: unsigned(offset),
                at: row::from_sql(at),
                what,
                value: value.map(unsigned),
            });
        Ok(marks.collect())
    }
}
