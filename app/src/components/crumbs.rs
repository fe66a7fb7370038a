//! Where the page is, from the site down.
use crate::{
    cx::Cx,
    filter,
    routes::{HostTab, Route, url::Url},
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{Host, HostKind};

/// The way to a page: names and addresses.
#[component]
pub fn Crumbs(#[prop(into)] way: Signal<Vec<(String, String)>>) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label=t(T::Breadcrumb)>
            <ol>
                {move || {
                    way.get()
                        .into_iter()
                        .map(|(name, href)| view! { <li><a href=href>{name}</a></li> })
                        .collect_view()
                }}
            </ol>
        </nav>
    }
    .into_any()
}

/// The way to a host: its site, and for a member its pool. Tracks both.
pub fn way_to(cx: Cx, host: &Host) -> Vec<(String, String)> {
    let site = cx.live.site(host.site).map(|site| {
        let q = filter::term("site", &site.name);
        (site.name.clone(), Url::parse("/vms").with("q", &q).text())
    });
    let pool = match host.kind {
        HostKind::Plain | HostKind::Pool => None,
        HostKind::Member { .. } => cx.live.pool_of(host).map(|pool| step(&pool)),
    };
    site.into_iter().chain(pool).collect()
}

/// The way to what is on a host.
pub fn way_through(cx: Cx, host: &Host) -> Vec<(String, String)> {
    let mut way = way_to(cx, host);
    way.push(step(host));
    way
}

fn step(host: &Host) -> (String, String) {
    (host.name.clone(), Route::Host(host.id, HostTab::Overview).path())
}
