//! One link, and who opened it.
use super::{All, Fresh, opens::Opens};
use crate::{
    components::{icon::icon, sure::Sure, when::When},
    cx::{Cx, cx},
    format,
    text::{S, s, s_fill, s_plural},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{StatusLinkId, UnixMillis};
use wxa_wire::{
    ErrorBody, StatusLinkEnded, StatusLinkView,
    operation::{StatusLinkRevoke, StatusLinkRotate},
};

const MINUTE_MS: u64 = 60_000;

pub(super) fn row(all: All, link: StatusLinkView) -> AnyView {
    let cx = cx();
    let id = link.id;
    let open = RwSignal::new(false);
    let label = link.label.clone();
    let opened = match link.last_opened_at {
        Some(at) => view! { {s_plural(S::CountTimes, link.opens as usize)}", "<When at=at/> }.into_any(),
        None => s(S::Never).into_any(),
    };
    let is_over = link.ended.is_some();
    let protected = protected(&link);
    let acts = (!is_over).then(|| {
        let rotate = Callback::new(move |()| rotate(cx, all, id));
        let revoke = Callback::new(move |()| revoke(cx, all, id));
        view! {
            <Sure label=s(S::Rotate) about=link.label.clone() again=s(S::RotateSure) on_yes=rotate/>
            <Sure label=s(S::Revoke) about=link.label.clone() again=s(S::RevokeSure) on_yes=revoke/>
        }
    });
    view! {
        <tr class:ended=is_over>
            <td class="cut who"><b>{link.label.clone()}</b></td>
            <td data-label=s(S::ColUntil)>{until(cx, &link)}</td>
            <td class="may muted">{protected}</td>
            <td class="muted" data-label=s(S::ColLastOpened)>
                <button
                    type="button"
                    class="btn link"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-label=s_fill(S::WhoOpenedOf, &[("label", &label)])
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {opened}
                </button>
            </td>
            <td class="act"><span class="link-acts">{acts}</span></td>
        </tr>
        {move || open.get().then(|| view! { <tr class="opens"><td colspan="5"><Opens id=id/></td></tr> })}
    }
    .into_any()
}

/// Until when it opens the page, or that it does no more.
fn until(cx: Cx, link: &StatusLinkView) -> AnyView {
    let over = |word: S| view! { <span class="st st-crashed">{icon("cross")}{s(word)}</span> }.into_any();
    match (link.ended, link.expires_at) {
        (Some(StatusLinkEnded::Revoked), _) => over(S::Revoked),
        (Some(StatusLinkEnded::Expired), _) => over(S::Expired),
        (None, None) => s(S::NoExpiry).into_any(),
        (None, Some(at)) => left(cx, at),
    }
}

fn left(cx: Cx, at: UnixMillis) -> AnyView {
    let left = Memo::new(move |_| at.0.saturating_sub(cx.clock.now.get().0) / MINUTE_MS * MINUTE_MS);
    let shown = move || match left.get() {
        0 => view! { <span class="st st-crashed">{icon("cross")}{s(S::Expired)}</span> }.into_any(),
        left => s_fill(S::InSpan, &[("span", &format::span(left))]).into_any(),
    };
    shown.into_any()
}

/// What else it takes to open it, and how it is shown there.
fn protected(link: &StatusLinkView) -> String {
    let mut words = Vec::new();
    if link.has_password {
        words.push(s(S::HasPassword).to_owned());
    }
    if !link.addresses.is_empty() {
        words.push(s_fill(
            S::FromAddresses,
            &[("addresses", &link.addresses.join(", "))],
        ));
    }
    words.extend(
        link.language
            .map(|language| crate::pages::status::look::language_name(language).to_owned()),
    );
    words.extend(link.time_zone.clone());
    words.join(", ")
}

fn rotate(cx: Cx, all: All, id: StatusLinkId) {
    spawn_local(async move {
        match transport::call::<StatusLinkRotate>(id, &()).await {
            Ok(made) => all.fresh.set(Some((made, Fresh::Rotated))),
            Err(body) => failed(cx, &body),
        }
        all.links.reload();
    });
}

fn revoke(cx: Cx, all: All, id: StatusLinkId) {
    spawn_local(async move {
        if let Err(body) = transport::call::<StatusLinkRevoke>(id, &()).await {
            failed(cx, &body);
        }
        all.fresh
            .update(|fresh| *fresh = fresh.take().filter(|(link, _)| link.link.id != id));
        all.links.reload();
    });
}

fn failed(cx: Cx, body: &ErrorBody) {
    let words = words::error(body);
    cx.ui.say(Tone::Bad, words.title, words.detail);
}
