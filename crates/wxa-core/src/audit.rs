//! The audit log: a row begins before the act, or the act does not happen.
//!
//! Every row is covered by the journal, which is checked at the start and on a schedule: see [`check`].
pub mod check;
mod head;
mod list;
mod refused;

pub use check::{AuditCheck, AuditChecks};
pub(crate) use head::HeadNote;
pub use list::{AuditEntry, AuditPage};
pub(crate) use refused::RefusalBudget;
pub use wxa_store::{AuditFilter, AuditOutcome, ChainHead, OutcomeFilter};

use crate::{Clock, Core, Ctx, Error};
use std::{future::Future, sync::Arc};
use uuid::Uuid;
use wxa_model::AuditId;
use wxa_store::{AuditBegin, ChainKey, Store};

/// Longest name, address or label in a row, in characters: what strangers send must not fill the disk.
const LABEL_CHARS: usize = 200;
const DETAIL_CHARS: usize = 1000;

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

/// Writes rows.
#[derive(Clone)]
pub(crate) struct AuditWriter {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) key: ChainKey,
    /// Where the journal's end is noted, outside of the database.
    pub(crate) head: Arc<HeadNote>,
}

impl AuditWriter {
    /// Ends the rows that a killed run left open. Returns how many.
    pub(crate) async fn close_open(&self, detail: &str) -> Result<u64, wxa_store::Error> {
        let (rows, head) = self.store.audit_close_open(&self.key, detail).await?;
        if let Some(head) = head {
            self.head.note(head);
        }
        Ok(rows)
    }

    /// A row that an earlier run began and left open, to be ended by this one.
    pub(crate) fn resume(&self, id: AuditId, what: &'static str) -> AuditRow {
        AuditRow {
            id,
            what,
            writer: self.clone(),
            open: true,
        }
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
            by: tidy(&ctx.who(), LABEL_CHARS),
            user: ctx.user,
            from: tidy(&ctx.from, LABEL_CHARS),
            request_id: tidy(&ctx.request_id, LABEL_CHARS),
            what: what.to_owned(),
            on: tidy(&target.label, LABEL_CHARS),
            on_id: tidy(&target.id, LABEL_CHARS),
        };
        let head = self.store.audit_begin(&self.key, &begin).await?;
        self.head.note(head);
        ctx.recorded.note();
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
    /// The row's id.
    pub fn id(&self) -> AuditId {
        self.id
    }

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

    /// The act goes on without us: the next run ends the row.
    pub(crate) fn leave(mut self) {
        self.open = false;
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
        let writer = &self.writer;
        match writer
            .store
            .audit_end(&writer.key, self.id, at, outcome, &detail)
            .await
        {
            Ok(Some(head)) => writer.head.note(head),
            Ok(None) => {}
            // The act is over: there is nobody left to refuse it to.
            Err(error) => {
                tracing::error!(what = self.what, id = %self.id, %error, "an audit row could not be ended");
            }
        }
    }
}

impl std::fmt::Debug for AuditRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuditRow")
            .field("id", &self.id)
            .field("what", &self.what)
            .finish_non_exhaustive()
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
}

fn outcome_of(error: &Error) -> AuditOutcome {
    match error {
        Error::Unauthenticated
        | Error::Forbidden
        | Error::NotByToken
        | Error::NotFound
        | Error::Invalid { .. }
        | Error::Conflict(_)
        | Error::TooMany { .. } => AuditOutcome::Refused,
        Error::HostUnavailable { .. } | Error::NotRecorded(_) | Error::Internal(_) => AuditOutcome::Failed,
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
