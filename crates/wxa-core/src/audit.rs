//! The audit log: a row begins before the act, or the act does not happen.
use crate::{Clock, Core, Ctx, Error};
use std::{future::Future, sync::Arc};
use uuid::Uuid;
use wxa_model::{AuditId, Permission, UnixMillis};
use wxa_store::{AuditBegin, Store};

pub use wxa_store::AuditOutcome;

/// Longest name, address or label in a row, in characters: what strangers send must not fill the disk.
const LABEL_CHARS: usize = 200;
const DETAIL_CHARS: usize = 1000;
/// How many rows are read at most, and when nothing is said.
const LIST_MOST: u32 = 1000;
const LIST_USUAL: u32 = 200;

/// What an act is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditTarget {
    /// Its id as text; empty for the installation.
    pub id: String,
    /// In words, e.g. the VM's name; empty for the installation.
    pub label: String,
}

impl AuditTarget {
    /// The installation itself.
    pub fn installation() -> Self {
        Self::default()
    }

    /// An object.
    pub fn new(id: impl ToString, label: impl Into<String>) -> Self {
        Self {
            id: id.to_string(),
            label: label.into(),
        }
    }
}

/// A row of the log as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Ours.
    pub id: AuditId,
    /// Begun, before the act.
    pub at: UnixMillis,
    /// The account's name as it was then; a name that was only tried, for a failed sign-in.
    pub by: String,
    /// The caller's address.
    pub from: String,
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

/// Which rows to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only those on the object with this id.
    pub on: Option<String>,
    /// At most so many; 200 when none, never more than 1000.
    pub limit: Option<u32>,
}

/// Writes rows.
#[derive(Clone)]
pub(crate) struct AuditWriter {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl AuditWriter {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Begins a row. When this fails, the act must not happen.
    pub(crate) async fn begin(
        &self,
        ctx: &Ctx,
        what: &'static str,
        target: AuditTarget,
    ) -> Result<AuditRow, Error> {
        let id = AuditId(Uuid::now_v7());
        let begin = AuditBegin {
            id,
            at: self.clock.now(),
            by: tidy(&ctx.name, LABEL_CHARS),
            user: ctx.user,
            from: tidy(&ctx.from, LABEL_CHARS),
            request_id: tidy(&ctx.request_id, LABEL_CHARS),
            what: what.to_owned(),
            on: tidy(&target.label, LABEL_CHARS),
            on_id: tidy(&target.id, LABEL_CHARS),
        };
        self.store.audit_begin(&begin).await?;
        Ok(AuditRow {
            id,
            what,
            writer: self.clone(),
            open: true,
        })
    }
}

/// A row under way. It must be ended with one of its methods; one that is dropped stays open and is logged.
#[must_use]
pub struct AuditRow {
    id: AuditId,
    what: &'static str,
    writer: AuditWriter,
    open: bool,
}

impl AuditRow {
    /// The act was done.
    pub async fn done(self, detail: &str) {
        self.end(AuditOutcome::Done, detail).await;
    }

    /// The act was not begun, and the caller was told why.
    pub async fn refused(self, detail: &str) {
        self.end(AuditOutcome::Refused, detail).await;
    }

    /// The act was tried and did not work.
    pub async fn failed(self, detail: &str) {
        self.end(AuditOutcome::Failed, detail).await;
    }

    /// The act may or may not have been done.
    pub async fn unknown(self, detail: &str) {
        self.end(AuditOutcome::Unknown, detail).await;
    }

    /// Ends the row as `result` says.
    pub fn conclude<T>(self, result: &Result<T, Error>) -> impl Future<Output = ()> + Send + use<T> {
        let (outcome, detail) = match result {
            Ok(_) => (AuditOutcome::Done, String::new()),
            Err(error) => (outcome_of(error), error.to_string()),
        };
        async move { self.end(outcome, &detail).await }
    }

    async fn end(mut self, outcome: AuditOutcome, detail: &str) {
        self.open = false;
        let at = self.writer.clock.now();
        let detail = tidy(detail, DETAIL_CHARS);
        // The act is over: there is nobody left to refuse it to.
        if let Err(error) = self.writer.store.audit_end(self.id, at, outcome, &detail).await {
            tracing::error!(what = self.what, id = %self.id, %error, "an audit row could not be ended");
        }
    }
}

impl Drop for AuditRow {
    fn drop(&mut self) {
        if self.open {
            tracing::error!(what = self.what, id = %self.id, "an audit row was left open");
        }
    }
}

impl Core {
    /// Begins an audit row for an act; when this fails, the act must not happen.
    ///
    /// # Errors
    /// When the row could not be kept.
    pub async fn audit_begin(
        &self,
        ctx: &Ctx,
        what: &'static str,
        target: AuditTarget,
    ) -> Result<AuditRow, Error> {
        self.inner.audit.begin(ctx, what, target).await
    }

    /// Does `act` between the beginning and the end of an audit row, to its end even when the caller goes away.
    pub(crate) async fn audited<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        what: &'static str,
        target: AuditTarget,
        act: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let (audit, ctx) = (self.inner.audit.clone(), ctx.clone());
        self.to_the_end(what, async move {
            let row = audit.begin(&ctx, what, target).await?;
            let result = act.await;
            row.conclude(&result).await;
            result
        })
        .await
    }

    /// Who did what, from where, on what, and how it ended; newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation.
    pub async fn audit_list(&self, ctx: &Ctx, filter: AuditFilter) -> Result<Vec<AuditEntry>, Error> {
        ctx.require_installation(Permission::Administer)?;
        let limit = filter.limit.unwrap_or(LIST_USUAL).min(LIST_MOST);
        let records = self.inner.store.audit_list(filter.on.as_deref(), limit).await?;
        Ok(records
            .into_iter()
            .map(|record| AuditEntry {
                id: record.begin.id,
                at: record.begin.at,
                by: record.begin.by,
                from: record.begin.from,
                what: record.begin.what,
                on: record.begin.on,
                on_id: record.begin.on_id,
                ended_at: record.ended_at,
                outcome: record.outcome,
                detail: record.detail,
            })
            .collect())
    }
}

fn outcome_of(error: &Error) -> AuditOutcome {
    match error {
        Error::Unauthenticated
        | Error::Forbidden
        | Error::NotFound
        | Error::Invalid { .. }
        | Error::Conflict(_)
        | Error::TooMany { .. } => AuditOutcome::Refused,
        Error::HostUnavailable { .. } | Error::Internal(_) => AuditOutcome::Failed,
        Error::OutcomeUnknown { .. } => AuditOutcome::Unknown,
    }
}

/// One line of at most `most` characters: nothing that could look like another row or fill the log.
pub(crate) fn tidy(text: &str, most: usize) -> String {
    let mut tidy: String = text
        .chars()
        .take(most)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(most).is_some() {
        tidy.push('…');
    }
    tidy
}

#[cfg(test)]
mod tests;
