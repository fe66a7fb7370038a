//! What consoles printed, in a database file of its own: tapes that are addressed by byte offset, the place up to which the
//! host's own record was read, and marks.
//!
//! What was printed in a moment by all guests is one short transaction, and the places go with it: a server that is killed
//! reads on from where its tapes end, so nothing is there twice and nothing is lost that the host still has.
mod mark;
mod open;
mod prune;
mod read;
mod rename;
mod times;
mod write;

pub use mark::{BOOT, MarkRecord};
pub use prune::Keep;
pub use read::Printed;

use crate::{Error, row};
use sqlx::{Sqlite, SqlitePool, Transaction};
use wxa_model::{ConsoleKind, HostId, UnixMillis, VmId};

/// The most bytes in one piece.
pub const PIECE: usize = 64 << 10;

/// Which tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TapeKey {
    /// Whose console.
    pub vm: VmId,
    /// Which of its consoles.
    pub kind: ConsoleKind,
}

/// How far the record that a host keeps of a console was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceRecord {
    /// Which host.
    pub host: HostId,
    /// Which of its files.
    pub file: u64,
    /// Bytes of it that were read.
    pub offset: u64,
    /// Bytes at the tape's end that the host's record is still to tell, because they were seen otherwise first.
    pub owed: u64,
}

/// A tape without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TapeRecord {
    /// Whose.
    pub key: TapeKey,
    /// Names it for ever.
    pub epoch: u64,
    /// Offset after the last byte that was ever printed.
    pub end: u64,
    /// Bytes that are kept.
    pub bytes: u64,
    /// Places in hosts' own records.
    pub places: Vec<PlaceRecord>,
}

/// What came on one tape since it was written last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TapeWrite {
    /// Which.
    pub key: TapeKey,
    /// Its epoch.
    pub epoch: u64,
    /// Offset after the last byte that was printed, kept or not.
    pub end: u64,
    /// What was printed, in order.
    pub printed: Vec<Printed>,
    /// Places in hosts' own records, as they are with these bytes; others stay.
    pub places: Vec<PlaceRecord>,
    /// What happened there.
    pub marks: Vec<MarkRecord>,
}

/// What is kept of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConsoleFacts {
    /// Tapes with something on them.
    pub tapes: u64,
    /// Bytes on them.
    pub bytes: u64,
    /// Bytes in the pages of the file.
    pub file_bytes: u64,
}

/// The tapes. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct ConsoleStore {
    pool: SqlitePool,
}

impl ConsoleStore {
    /// Ends all connections after what is under way.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// All tapes, with whom they belong to and where they end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tapes(&self) -> Result<Vec<TapeRecord>, Error> {
        let rows: Vec<(i64, String, String, i64, i64, i64)> =
            sqlx::query_as(r#"select number, vm, kind, epoch, "end", bytes from console_tape"#)
                .fetch_all(&self.pool)
                .await?;
        let places: Vec<(i64, String, i64, i64, i64)> = sqlx::query_as(
            r#"select tape, host, file, "offset", owed from console_place order by tape, host"#,
        )
        .fetch_all(&self.pool)
        .await?;
        let mut places = places.into_iter().peekable();
        let mut rows: Vec<_> = rows;
        rows.sort_by_key(|row| row.0);
        let read = rows
            .into_iter()
            .filter_map(|(number, vm, kind, epoch, end, bytes)| {
                let mut own = Vec::new();
                while let Some((tape, ..)) = places.peek() {
                    if *tape > number {
                        break;
                    }
                    let Some((tape, host, file, offset, owed)) = places.next() else {
                        break;
                    };
                    if let (true, Ok(host)) = (tape == number, host.parse()) {
                        own.push(PlaceRecord {
                            host,
                            file: file.cast_unsigned(),
                            offset: unsigned(offset),
                            owed: unsigned(owed),
                        });
                    }
                }
                Some(TapeRecord {
                    key: TapeKey {
                        vm: vm.parse().ok()?,
                        kind: kind_of(&kind)?,
                    },
                    epoch: unsigned(epoch),
                    end: unsigned(end),
                    bytes: unsigned(bytes),
                    places: own,
                })
            });
        Ok(read.collect())
    }

    /// How much is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn facts(&self) -> Result<ConsoleFacts, Error> {
        let (tapes, bytes, file): (i64, i64, i64) = sqlx::query_as(
            "select count(*), coalesce(sum(bytes), 0), \
             (select page_size from pragma_page_size) * (select page_count from pragma_page_count) \
             from console_tape where bytes > 0",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(ConsoleFacts {
            tapes: unsigned(tapes),
            bytes: unsigned(bytes),
            file_bytes: unsigned(file),
        })
    }

    /// How much is kept of one tape, and when the oldest of it was printed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kept(&self, key: TapeKey) -> Result<(u64, Option<UnixMillis>), Error> {
        let row: Option<(i64, Option<i64>)> = sqlx::query_as(
            r#"select bytes, (select at from console_piece where tape = number order by "offset" limit 1)
               from console_tape where vm = ? and kind = ?"#,
        )
        .bind(key.vm.to_string())
        .bind(kind_name(key.kind))
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map_or((0, None), |(bytes, at)| (unsigned(bytes), at.map(row::from_sql))))
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        Ok(self.pool.begin_with("begin immediate").await?)
    }

    async fn number(&self, key: TapeKey) -> Result<Option<i64>, Error> {
        let number = sqlx::query_scalar("select number from console_tape where vm = ? and kind = ?")
            .bind(key.vm.to_string())
            .bind(kind_name(key.kind))
            .fetch_optional(&self.pool)
            .await?;
        Ok(number)
    }
}

fn kind_name(kind: ConsoleKind) -> &'static str {
    match kind {
        ConsoleKind::Pv => "pv",
        ConsoleKind::Serial => "serial",
        ConsoleKind::Graphical => "graphical",
    }
}

fn kind_of(name: &str) -> Option<ConsoleKind> {
    match name {
        "pv" => Some(ConsoleKind::Pv),
        "serial" => Some(ConsoleKind::Serial),
        "graphical" => Some(ConsoleKind::Graphical),
        _ => None,
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
