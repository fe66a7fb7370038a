//! Checking the journal: every link against the row it covers, and the log against the journal.
use super::{
    AuditRow,
    chain::{self, ChainHead, ChainKey, Part},
};
use crate::{Error, Store};
use std::fmt;

/// How many breaks are told one by one; the rest are counted.
pub const BREAKS: usize = 20;
/// Links that are read at once.
const BATCH: i64 = 2000;

/// From where on the journal is checked: what came before was accepted by an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainSince {
    /// The last link that is taken as it is.
    pub link: ChainHead,
    /// The last row that is taken as it is.
    pub row: u64,
}

impl ChainSince {
    /// From the very beginning.
    pub const START: Self = Self {
        link: ChainHead::START,
        row: 0,
    };
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// Links that were looked at.
    pub links: u64,
    /// Rows of the log.
    pub rows: u64,
    /// Of these, rows that are older than the journal: taken in as they were when it began.
    pub older: u64,
    /// The newest link.
    pub head: Option<ChainHead>,
    /// The first [`BREAKS`] of what is wrong.
    pub breaks: Vec<ChainBreak>,
    /// How much is wrong in all.
    pub break_count: u64,
}

impl ChainReport {
    fn found(&mut self, found: ChainBreak) {
        self.break_count += 1;
        if self.breaks.len() < BREAKS {
            self.breaks.push(found);
        }
    }
}

/// Something that is not as it was written. Rows and links are given by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainBreak {
    /// The beginning of a row was changed, or the row stands in another's place.
    RowChanged(u64),
    /// The end of a row was changed.
    EndChanged(u64),
    /// A row was taken out.
    RowRemoved(u64),
    /// A row was put in beside the program.
    RowAdded(u64),
    /// A row was ended beside the program.
    EndAdded(u64),
    /// Links of the journal were taken out: from, to.
    LinksRemoved(u64, u64),
    /// A link is not one that the program writes.
    LinkChanged(u64),
    /// The end of the log was cut off: the journal's last link, and the one that was noted elsewhere.
    CutOff(u64, u64),
    /// The link of this number is another one than was noted elsewhere.
    Rewritten(u64),
    /// The note about the journal's end was itself changed.
    NoteChanged,
}

impl fmt::Display for ChainBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowChanged(row) => {
                write!(f, "row {row}: what was written before the act was changed")
            }
            Self::EndChanged(row) => write!(f, "row {row}: how it ended was changed"),
            Self::RowRemoved(row) => write!(f, "row {row}: it was taken out"),
            Self::RowAdded(row) => write!(f, "row {row}: it was put in by something else"),
            Self::EndAdded(row) => write!(f, "row {row}: it was ended by something else"),
            Self::LinksRemoved(from, to) if from == to => {
                write!(f, "link {from} of the journal was taken out")
            }
            Self::LinksRemoved(from, to) => {
                write!(f, "links {from} to {to} of the journal were taken out")
            }
            Self::LinkChanged(n) => write!(f, "link {n} of the journal was changed"),
            Self::CutOff(last, noted) => write!(
                f,
                "the end was cut off: the journal ends with link {last}, and link {noted} had been written"
            ),
            Self::Rewritten(n) => write!(
                f,
                "link {n} is another one than was noted: the log was replaced by another, or sealed with another key"
            ),
            Self::NoteChanged => f.write_str("the note about the journal's end (audit.head) was changed"),
        }
    }
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    n: i64,
    part: String,
    row: i64,
    mac: Vec<u8>,
}

