//! The audit log: a row is begun before the act and ended after it; nothing is ever taken out.
//!
//! Each beginning and each end also adds a link to the journal (see [`chain`]), in the same transaction.
pub mod chain;
mod list;
mod verify;

pub use chain::{ChainHead, ChainKey};
pub use list::{AuditFilter, OutcomeFilter};
pub use verify::{BREAKS, ChainBreak, ChainReport, ChainSince};

use crate::{Error, Store, row};
use chain::Part;
use wxa_model::{AuditId, UnixMillis, UserId};

/// The beginning of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditBegin {
    /// Its id.
    pub id: AuditId,
    /// Now.
    pub at: UnixMillis,
    /// The account's name as it is now.
    pub by: String,
    /// The account; none for a caller without one.
    pub user: Option<UserId>,
    /// The caller's address.
    pub from: String,
    /// Finds the request in the log.
    pub request_id: String,
    /// The operation's name.
    pub what: String,
    /// On what, in words.
    pub on: String,
    /// The id of what it is on; empty for the installation.
    pub on_id: String,
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditOutcome {
    /// Done.
    Done,
    /// Not begun: the caller was told why.
    Refused,
    /// Tried, and it did not work.
    Failed,
    /// It may or may not have been done.
    Unknown,
}

impl AuditOutcome {
    /// As it is kept and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Done, Self::Refused, Self::Failed, Self::Unknown]
            .into_iter()
            .find(|o| o.name() == name)
    }
}

/// A row as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Counts up; later rows have greater numbers.
    pub number: u64,
    /// How it began.
    pub begin: AuditBegin,
    /// When it ended; none while under way, and when the server was stopped in the middle.
    pub ended_at: Option<UnixMillis>,
    /// How it ended; none while under way.
    pub outcome: Option<AuditOutcome>,
    /// More about the outcome, without secrets.
    pub detail: String,
}

/// A row as it lies in the database: what the journal covers, whether it makes sense or not.
#[derive(Debug, sqlx::FromRow)]
struct AuditRow {
    seq: i64,
    id: String,
    at: i64,
    who: String,
    user: Option<String>,
    from_address: String,
    request_id: String,
    what: String,
    on_label: String,
    on_id: String,
    ended_at: Option<i64>,
    outcome: Option<String>,
    detail: String,
}

impl AuditRow {
    fn record(self) -> Result<AuditRecord, Error> {
        let outcome = |name: &str| {
            AuditOutcome::from_name(name).ok_or(Error::Malformed {
                column: "audit.outcome",
            })
        };
        Ok(AuditRecord {
            number: u64::try_from(self.seq).unwrap_or_default(),
            begin: AuditBegin {
                id: row::parse(&self.id, "audit.id")?,
                at: row::from_sql(self.at),
                by: self.who,
                user: self.user.map(|id| row::parse(&id, "audit.user")).transpose()?,
                from: self.from_address,
                request_id: self.request_id,
                what: self.what,
                on: self.on_label,
                on_id: self.on_id,
            },
            ended_at: self.ended_at.map(row::from_sql),
            outcome: self.outcome.as_deref().map(outcome).transpose()?,
            detail: self.detail,
        })
    }
}

impl Store {
    /// Begins a row; it is on the disk when this returns. Returns the journal's new head.
    ///
    /// # Errors
    /// When it could not be kept: the act must not happen.
    pub async fn audit_begin(&self, key: &ChainKey, row: &AuditBegin) -> Result<ChainHead, Error> {
        let mut tx = self.begin().await?;
        let begun: AuditRow = sqlx::query_as(
            r#"insert into audit (id, at, who, "user", from_address, request_id, what, on_label, on_id)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning *"#,
        )
        .bind(row.id.to_string())
        .bind(row::to_sql(row.at))
        .bind(&row.by)
        .bind(row.user.map(|id| id.to_string()))
        .bind(&row.from)
        .bind(&row.request_id)
        .bind(&row.what)
        .bind(&row.on)
        .bind(&row.on_id)
        .fetch_one(&mut *tx)
        .await?;
        let head = chain::append(&mut tx, key, Part::Begin, &begun).await?;
        tx.commit().await?;
        Ok(head)
    }

    /// Ends a row, once. Returns the journal's new head; none when the row had ended already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_end(
        &self,
        key: &ChainKey,
        id: AuditId,
        at: UnixMillis,
        outcome: AuditOutcome,
        detail: &str,
    ) -> Result<Option<ChainHead>, Error> {
        let mut tx = self.begin().await?;
        let ended: Option<AuditRow> = sqlx::query_as(
            "update audit set ended_at = ?, outcome = ?, detail = ? where id = ? and outcome is null returning *",
        )
        .bind(row::to_sql(at))
        .bind(outcome.name())
        .bind(detail)
        .bind(id.to_string())
        .fetch_optional(&mut *tx)
        .await?;
        let Some(ended) = ended else { return Ok(None) };
        let head = chain::append(&mut tx, key, Part::End, &ended).await?;
        tx.commit().await?;
        Ok(Some(head))
    }

    /// Marks the rows that a stopped server left open as of unknown outcome, but for those of tasks that are gone on with.
    /// Returns how many, and the journal's new head where there were any.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_close_open(
        &self,
        key: &ChainKey,
        detail: &str,
    ) -> Result<(u64, Option<ChainHead>), Error> {
        let mut tx = self.begin().await?;
        let closed: Vec<AuditRow> = sqlx::query_as(
            "update audit set outcome = 'unknown', detail = ? where outcome is null and id not in \
             (select audit from task where outcome is null and native is not null and audit is not null) \
             returning *",
        )
        .bind(detail)
        .fetch_all(&mut *tx)
        .await?;
        let mut head = None;
        for row in &closed {
            head = Some(chain::append(&mut tx, key, Part::End, row).await?);
        }
        tx.commit().await?;
        Ok((u64::try_from(closed.len()).unwrap_or(u64::MAX), head))
    }
}
