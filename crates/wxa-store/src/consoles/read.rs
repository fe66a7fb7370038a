//! Reading what was printed.
use super::{ConsoleStore, TapeKey, signed, times, unsigned};
use crate::Error;
use wxa_model::UnixMillis;

/// Pieces that one reading looks at.
const PIECES: i64 = 256;
/// The longest piece: where one begins of which a later byte is wanted.
const REACH: u64 = super::PIECE as u64;

/// Bytes that were printed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Offset of the first byte.
    pub offset: u64,
    /// When they were printed.
    pub at: UnixMillis,
    /// What.
    pub bytes: Vec<u8>,
}

impl Printed {
    /// Offset after the last byte.
    pub fn end(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }
}

impl ConsoleStore {
    /// What is kept of `from..to`, in order, at most `most` bytes of it. It may begin later than at `from`, and have gaps: what is
    /// between two that do not meet is not kept. Empty only when nothing of it is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self, key: TapeKey, from: u64, to: u64, most: usize) -> Result<Vec<Printed>, Error> {
        let mut all = Vec::new();
        let Some(number) = self.number(key).await?.filter(|_| from < to && most > 0) else {
            return Ok(all);
        };
        let (mut place, mut room) = (from, most);
        while room > 0 && place < to {
            let pieces = self.pieces(number, place, to, room).await?;
            let before = place;
            for (offset, at, marks, body) in pieces {
                for part in cut(offset, at, &marks, &body) {
                    let Some(part) = within(part, place, to, room) else {
                        continue;
                    };
                    (place, room) = (part.end(), room - part.bytes.len());
                    all.push(part);
                }
            }
            if place == before {
                break;
            }
        }
        Ok(all)
    }

    /// Pieces with something of `from..to`, not many more bytes than `most`.
    async fn pieces(
        &self,
        number: i64,
        from: u64,
        to: u64,
        most: usize,
    ) -> Result<Vec<(u64, u64, Vec<u8>, Vec<u8>)>, Error> {
        // A piece has at least one byte, and mostly some thousand: what is too much is left out below.
        let rows = signed((most as u64).div_ceil(4096) + 1).min(PIECES);
        let rows: Vec<(i64, i64, Vec<u8>, Vec<u8>)> = sqlx::query_as(
            r#"select "offset", at, times, body from console_piece
               where tape = ?1 and "offset" > ?2 and "offset" < ?3 and "offset" + len > ?4
               order by "offset" limit ?5"#,
        )
        .bind(number)
        .bind(signed(from) - signed(REACH))
        .bind(signed(to))
        .bind(signed(from))
        .bind(rows)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(offset, at, marks, body)| (unsigned(offset), unsigned(at), marks, body))
            .collect())
    }

    /// The end of the last stretch that is kept before `before`; none when nothing is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kept_before(&self, key: TapeKey, before: u64) -> Result<Option<u64>, Error> {
        let Some(number) = self.number(key).await? else {
            return Ok(None);
        };
        let end: Option<i64> = sqlx::query_scalar(
            r#"select "offset" + len from console_piece where tape = ? and "offset" < ? order by "offset" desc limit 1"#,
        )
        .bind(number)
        .bind(signed(before))
        .fetch_optional(&self.pool)
        .await?;
        Ok(end.map(|end| unsigned(end).min(before)))
    }

    /// The stretches that are kept, oldest first: `(from, to)`. At most `most` of them, the latest ones.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn spans(&self, key: TapeKey, most: usize) -> Result<Vec<(u64, u64)>, Error> {
        let Some(number) = self.number(key).await? else {
            return Ok(Vec::new());
        };
        let rows: Vec<(i64, i64)> =
            sqlx::query_as(r#"select "offset", len from console_piece where tape = ? order by "offset""#)
                .bind(number)
                .fetch_all(&self.pool)
                .await?;
        let mut spans: Vec<(u64, u64)> = Vec::new();
        for (offset, len) in rows {
            let (from, to) = (unsigned(offset), unsigned(offset) + unsigned(len));
            match spans.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
        spans.drain(..spans.len().saturating_sub(most));
        Ok(spans)
    }
}

/// The parts of a piece that were printed at different times.
fn cut(offset: u64, at: u64, marks: &[u8], body: &[u8]) -> Vec<Printed> {
    let parts = times::parts(marks, body.len() as u64);
    let ends = parts.iter().skip(1).map(|(begin, _)| *begin);
    let ends: Vec<u64> = ends.chain([body.len() as u64]).collect();
    parts
        .iter()
        .zip(ends)
        .filter_map(|((begin, after), end)| {
            let range = usize::try_from(*begin).ok()?..usize::try_from(end).ok()?;
            Some(Printed {
                offset: offset + begin,
                at: UnixMillis(at.saturating_add(*after)),
                bytes: body.get(range)?.to_vec(),
            })
        })
        .collect()
}

/// What of it is in `from..to`, at most `most` bytes; none when nothing is.
fn within(mut part: Printed, from: u64, to: u64, most: usize) -> Option<Printed> {
    let end = part.end().min(to);
    let begin = part.offset.max(from);
    if begin >= end {
        return None;
    }
    let skip = usize::try_from(begin - part.offset).ok()?;
    let len = usize::try_from(end - begin).ok()?.min(most);
    if len == 0 {
        return None;
    }
    part.bytes.truncate(skip + len);
    part.bytes.drain(..skip);
    part.offset = begin;
    Some(part)
}
