//! The audit row of an opened console: it ends with the console, not with its opening.
use crate::{
    AuditRow,
    supervisor::{Restart, Supervisor},
};
use std::fmt;

/// Added to how a visit ended in which nothing was typed.
const WATCHED: &str = "Nothing was typed.";

/// Whether a visitor typed anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum TypedThere {
    #[default]
    Nothing,
    Something,
}

/// Somebody's visit to a console, from opening to leaving. Dropped, it ends too, a moment later.
pub(super) struct Visit {
    row: Option<AuditRow>,
    typed: TypedThere,
    supervisor: Supervisor,
}

impl Visit {
    pub(super) fn new(row: AuditRow, supervisor: Supervisor) -> Self {
        Self {
            row: Some(row),
            typed: TypedThere::default(),
            supervisor,
        }
    }

    /// Whether anything was typed, before the visit ends.
    pub(super) fn note(&mut self, typed: TypedThere) {
        self.typed = typed;
    }

    /// Ends the visit; `how` is a sentence.
    pub(super) async fn end(mut self, how: &str) {
        if let Some(row) = self.row.take() {
            row.done(&told(how, self.typed)).await;
        }
    }
}

fn told(how: &str, typed: TypedThere) -> String {
    match typed {
        TypedThere::Something => how.to_owned(),
        TypedThere::Nothing => format!("{how} {WATCHED}"),
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
        let (mut once, typed) = (Some(row), self.typed);
        self.supervisor.spawn("console left", Restart::Forget, move |_| {
            let row = once.take();
            async move {
                if let Some(row) = row {
                    row.done(&told(super::LEFT, typed)).await;
                }
                Ok(())
            }
        });
    }
}
