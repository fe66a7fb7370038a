//! Writing what came.
use super::{ConsoleStore, PIECE, PlaceRecord, Printed, TapeWrite, kind_name, mark, signed, times, unsigned};
use crate::{Error, row};
use sqlx::{Sqlite, Transaction};

/// A piece is added to until it has so many bytes: whoever prints a little now and then makes few pieces, and little is copied.
const GROWS: usize = 8 << 10;
/// So long after its beginning a piece is not added to any more.
const GROWS_MS: u64 = 3_600_000;
/// Places that are kept of one tape: a VM that has been on more hosts reads its earlier ones' records anew.
const PLACES: i64 = 16;

impl ConsoleStore {
    /// Writes what came on tapes, with their places, in one transaction.
    ///
    /// # Errors
    /// When the database cannot be written: nothing of it is written then.
    pub async fn append(&self, writes: &[TapeWrite]) -> Result<(), Error> {
        if writes.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for write in writes {
            append_one(&mut tx, write).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn append_one(tx: &mut Transaction<'static, Sqlite>, write: &TapeWrite) -> Result<(), Error> {
    let bytes: usize = write.printed.iter().map(|printed| printed.bytes.len()).sum();
    let number: i64 = sqlx::query_scalar(
        r#"insert into console_tape (vm, kind, epoch, "end", bytes) values (?, ?, ?, ?, ?)
           on conflict (vm, kind) do update set epoch = excluded.epoch, "end" = excluded."end",
           bytes = bytes + excluded.bytes
           returning number"#,
    )
    .bind(write.key.vm.to_string())
    .bind(kind_name(write.key.kind))
    .bind(signed(write.epoch))
    .bind(signed(write.end))
    .bind(signed(bytes as u64))
    .fetch_one(&mut **tx)
    .await?;
    for place in &write.places {
        put_place(tx, number, place).await?;
    }
    for mark in &write.marks {
        mark::put(tx, number, mark).await?;
    }
    let Some(first) = write.printed.first() else {
        return Ok(());
    };
    let mut last = last_piece(tx, number).await?;
    if last.as_ref().is_some_and(|last| !last.takes(first)) {
        last = None;
    }
    let mut piece = last.unwrap_or_else(|| Piece::beginning(first));
    for printed in &write.printed {
        if !piece.takes(printed) || piece.len() + printed.bytes.len() > PIECE {
            piece.put(tx, number).await?;
            piece = Piece::beginning(printed);
        }
        piece.add(printed);
    }
    piece.put(tx, number).await
}

async fn put_place(
    tx: &mut Transaction<'static, Sqlite>,
    tape: i64,
    place: &PlaceRecord,
) -> Result<(), Error> {
    sqlx::query(
        r#"insert into console_place (tape, host, file, "offset", owed)
           select ?1, ?2, ?3, ?4, ?5 where (select count(*) from console_place where tape = ?1 and host <> ?2) < ?6
           on conflict (tape, host) do update set file = excluded.file, "offset" = excluded."offset", owed = excluded.owed"#,
    )
    .bind(tape)
    .bind(place.host.to_string())
    .bind(place.file.cast_signed())
    .bind(signed(place.offset))
    .bind(signed(place.owed))
    .bind(PLACES)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A piece that is being filled.
struct Piece {
    /// Its row; none when it is new.
    id: Option<i64>,
    offset: u64,
    at: u64,
    /// Bytes that are in its row already.
    there: usize,
    /// When these were printed.
    times: Vec<u8>,
    /// What is to be added.
    body: Vec<u8>,
}

async fn last_piece(tx: &mut Transaction<'static, Sqlite>, tape: i64) -> Result<Option<Piece>, Error> {
    let row: Option<(i64, i64, i64, i64)> = sqlx::query_as(
        r#"select id, "offset", at, len from console_piece where tape = ? order by "offset" desc limit 1"#,
    )
    .bind(tape)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.and_then(|(id, offset, at, len)| {
        let there = usize::try_from(len).ok().filter(|there| *there < GROWS)?;
        Some(Piece {
            id: Some(id),
            offset: unsigned(offset),
            at: unsigned(at),
            there,
            times: Vec::new(),
            body: Vec::new(),
        })
    }))
}

impl Piece {
    fn beginning(printed: &Printed) -> Self {
        Self {
            id: None,
            offset: printed.offset,
            at: printed.at.0,
            there: 0,
            times: Vec::new(),
            body: Vec::new(),
        }
    }

    fn len(&self) -> usize {
        self.there + self.body.len()
    }

    /// Whether it may go on with that.
    fn takes(&self, printed: &Printed) -> bool {
        self.offset + self.len() as u64 == printed.offset && printed.at.0.abs_diff(self.at) < GROWS_MS
    }

    fn add(&mut self, printed: &Printed) {
        if self.len() > 0 {
            let (begins, after) = (self.len() as u64, printed.at.0.saturating_sub(self.at));
            times::push(&mut self.times, begins, after);
        }
        self.body.extend_from_slice(&printed.bytes);
    }

    async fn put(self, tx: &mut Transaction<'static, Sqlite>, tape: i64) -> Result<(), Error> {
        if self.body.is_empty() {
            return Ok(());
        }
        let len = signed(self.len() as u64);
        match self.id {
            Some(id) => {
                sqlx::query(
                    "update console_piece set len = ?, times = cast(times || ? as blob), body = cast(body || ? as blob) where id = ?",
                )
                .bind(len)
                .bind(self.times)
                .bind(self.body)
                .bind(id)
                .execute(&mut **tx)
                .await?;
            }
            None => {
                sqlx::query(
                    r#"insert into console_piece (tape, "offset", at, len, times, body) values (?, ?, ?, ?, ?, ?)"#,
                )
                .bind(tape)
                .bind(signed(self.offset))
                .bind(row::to_sql(wxa_model::UnixMillis(self.at)))
                .bind(len)
                .bind(self.times)
                .bind(self.body)
                .execute(&mut **tx)
                .await?;
            }
        }
        Ok(())
    }
}
