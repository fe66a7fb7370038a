//! The audit log: reading, exporting, checking.
mod csv;
mod export;

pub(super) use export::route as export_route;

use wxa_core::{AuditCheck, AuditEntry, AuditFilter, Error, OutcomeFilter};
use wxa_wire::{AuditCheckView, AuditPageView, AuditQuery, AuditView, operation as op};

use super::Call;

pub(super) async fn audit_list(call: Call<op::AuditList>) -> Result<AuditPageView, Error> {
    let filter = filter(call.params)?;
    let page = call.app.core.audit_page(&call.ctx, &filter).await?;
    let check = call.app.core.audit_checked(&call.ctx)?;
    Ok(AuditPageView {
        rows: page.entries.into_iter().map(view).collect(),
        next: page.next,
        check: check.as_deref().map(check_view),
    })
}

pub(super) async fn audit_verify(call: Call<op::AuditVerify>) -> Result<AuditCheckView, Error> {
    let check = call.app.core.audit_verify(&call.ctx).await?;
    Ok(check_view(&check))
}

/// A row as it travels.
pub(super) fn view(entry: AuditEntry) -> AuditView {
    AuditView {
        id: entry.id,
        number: entry.number,
        at: entry.at,
        by: entry.by,
        from: entry.from,
        request_id: entry.request_id,
        what: entry.what,
        on: entry.on,
        on_id: entry.on_id,
        ended_at: entry.ended_at,
        outcome: entry.outcome.map(|outcome| outcome.name().to_owned()),
        detail: entry.detail,
    }
}

/// A check as it travels.
pub(super) fn check_view(check: &AuditCheck) -> AuditCheckView {
    let report = &check.report;
    AuditCheckView {
        at: check.at,
        intact: check.is_intact(),
        rows: report.rows,
        older: report.older,
        links: report.links,
        head: report.head.map(|head| head.to_string()),
        end_was_noted: check.end_was_noted,
        breaks: report.breaks.iter().map(ToString::to_string).collect(),
        break_count: report.break_count,
    }
}

fn filter(query: AuditQuery) -> Result<AuditFilter, Error> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let outcome = given(query.outcome).map(|name| {
        OutcomeFilter::from_name(&name).ok_or_else(|| Error::Invalid {
            field: "outcome",
            why: "it is one of done, refused, failed, unknown, open".into(),
        })
    });
    Ok(AuditFilter {
        id: None,
        on: given(query.on),
        by: given(query.by),
        what: given(query.what),
        outcome: outcome.transpose()?,
        from: given(query.from),
        since: query.since,
        until: query.until,
        text: given(query.q),
        before: query.before,
        limit: query.limit,
    })
}
