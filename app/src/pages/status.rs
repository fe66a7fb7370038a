//! Status pages, for those who make them: the list, making one, and one with its services, readers, links and notices.
mod bars;
mod draft;
mod fields;
mod links;
mod list;
mod look;
mod new;
mod notices;
mod one;
mod preview;
mod services;
mod shared;
mod standing;
mod wall;

use crate::{
    components::{empty::Empty, icon::icon},
    cx::Cx,
    frame::Page,
    routes::Route,
    text::{S, s},
};
use leptos::prelude::*;
use list::List;
use new::New;
use one::One;
use wxa_model::{Role, StatusPageId};
use wxa_wire::{
    Operation,
    operation::{StatusLinkList, StatusNoticeList, StatusPageGet, StatusPageList, StatusPagePreview},
};

/// One of the pages about status pages.
#[component]
pub fn StatusPages(page: Page) -> impl IntoView {
    match page {
        Page::StatusPages => view! { <List/> }.into_any(),
        Page::StatusPageNew => view! { <New/> }.into_any(),
        Page::Status(id) => view! { <One id=id/> }.into_any(),
        _ => ().into_any(),
    }
}

/// The GET that reads the list.
pub const LIST_URL: &str = StatusPageList::ROW.path;

/// The GET that reads one as it was made.
pub fn page_url(id: StatusPageId) -> String {
    StatusPageGet::ROW.path_for(&id)
}

/// The GET that reads one as readers see it.
pub fn preview_url(id: StatusPageId) -> String {
    StatusPagePreview::ROW.path_for(&id)
}

/// The GET that reads its links.
pub fn links_url(id: StatusPageId) -> String {
    StatusLinkList::ROW.path_for(&id)
}

/// The GET that reads its incidents and maintenance.
pub fn notices_url(id: StatusPageId) -> String {
    StatusNoticeList::ROW.path_for(&id)
}

/// Whether the account may make pages: it may act on something.
fn may_publish(cx: Cx) -> bool {
    let may = |role: Role| matches!(role, Role::Operator | Role::Admin);
    cx.grants().iter().any(|grant| may(grant.role))
}

/// For those who may not.
fn may_not() -> AnyView {
    view! {
        <Empty image="external" title=s(S::MayNotTitle) text=s(S::MayNotText)>
            <a class="btn" href=Route::Account.path()>{icon("user")}{crate::text::t(crate::text::T::YourAccount)}</a>
        </Empty>
    }
    .into_any()
}