impl Store {
    /// Checks the journal and the log from `since` on, and that it holds the links `noted` elsewhere. Writers are not
    /// held up: what is added meanwhile is checked too, or next time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_verify(
        &self,
        key: &ChainKey,
        since: &ChainSince,
        noted: &[ChainHead],
    ) -> Result<ChainReport, Error> {
        let mut report = ChainReport::default();
        let mut last = i64::try_from(since.link.n).unwrap_or(i64::MAX);
        let mut before = since.link.mac.to_vec();
        loop {
            let (links, rows) = self.chain_batch(last).await?;
            if links.is_empty() {
                break;
            }
            for link in links {
                let row = rows
                    .binary_search_by_key(&link.row, |row| row.seq)
                    .ok()
                    .and_then(|at| rows.get(at));
                check(key, &mut report, last, &before, &link, row);
                for noted in noted.iter().filter(|noted| number(link.n) == noted.n) {
                    if link.mac != noted.mac {
                        report.found(ChainBreak::Rewritten(noted.n));
                    }
                }
                report.links += 1;
                report.head = chain::head(link.n, &link.mac);
                last = link.n;
                before = link.mac;
            }
        }
        if let Some(noted) = noted.iter().max_by_key(|noted| noted.n)
            && noted.n > number(last)
        {
            report.found(ChainBreak::CutOff(number(last), noted.n));
        }
        self.unlinked(since.row, &mut report).await?;
        Ok(report)
    }

    /// The links after number `last`, and the rows they are about in order, both as of one moment.
    async fn chain_batch(&self, last: i64) -> Result<(Vec<LinkRow>, Vec<AuditRow>), Error> {
        let mut tx = self.pool.begin().await?;
        let links: Vec<LinkRow> = sqlx::query_as("select * from audit_link where n > ? order by n limit ?")
            .bind(last)
            .bind(BATCH)
            .fetch_all(&mut *tx)
            .await?;
        let rows: Vec<AuditRow> = sqlx::query_as(
            r#"select * from audit where seq in (select "row" from audit_link where n > ? order by n limit ?)
               order by seq"#,
        )
        .bind(last)
        .bind(BATCH)
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((links, rows))
    }

    /// Rows and ends that the journal does not know.
    async fn unlinked(&self, since: u64, report: &mut ChainReport) -> Result<(), Error> {
        let since = i64::try_from(since).unwrap_or(i64::MAX);
        let added: Vec<(i64, bool)> = sqlx::query_as(
            r#"select seq, begun is null from (
                 select a.seq, a.outcome,
                   (select 1 from audit_link where "row" = a.seq and part = 'begin') as begun,
                   (select 1 from audit_link where "row" = a.seq and part = 'end') as ended
                 from audit a where a.seq > ?)
               where begun is null or (outcome is not null and ended is null) order by seq"#,
        )
        .bind(since)
        .fetch_all(&self.pool)
        .await?;
        for (seq, is_new) in added {
            report.found(match is_new {
                true => ChainBreak::RowAdded(number(seq)),
                false => ChainBreak::EndAdded(number(seq)),
            });
        }
        let (rows, older): (i64, i64) = sqlx::query_as(
            r#"select count(*), count(*) filter (where seq <=
                 (select coalesce(max("row"), 0) from audit_link where part = 'start')) from audit"#,
        )
        .fetch_one(&self.pool)
        .await?;
        (report.rows, report.older) = (number(rows), number(older));
        Ok(())
    }
}

/// Checks one link after the link number `last` with the seal `before`.
fn check(
    key: &ChainKey,
    report: &mut ChainReport,
    last: i64,
    before: &[u8],
    link: &LinkRow,
    row: Option<&AuditRow>,
) {
    let is_next = link.n == last.saturating_add(1);
    if !is_next {
        report.found(ChainBreak::LinksRemoved(
            number(last.saturating_add(1)),
            number(link.n.saturating_sub(1)),
        ));
    }
    let part = match link.part.as_str() {
        "start" => Part::Start,
        "begin" => Part::Begin,
        "end" => Part::End,
        _ => return report.found(ChainBreak::LinkChanged(number(link.n))),
    };
    let start = AuditRow::nothing(link.row);
    let row = match (part, row) {
        (Part::Start, _) => &start,
        (_, Some(row)) => row,
        // Told once, with its beginning.
        (Part::End, None) => return,
        (Part::Begin, None) => return report.found(ChainBreak::RowRemoved(number(link.row))),
    };
    // Without the link before, this one cannot be checked: that something is missing was said.
    if is_next && chain::seal(key, link.n, before, part, row).as_slice() != link.mac {
        report.found(match part {
            Part::Start => ChainBreak::LinkChanged(number(link.n)),
            Part::Begin => ChainBreak::RowChanged(number(link.row)),
            Part::End => ChainBreak::EndChanged(number(link.row)),
        });
    }
}

fn number(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
