//! All status pages that the account may see: how each is, who reads it, who made it.
use super::{LIST_URL, may_not, may_publish, standing};
use crate::{
    components::{empty::Empty, icon::icon},
    cx::cx,
    fetched::Fetched,
    routes::{Route, StatusTab},
    text::{S, s, s_fill, s_plural},
};
use leptos::prelude::*;
use wxa_model::status::Audience;
use wxa_wire::{StatusPageEntry, StatusPageShut};

/// The page.
#[component]
pub(super) fn List() -> impl IntoView {
    let cx = cx();
    let pages = Fetched::<Vec<StatusPageEntry>>::new(LIST_URL);
    pages.again_while(|_| true, std::time::Duration::from_secs(15));
    let may = may_publish(cx);
    view! {
        <div class="head head-pad">
            <div class="title">
                <h1>{s(S::Title)}</h1>
                <span class="grow"></span>
                {may.then(|| view! { <a class="btn primary" href=Route::StatusPageNew.path()>{icon("plus")}{s(S::New)}</a> })}
            </div>
        </div>
        <div class="table-scroll">{pages.view("external", move |list| table(list, may))}</div>
    }
    .into_any()
}

fn table(list: Vec<StatusPageEntry>, may: bool) -> AnyView {
    if list.is_empty() {
        return if may { nothing_yet() } else { may_not() };
    }
    view! {
        <p class="muted pad">{s(S::ListIntro)}</p>
        <table class="users status-list" aria-label=s(S::Title)>
            <thead>
                <tr>
                    <th scope="col">{s(S::ColPage)}</th>
                    <th scope="col">{s(S::ColNow)}</th>
                    <th scope="col">{s(S::ColServices)}</th>
                    <th scope="col">{s(S::ColReadBy)}</th>
                    <th scope="col">{s(S::ColCreator)}</th>
                </tr>
            </thead>
            <tbody>{list.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    view! {
        <Empty image="external" title=s(S::EmptyTitle) text=s(S::EmptyText)>
            <div class="card-acts">
                <a class="btn primary" href=Route::StatusPageNew.path()>{icon("plus")}{s(S::New)}</a>
                <a class="btn" href=Route::Vms.path()>{icon("filter")}{s(S::FromAFilter)}</a>
            </div>
        </Empty>
    }
    .into_any()
}

fn row(page: StatusPageEntry) -> AnyView {
    let now = match (page.shut, page.standing) {
        (Some(why), _) => shut(why),
        (None, Some(standing)) => standing::badge(standing),
        (None, None) => view! { <span class="muted">{s(S::NoServices)}</span> }.into_any(),
    };
    let names: Vec<&str> = page.services.iter().map(|(_, name)| name.as_str()).collect();
    let names = names.join(", ");
    let links = match page.links {
        0 => String::new(),
        n => s_plural(S::CountLinks, n as usize),
    };
    let who = match page.audience {
        Audience::Links => "",
        Audience::SignedIn => s(S::ReadSignedIn),
        Audience::Everybody => s(S::ReadEverybody),
    };
    let read_by = match (who, links) {
        ("", links) if links.is_empty() => s(S::NoLinks).to_owned(),
        ("", links) => links,
        (who, links) if links.is_empty() => who.to_owned(),
        (who, links) => s_fill(S::AndLinks, &[("who", &who), ("links", &links)]),
    };
    let href = Route::StatusPage(page.id, StatusTab::default()).path();
    let links_at = Route::StatusPage(page.id, StatusTab::Links).path();
    view! {
        <tr>
            <td class="who"><a class="name" href=href>{page.title}</a></td>
            <td>{now}</td>
            <td class="may cut" title=names.clone()>{names.clone()}</td>
            <td class="may"><a href=links_at>{read_by}</a></td>
            <td class="muted seen">{page.creator}</td>
        </tr>
    }
    .into_any()
}

/// Why nobody can read a page, as a badge.
pub(super) fn shut(why: StatusPageShut) -> AnyView {
    let why = s(match why {
        StatusPageShut::CreatorDisabled => S::ShutDisabled,
        StatusPageShut::CreatorGone => S::ShutGone,
    });
    view! { <span class="st st-crashed">{icon("forbid")}{s_fill(S::ClosedBecause, &[("why", &why)])}</span> }
        .into_any()
}
