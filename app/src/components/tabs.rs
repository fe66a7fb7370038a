//! Tabs are links: each has its address, and a sibling keeps the tab.
use crate::text::{T, t};
use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// On it.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// A number beside the label; none for no number.
    pub count: Option<usize>,
    /// Whether it is the one shown.
    pub here: bool,
}

/// The row of tabs.
#[component]
pub fn Tabs(#[prop(into)] tabs: Signal<Vec<Tab>>) -> impl IntoView {
    let tab = |tab: Tab| {
        let count = tab.count.map(|n| view! { <span class="c">{n}</span> });
        view! { <a href=tab.href aria-current=tab.here.then_some("page")>{tab.label}{count}</a> }
    };
    view! {
        <nav class="tabs" aria-label=t(T::Tabs)>
            {move || tabs.get().into_iter().map(tab).collect_view()}
        </nav>
    }
    .into_any()
}
