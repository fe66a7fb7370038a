//! Incidents and maintenance on status pages.
use wxa_core::{EndChange, Error, IncidentChange, NewIncident, NewMaintenance};
use wxa_model::status::{Incident, Maintenance};
use wxa_wire::{MaintenanceParams, NoticesView, operation as op};

use super::Call;

pub(super) async fn status_notice_list(call: Call<op::StatusNoticeList>) -> Result<NoticesView, Error> {
    let notices = call.app.core.status_notice_list(&call.ctx, call.id).await?;
    Ok(NoticesView {
        incidents: notices.incidents,
        maintenance: notices.maintenance,
    })
}

pub(super) async fn incident_create(call: Call<op::IncidentCreate>) -> Result<Incident, Error> {
    let new = NewIncident {
        title: call.params.title,
        services: call.params.services,
        began_at: call.params.began_at,
        stage: call.params.stage,
        text: call.params.text,
    };
    call.app.core.incident_create(&call.ctx, call.id, new).await
}

pub(super) async fn incident_set(call: Call<op::IncidentSet>) -> Result<Incident, Error> {
    let change = IncidentChange {
        title: call.params.title,
        services: call.params.services,
        began_at: call.params.began_at,
        end: call.params.ended_at.map_or(EndChange::Keep, EndChange::Set),
    };
    call.app.core.incident_set(&call.ctx, call.id, change).await
}

pub(super) async fn incident_update_add(call: Call<op::IncidentUpdateAdd>) -> Result<Incident, Error> {
    let (stage, text) = (call.params.stage, call.params.text);
    let core = &call.app.core;
    core.incident_update_add(&call.ctx, call.id, stage, text).await
}

pub(super) async fn incident_delete(call: Call<op::IncidentDelete>) -> Result<(), Error> {
    call.app.core.incident_delete(&call.ctx, call.id).await
}

pub(super) async fn maintenance_create(call: Call<op::MaintenanceCreate>) -> Result<Maintenance, Error> {
    let core = &call.app.core;
    core.maintenance_create(&call.ctx, call.id, new(call.params))
        .await
}

pub(super) async fn maintenance_set(call: Call<op::MaintenanceSet>) -> Result<Maintenance, Error> {
    let core = &call.app.core;
    core.maintenance_set(&call.ctx, call.id, new(call.params)).await
}

pub(super) async fn maintenance_delete(call: Call<op::MaintenanceDelete>) -> Result<(), Error> {
    call.app.core.maintenance_delete(&call.ctx, call.id).await
}

fn new(params: MaintenanceParams) -> NewMaintenance {
    NewMaintenance {
        title: params.title,
        text: params.text,
        services: params.services,
        from: params.from,
        until: params.until,
        counts: params.counts,
    }
}
