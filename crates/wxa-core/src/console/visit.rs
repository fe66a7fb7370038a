//! The audit row of an opened console: it ends with the console, not with its opening.
use crate::{
    AuditRow,
    supervisor::{Restart, Supervisor},
};
use std::fmt;

/// Somebody's visit to a console, from opening to leaving. Dropped, it ends too, a moment later.
pub(super) struct Visit {
    row: Option<AuditRow>,
    supervisor: Supervisor,
}

impl Visit {
    pub(super) fn new(row: AuditRow, supervisor: Supervisor) -> Self {
        Self {
            row: Some(row),
            supervisor,
        }
    }

    /// Ends the visit; `how` is a sentence.
    pub(super) async fn end(mut self, how: &str) {
        if let Some(row) = self.row.take() {
            row.done(how).await;
        }
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visit")
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let Some(row) = self.row.take() else { return };
        let mut once = Some(row);
        self.supervisor.spawn("console left", Restart::Forget, move |_| {
            let row = once.take();
            async move {
                if let Some(row) = row {
                    row.done(super::LEFT).await;
                }
                Ok(())
            }
        });
    }
}
