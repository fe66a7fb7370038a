//! Checking the journal: at the start, every hour, and whenever somebody asks.
use super::{AuditFilter, AuditTarget};
use crate::{
    Core, Ctx, Error,
    supervisor::{Restart, WorkerError},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;
use wxa_model::{Permission, UnixMillis};
use wxa_store::{ChainBreak, ChainHead, ChainReport, ChainSince};

/// Between two checks.
pub(crate) const EVERY: Duration = Duration::from_secs(3600);

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCheck {
    /// When it ended.
    pub at: UnixMillis,
    /// What the journal says.
    pub report: ChainReport,
    /// Whether the journal's end was noted outside of the database before: without a note, a log whose end was cut
    /// off looks like a shorter log.
    pub end_was_noted: bool,
}

impl AuditCheck {
    /// Whether everything is as it was written.
    pub fn is_intact(&self) -> bool {
        self.report.break_count == 0
    }
}

/// The last check, for those who look.
#[derive(Clone, Debug)]
pub struct AuditChecks(watch::Sender<Option<Arc<AuditCheck>>>);

impl Default for AuditChecks {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl AuditChecks {
    /// The last one; none before the first has ended.
    pub fn last(&self) -> Option<Arc<AuditCheck>> {
        self.0.borrow().clone()
    }

    /// Tells when there is a new one.
    pub fn watch(&self) -> watch::Receiver<Option<Arc<AuditCheck>>> {
        self.0.subscribe()
    }
}

impl Core {
    /// The last check of the audit log; none before the first has ended.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn audit_checked(&self, ctx: &Ctx) -> Result<Option<Arc<AuditCheck>>, Error> {
        ctx.require_installation(Permission::Administer)?;
        Ok(self.inner.audit_checks.last())
    }

    /// Checks the audit log now, and leaves a row about it.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; when the database does not answer.
    pub async fn audit_verify(&self, ctx: &Ctx) -> Result<Arc<AuditCheck>, Error> {
        ctx.require_installation(Permission::Administer)?;
        let core = self.clone();
        self.audited(ctx, "audit_verify", AuditTarget::installation(), async move {
            Ok(core.check_audit(&[]).await?)
        })
        .await
    }

    /// Checks the audit log now without leaving a row; also that the journal holds `links`, which somebody has kept.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; when the database does not answer.
    pub async fn audit_check(&self, ctx: &Ctx, links: &[ChainHead]) -> Result<Arc<AuditCheck>, Error> {
        ctx.require_installation(Permission::Administer)?;
        Ok(self.check_audit(links).await?)
    }

    /// Takes the log as it is now: what was found is written down in it, and later checks begin here. For somebody
    /// who knows why it is so, e.g. after a backup was restored.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] without a reason; when the database does not answer.
    pub async fn audit_accept(&self, ctx: &Ctx, reason: &str) -> Result<Arc<AuditCheck>, Error> {
        ctx.require_installation(Permission::Administer)?;
        if reason.trim().is_empty() {
            return Err(Error::Invalid {
                field: "reason",
                why: "say why the log is as it is: it is written down".into(),
            });
        }
        let found = self.check_audit(&[]).await?;
        let row = self
            .audit_begin(ctx, "audit_accept", AuditTarget::installation())
            .await?;
        let store = &self.inner.store;
        let newest = AuditFilter::default();
        let since = ChainSince {
            link: store.audit_chain_head().await?.unwrap_or(ChainHead::START),
            row: store
                .audit_list(&newest, 1)
                .await?
                .first()
                .map_or(0, |row| row.number),
        };
        self.inner.audit.head.accept(since);
        let breaks: Vec<String> = found.report.breaks.iter().map(ToString::to_string).collect();
        let found_words = match found.report.break_count {
            0 => "nothing was wrong".to_owned(),
            count => format!("{count} wrong: {}", breaks.join("; ")),
        };
        row.done(&format!("{reason} ({found_words})")).await;
        Ok(self.check_audit(&[]).await?)
    }

    async fn check_audit(&self, links: &[ChainHead]) -> Result<Arc<AuditCheck>, wxa_store::Error> {
        let (store, audit) = (&self.inner.store, &self.inner.audit);
        // Read before the journal is: what is added meanwhile is behind it.
        let noted = audit.head.noted();
        let known: Vec<ChainHead> = links.iter().copied().chain(noted.head).collect();
        let mut report = store.audit_verify(&audit.key, &noted.since, &known).await?;
        if noted.is_forged {
            report.breaks.push(ChainBreak::NoteChanged);
            report.break_count += 1;
        }
        let check = Arc::new(AuditCheck {
            at: self.now(),
            report,
            end_was_noted: noted.head.is_some(),
        });
        if check.is_intact() {
            // Whoever keeps this log elsewhere can compare: `audit verify --head`.
            let head = check.report.head.map(|head| head.to_string());
            tracing::info!(
                rows = check.report.rows,
                head = head.unwrap_or_default(),
                "the audit log is intact"
            );
        } else {
            audit.head.freeze();
            for found in &check.report.breaks {
                tracing::error!(%found, "the audit log is not as it was written");
            }
        }
        self.inner.audit_checks.0.send_replace(Some(check.clone()));
        Ok(check)
    }

    /// Checks now and again, for as long as the server runs.
    pub(crate) fn check_audit_every(&self, pause: Duration) {
        let core = self.clone();
        let supervisor = self.live().supervisor.clone();
        supervisor.spawn("audit log check", Restart::OnFailure, move |stop| {
            run(core.clone(), pause, stop)
        });
    }
}

async fn run(core: Core, pause: Duration, stop: CancellationToken) -> Result<(), WorkerError> {
    loop {
        tokio::select! {
            checked = core.check_audit(&[]) => checked.map(drop)?,
            () = stop.cancelled() => return Ok(()),
        }
        tokio::select! {
            () = sleep(pause) => {}
            () = stop.cancelled() => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
