//! Links that open status pages.
use secrecy::{ExposeSecret as _, SecretString};
use wxa_core::{Error, LinkEnded, NewStatusLink, StatusLinkEntry, StatusOpenRecord};
use wxa_wire::{
    SecretText, StatusLinkCreated, StatusLinkEnded, StatusLinkOpens, StatusLinkParams, StatusLinkView,
    StatusOpenView, operation as op,
};

use super::Call;

pub(super) async fn status_link_list(call: Call<op::StatusLinkList>) -> Result<Vec<StatusLinkView>, Error> {
    let links = call.app.core.status_link_list(&call.ctx, call.id).await?;
    Ok(links.into_iter().map(view).collect())
}

pub(super) async fn status_link_create(call: Call<op::StatusLinkCreate>) -> Result<StatusLinkCreated, Error> {
    let core = &call.app.core;
    let made = core.status_link_create(&call.ctx, call.id, new(call.params));
    made.await.map(created)
}

pub(super) async fn status_link_rotate(call: Call<op::StatusLinkRotate>) -> Result<StatusLinkCreated, Error> {
    let rotated = call.app.core.status_link_rotate(&call.ctx, call.id);
    rotated.await.map(created)
}

pub(super) async fn status_link_revoke(call: Call<op::StatusLinkRevoke>) -> Result<(), Error> {
    call.app.core.status_link_revoke(&call.ctx, call.id).await
}

pub(super) async fn status_link_opens(call: Call<op::StatusLinkOpens>) -> Result<StatusLinkOpens, Error> {
    let found = call.app.core.status_link_opens(&call.ctx, call.id).await?;
    Ok(StatusLinkOpens {
        opens: found.opens.into_iter().map(open).collect(),
        more: found.more,
    })
}

fn new(params: StatusLinkParams) -> NewStatusLink {
    NewStatusLink {
        label: params.label,
        expires_at: params.expires_at,
        password: params.password.map(|password| password.0.into()),
        addresses: params.addresses,
        language: params.language,
        time_zone: params.time_zone,
    }
}

fn created((link, token): (StatusLinkEntry, SecretString)) -> StatusLinkCreated {
    StatusLinkCreated {
        link: view(link),
        token: SecretText(token.expose_secret().to_owned()),
    }
}

fn view(link: StatusLinkEntry) -> StatusLinkView {
    StatusLinkView {
        id: link.id,
        label: link.label,
        by: link.by,
        created_at: link.created_at,
        expires_at: link.expires_at,
        ended: link.ended.map(|ended| match ended {
            LinkEnded::Expired => StatusLinkEnded::Expired,
            LinkEnded::Revoked => StatusLinkEnded::Revoked,
        }),
        has_password: link.has_password,
        addresses: link.addresses.iter().map(ToString::to_string).collect(),
        language: link.language,
        time_zone: link.time_zone,
        last_opened_at: link.last_opened_at,
        opens: link.opens,
    }
}

fn open(record: StatusOpenRecord) -> StatusOpenView {
    StatusOpenView {
        first_at: record.first_at,
        last_at: record.last_at,
        from: record.address,
        agent: record.agent,
        count: record.opens,
    }
}
