//! Reading the inventory, tasks and the audit log.
use wxa_core::{AuditEntry, AuditFilter, Error};
use wxa_model::Task;
use wxa_wire::{AuditView, InventoryView, operation as op};

use super::Call;

/// How many tasks the list holds.
const TASKS: u32 = 50;

pub(super) async fn inventory_get(call: Call<op::InventoryGet>) -> Result<InventoryView, Error> {
    let view = call.app.core.inventory_view(&call.ctx);
    Ok(InventoryView {
        epoch: view.epoch,
        revision: view.revision,
        now: view.now,
        objects: view.objects,
    })
}

pub(super) async fn task_list(call: Call<op::TaskList>) -> Result<Vec<Task>, Error> {
    call.app.core.task_list(&call.ctx, TASKS).await
}

pub(super) async fn audit_list(call: Call<op::AuditList>) -> Result<Vec<AuditView>, Error> {
    let filter = AuditFilter {
        on: call.params.on,
        limit: call.params.limit,
    };
    let entries = call.app.core.audit_list(&call.ctx, filter).await?;
    let view = |entry: AuditEntry| AuditView {
        id: entry.id,
        at: entry.at,
        by: entry.by,
        from: entry.from,
        what: entry.what,
        on: entry.on,
        on_id: entry.on_id,
        ended_at: entry.ended_at,
        outcome: entry.outcome.map(|outcome| outcome.name().to_owned()),
        detail: entry.detail,
    };
    Ok(entries.into_iter().map(view).collect())
}
