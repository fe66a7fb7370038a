//! The audit log: a row is begun before the act and ended after it; nothing is ever taken out.
use crate::{Error, Store, row};
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

    fn from_name(name: &str) -> Option<Self> {
        [Self::Done, Self::Refused, Self::Failed, Self::Unknown]
            .into_iter()
            .find(|o| o.name() == name)
    }
}

/// A row as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// How it began.
    pub begin: AuditBegin,
    /// When it ended; none while under way, and when the server was stopped in the middle.
    pub ended_at: Option<UnixMillis>,
    /// How it ended; none while under way.
    pub outcome: Option<AuditOutcome>,
    /// More about the outcome, without secrets.
    pub detail: String,
}

#[derive(sqlx::FromRow)]
struct AuditRow {
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
    /// Begins a row; it is on the disk when this returns.
    ///
    /// # Errors
    /// When it could not be kept: the act must not happen.
    pub async fn audit_begin(&self, row: &AuditBegin) -> Result<(), Error> {
        sqlx::query(
            r#"insert into audit (id, at, who, "user", from_address, request_id, what, on_label, on_id)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?)"#,
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
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends a row.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_end(
        &self,
        id: AuditId,
        at: UnixMillis,
        outcome: AuditOutcome,
        detail: &str,
    ) -> Result<(), Error> {
        sqlx::query(
            "update audit set ended_at = ?, outcome = ?, detail = ? where id = ? and outcome is null",
        )
        .bind(row::to_sql(at))
        .bind(outcome.name())
        .bind(detail)
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Marks the rows that a stopped server left open as of unknown outcome. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_close_open(&self, detail: &str) -> Result<u64, Error> {
        let done = sqlx::query("update audit set outcome = 'unknown', detail = ? where outcome is null")
            .bind(detail)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }

    /// The newest `limit` rows, newest first; only those on the object with the id `on` where given.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_list(&self, on: Option<&str>, limit: u32) -> Result<Vec<AuditRecord>, Error> {
        let rows: Vec<AuditRow> = match on {
            Some(on) => {
                sqlx::query_as("select * from audit where on_id = ? order by seq desc limit ?")
                    .bind(on)
                    .bind(limit)
                    .fetch_all(&self.pool)
                    .await?
            }
            None => {
                sqlx::query_as("select * from audit order by seq desc limit ?")
                    .bind(limit)
                    .fetch_all(&self.pool)
                    .await?
            }
        };
        rows.into_iter().map(AuditRow::record).collect()
    }
}
