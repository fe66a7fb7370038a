//! `audit_export`: rows are sent as they are read, a few hundred at a time, however many there are.
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use futures::stream;
use wxa_core::{AuditFilter, AuditPage, AuditTarget, Core, Ctx, Error};
use wxa_wire::{AuditExportQuery, AuditQuery, ExportFormat, Operation, operation as op};

use super::csv;
use crate::{AppState, api::params, asked::Asked, problem, session};

/// Rows that are held in memory at once.
const AT_ONCE: u32 = 500;

/// The route.
pub(in crate::api) fn route() -> MethodRouter<AppState> {
    get(
        |State(app): State<AppState>, asked: Asked, request: Request| async move {
            let parts = request.into_parts().0;
            let ctx = match session::caller(&app, &parts.headers, &asked).await {
                Ok(ctx) => ctx,
                Err(error) => return problem::reply(&error, &asked.request_id),
            };
            let query = match params::read::<op::AuditExport>(&parts, &[]) {
                Ok(query) => query,
                Err(bad) => return problem::unusable(bad.status, "query", &bad.why, &asked.request_id),
            };
            match export(&app.core, &ctx, query).await {
                Ok(response) => response,
                Err(error) => {
                    let name = op::AuditExport::ROW.name;
                    app.core.audit_refused(&ctx, name, "", &error).await;
                    problem::reply(&error, &asked.request_id)
                }
            }
        },
    )
}

async fn export(core: &Core, ctx: &Ctx, query: AuditExportQuery) -> Result<Response, Error> {
    let said = said(&query);
    let format = query.format;
    let mut filter = super::filter(AuditQuery {
        on: query.on,
        by: query.by,
        what: query.what,
        outcome: query.outcome,
        from: query.from,
        since: query.since,
        until: query.until,
        q: query.q,
        before: None,
        limit: Some(AT_ONCE),
    })?;
    // The first page before anything is sent: whoever may not is told so.
    let page = core.audit_page(ctx, &filter).await?;
    filter.before = page.next;
    let row = core
        .audit_begin(ctx, op::AuditExport::ROW.name, AuditTarget::installation())
        .await?;
    row.done(&said).await;

    let begun = Export {
        core: core.clone(),
        ctx: ctx.clone(),
        filter,
        format,
        head: format == ExportFormat::Csv,
        next: Some(page),
    };
    let body = Body::from_stream(stream::try_unfold(begun, Export::more));
    let (content_type, ending) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Jsonl => ("application/x-ndjson", "jsonl"),
    };
    let disposition = format!("attachment; filename=\"audit.{ending}\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).map_err(Error::internal)?,
        ),
    ];
    Ok((headers, body).into_response())
}

/// What was asked for, for the log.
fn said(query: &AuditExportQuery) -> String {
    match serde_json::to_value(query) {
        Ok(serde_json::Value::Object(fields)) => {
            let given = fields.iter().filter(|(_, value)| !value.is_null());
            let given: Vec<_> = given.map(|(name, value)| format!("{name} {value}")).collect();
            given.join(", ")
        }
        _ => String::new(),
    }
}

/// An export under way.
struct Export {
    core: Core,
    ctx: Ctx,
    filter: AuditFilter,
    format: ExportFormat,
    /// The names of the columns are still to be sent.
    head: bool,
    /// The page to send next; none when the last was sent.
    next: Option<AuditPage>,
}

impl Export {
    async fn more(mut self) -> Result<Option<(String, Self)>, Error> {
        let Some(page) = self.next.take() else {
            return Ok(None);
        };
        let mut text = String::new();
        if std::mem::take(&mut self.head) {
            text.push_str(csv::HEAD);
        }
        for entry in page.entries {
            let row = super::view(entry);
            match self.format {
                ExportFormat::Csv => text.push_str(&csv::line(&row)),
                ExportFormat::Jsonl => {
                    text.push_str(&serde_json::to_string(&row).map_err(Error::internal)?);
                    text.push('\n');
                }
            }
        }
        if page.next.is_some() {
            self.filter.before = page.next;
            self.next = Some(self.core.audit_page(&self.ctx, &self.filter).await?);
        }
        Ok(Some((text, self)))
    }
}
