//! Where the page is, from the site down.
use crate::text::{T, t};
use leptos::prelude::*;

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
