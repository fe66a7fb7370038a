//! Reading the audit log, page by page.
use super::{AuditFilter, AuditOutcome};
use crate::{Core, Ctx, Error};
use wxa_model::{AuditId, Permission, UnixMillis};
use wxa_store::AuditRecord;

/// How many rows are read at most, and when nothing is said.
const LIST_MOST: u32 = 1000;
const LIST_USUAL: u32 = 200;

/// A row of the log as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Ours.
    pub id: AuditId,
    /// Counts up; later rows have greater numbers.
    pub number: u64,
    /// Begun, before the act.
    pub at: UnixMillis,
    /// The account's name as it was then; a name that was only tried, for a failed sign-in.
    pub by: String,
    /// The caller's address.
    pub from: String,
    /// Finds the request in the server's log.
    pub request_id: String,
    /// The operation's name.
    pub what: String,
    /// On what, in words; empty for the installation.
    pub on: String,
    /// The id of what it was on; empty for the installation.
    pub on_id: String,
    /// Ended; none while under way, or when the server was stopped in the middle.
    pub ended_at: Option<UnixMillis>,
    /// How; none while under way.
    pub outcome: Option<AuditOutcome>,
    /// More about the outcome, without secrets.
    pub detail: String,
}

/// Some rows, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// The `before` of the next page; none when there is nothing older.
    pub next: Option<u64>,
}

impl Core {
    /// Who did what, from where, on what, and how it ended; newest first. At most as many as the filter says: 200
    /// when it says nothing, never more than 1000.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation.
    pub async fn audit_page(&self, ctx: &Ctx, filter: &AuditFilter) -> Result<AuditPage, Error> {
        ctx.require_installation(Permission::Administer)?;
        let limit = filter.limit.unwrap_or(LIST_USUAL).clamp(1, LIST_MOST);
        let mut records = self.inner.store.audit_list(filter, limit + 1).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = records.len() > wanted;
        records.truncate(wanted);
        let next = records.last().filter(|_| has_more).map(|last| last.number);
        let entries = records.into_iter().map(entry).collect();
        Ok(AuditPage { entries, next })
    }

    /// The rows of one page; see [`Core::audit_page`].
    ///
    /// # Errors
    /// As there.
    pub async fn audit_list(&self, ctx: &Ctx, filter: AuditFilter) -> Result<Vec<AuditEntry>, Error> {
        self.audit_page(ctx, &filter).await.map(|page| page.entries)
    }
}

fn entry(record: AuditRecord) -> AuditEntry {
    AuditEntry {
        id: record.begin.id,
        number: record.number,
        at: record.begin.at,
        by: record.begin.by,
        from: record.begin.from,
        request_id: record.begin.request_id,
        what: record.begin.what,
        on: record.begin.on,
        on_id: record.begin.on_id,
        ended_at: record.ended_at,
        outcome: record.outcome,
        detail: record.detail,
    }
}
