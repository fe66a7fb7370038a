//! The audit log.
use super::{NOW, vm};
use uuid::Uuid;
use wxa_model::{AuditId, PowerState, UnixMillis};
use wxa_wire::{AuditCheckView, AuditView};

/// A row of the audit log.
pub fn audit_row(number: u64, what: &str, outcome: Option<&str>) -> AuditView {
    AuditView {
        id: AuditId(Uuid::from_u128(u128::from(number))),
        number,
        at: UnixMillis(NOW.0 - 60_000),
        by: "ada".into(),
        from: "192.0.2.7".into(),
        request_id: "r-17".into(),
        what: what.into(),
        on: "web-01".into(),
        on_id: vm(10, "web-01", PowerState::Running).id.to_string(),
        ended_at: outcome.map(|_| UnixMillis(NOW.0 - 59_000)),
        outcome: outcome.map(Into::into),
        detail: "It is already running.".into(),
    }
}

/// A check that found nothing.
pub fn audit_check() -> AuditCheckView {
    AuditCheckView {
        at: NOW,
        intact: true,
        rows: 1234,
        older: 0,
        links: 2467,
        head: Some(format!("2467:{}", "ab".repeat(32))),
        end_was_noted: true,
        breaks: Vec::new(),
        break_count: 0,
    }
}
