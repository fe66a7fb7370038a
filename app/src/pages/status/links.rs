//! The tab with the links: whom each is for, until when, who opened it; making, replacing and taking them back.
mod form;
mod opens;
mod row;

use super::{
    links_url,
    shared::{Shared, shared},
};
use crate::{
    browser,
    components::shown_once::ShownOnce,
    fetched::Fetched,
    text::{S, s, s_fill},
};
use form::LinkForm;
use leptos::prelude::*;
use row::row;
use wxa_wire::{StatusLinkCreated, StatusLinkView};

/// What the parts of the tab share.
#[derive(Clone, Copy)]
struct All {
    shared: Shared,
    links: Fetched<Vec<StatusLinkView>>,
    /// A link that was just made or replaced, with whether it replaced one.
    fresh: RwSignal<Option<(StatusLinkCreated, Fresh)>>,
}

/// Why there is a link to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fresh {
    Made,
    Rotated,
}

/// The tab.
#[component]
pub(super) fn Links() -> impl IntoView {
    let shared = shared();
    let all = All {
        shared,
        links: Fetched::new(links_url(shared.id)),
        fresh: RwSignal::new(None),
    };
    view! {
        <section class="card" aria-label=s(S::TabLinks)>
            <h2>{s(S::TabLinks)}</h2>
            <p class="muted small">{s(S::LinksIntro)}</p>
            {move || all.fresh.get().map(|(link, why)| shown(all, link, why))}
            {all.links.view("key", move |list| table(all, list))}
            <div class="bare"><LinkForm all=all/></div>
        </section>
    }
    .into_any()
}

fn shown(all: All, link: StatusLinkCreated, why: Fresh) -> AnyView {
    let (label, text) = match why {
        Fresh::Made => (S::LinkMade, S::LinkSend),
        Fresh::Rotated => (S::LinkRotated, S::LinkRotatedSend),
    };
    view! {
        <ShownOnce
            label=s(label)
            text=s_fill(text, &[("label", &link.link.label)])
            secret=browser::address_of(&format!("/s/{}", link.token.0))
            on_done=Callback::new(move |()| all.fresh.set(None))
        />
    }
    .into_any()
}

fn table(all: All, list: Vec<StatusLinkView>) -> AnyView {
    if list.is_empty() {
        return view! { <p>{s(S::LinksEmpty)}</p> }.into_any();
    }
    view! {
        <table class="plain rows links" aria-label=s(S::TabLinks)>
            <thead>
                <tr>
                    <th scope="col">{s(S::ColLabel)}</th>
                    <th scope="col">{s(S::ColUntil)}</th>
                    <th scope="col">{s(S::ColProtected)}</th>
                    <th scope="col">{s(S::ColLastOpened)}</th>
                    <th scope="col"><span class="sr">{s(S::Act)}</span></th>
                </tr>
            </thead>
            <tbody>{list.into_iter().map(|link| row(all, link)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
