//! Making status pages.
use wxa_core::{CheckSaid, Error, NewCheck, NewService, NewStatusPage, PageDetails, PageEntry, PageShut};
use wxa_model::{CheckId, status::view::StatusView};
use wxa_wire::{
    CheckParams, CheckView, LeftOff, LeftOffWhy, ServiceParams, StatusPageEntry, StatusPageParams,
    StatusPageShut, StatusPageView, operation as op,
};

use super::Call;

pub(super) async fn status_page_list(call: Call<op::StatusPageList>) -> Result<Vec<StatusPageEntry>, Error> {
    let pages = call.app.core.status_page_list(&call.ctx).await?;
    Ok(pages.into_iter().map(entry).collect())
}

pub(super) async fn status_page_get(call: Call<op::StatusPageGet>) -> Result<StatusPageView, Error> {
    call.app.core.status_page_get(&call.ctx, call.id).await.map(view)
}

pub(super) async fn status_page_create(call: Call<op::StatusPageCreate>) -> Result<StatusPageView, Error> {
    let made = call.app.core.status_page_create(&call.ctx, new(call.params));
    made.await.map(view)
}

pub(super) async fn status_page_set(call: Call<op::StatusPageSet>) -> Result<StatusPageView, Error> {
    let core = &call.app.core;
    let set = core.status_page_set(&call.ctx, call.id, new(call.params));
    set.await.map(view)
}

pub(super) async fn status_page_delete(call: Call<op::StatusPageDelete>) -> Result<(), Error> {
    call.app.core.status_page_delete(&call.ctx, call.id).await
}

pub(super) async fn status_page_preview(call: Call<op::StatusPagePreview>) -> Result<StatusView, Error> {
    call.app.core.status_page_preview(&call.ctx, call.id).await
}

fn entry(entry: PageEntry) -> StatusPageEntry {
    let services = entry.page.services.into_iter();
    StatusPageEntry {
        id: entry.page.id,
        slug: entry.page.slug,
        title: entry.page.title,
        creator: entry.creator,
        created_at: entry.page.created_at,
        audience: entry.page.audience,
        services: services.map(|service| (service.id, service.name)).collect(),
        standing: entry.standing,
        links: entry.links,
        shut: entry.shut.map(shut),
    }
}

fn view(details: PageDetails) -> StatusPageView {
    let left_off = details.left_off.into_iter().map(|(service, why)| LeftOff {
        service,
        why: match why {
            wxa_core::LeftOffWhy::NotSeen => LeftOffWhy::NotSeen,
            wxa_core::LeftOffWhy::Empty => LeftOffWhy::Empty,
            wxa_core::LeftOffWhy::NotAllowed => LeftOffWhy::NotAllowed,
        },
    });
    StatusPageView {
        page: details.page,
        creator: details.creator,
        shut: details.shut.map(shut),
        left_off: left_off.collect(),
        standings: details.standings,
        checks: details.checks.into_iter().map(said).collect(),
    }
}

fn said((check, said): (CheckId, CheckSaid)) -> CheckView {
    CheckView {
        check,
        at: said.at,
        standing: said.standing,
        why: said.why.to_string(),
    }
}

fn shut(shut: PageShut) -> StatusPageShut {
    match shut {
        PageShut::CreatorDisabled => StatusPageShut::CreatorDisabled,
        PageShut::CreatorGone => StatusPageShut::CreatorGone,
    }
}

fn new(params: StatusPageParams) -> NewStatusPage {
    NewStatusPage {
        title: params.title,
        about: params.about,
        slug: params.slug,
        audience: params.audience,
        shown: params.shown,
        language: params.language,
        time_zone: params.time_zone,
        services: params.services.into_iter().map(service).collect(),
    }
}

fn service(params: ServiceParams) -> NewService {
    NewService {
        id: params.id,
        name: params.name,
        about: params.about,
        members: params.members,
        rule: params.rule,
        checks: params.checks.into_iter().map(check).collect(),
    }
}

fn check(params: CheckParams) -> NewCheck {
    NewCheck {
        id: params.id,
        kind: params.kind,
        every_s: params.every_s,
        may_go_inside: params.may_go_inside,
    }
}
