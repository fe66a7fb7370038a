//! Going through a long list, newest first: links, so that each page has its address.
use crate::cx::cx;
use leptos::prelude::*;

/// The links below a list; `next` is where older ones begin.
#[component]
pub fn Pager(#[prop(into)] next: Signal<Option<u64>>) -> impl IntoView {
    let nav = cx().nav;
    let to = move |before: &str| nav.url.with(|url| url.with("before", before).text());
    let is_first = Memo::new(move |_| nav.query("before").is_empty());
    move || {
        let older = next.get();
        (older.is_some() || !is_first.get()).then(|| {
            view! {
                <nav class="pager" aria-label="Pages">
                    {(!is_first.get()).then(|| view! { <a class="btn" href=to("")>"Newest"</a> })}
                    {older.map(|older| view! { <a class="btn" href=to(&older.to_string())>"Older"</a> })}
                </nav>
            }
        })
    }
}
