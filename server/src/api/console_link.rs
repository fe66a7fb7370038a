//! Links that open one console to somebody without an account.
use secrecy::{ExposeSecret as _, SecretString};
use wxa_core::{ConsoleLinkEntry, Error, LinkTyping, NewConsoleLink};
use wxa_wire::{
    console::links::{ConsoleLinkCreated, ConsoleLinkParams, ConsoleLinkView},
    operation as op,
};

use super::Call;

pub(super) async fn console_link_create(
    call: Call<op::ConsoleLinkCreate>,
) -> Result<ConsoleLinkCreated, Error> {
    let core = &call.app.core;
    let made = core.console_link_create(&call.ctx, call.id, new(call.params));
    made.await.map(created)
}

pub(super) async fn console_link_list(
    call: Call<op::ConsoleLinkList>,
) -> Result<Vec<ConsoleLinkView>, Error> {
    let links = call.app.core.console_link_list(&call.ctx, call.id).await?;
    Ok(links.into_iter().map(view).collect())
}

pub(super) async fn console_link_revoke(call: Call<op::ConsoleLinkRevoke>) -> Result<(), Error> {
    call.app.core.console_link_revoke(&call.ctx, call.id).await
}

fn new(params: ConsoleLinkParams) -> NewConsoleLink {
    NewConsoleLink {
        name: params.name,
        kind: params.kind,
        minutes: params.minutes,
        typing: if params.typing {
            LinkTyping::Allowed
        } else {
            LinkTyping::No
        },
    }
}

fn created((entry, secret): (ConsoleLinkEntry, SecretString)) -> ConsoleLinkCreated {
    ConsoleLinkCreated {
        link: view(entry),
        path: format!("/c/{}", secret.expose_secret()),
    }
}

fn view(entry: ConsoleLinkEntry) -> ConsoleLinkView {
    let ConsoleLinkEntry { link, open } = entry;
    ConsoleLinkView {
        id: link.id,
        vm: link.vm,
        kind: link.kind,
        name: link.name,
        typing: link.typing == LinkTyping::Allowed,
        by: link.by,
        made_at: link.made_at,
        until: link.until,
        open,
    }
}
