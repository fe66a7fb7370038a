//! Taking the rows that the filter leaves to a spreadsheet or a script.
use crate::{components::icon::icon, cx::cx, routes};
use leptos::prelude::*;

/// The menu.
#[component]
pub(super) fn Export() -> impl IntoView {
    let nav = cx().nav;
    let link = move |format: &'static str, words: &'static str| {
        let href = move || nav.url.with(|url| routes::audit_export_url(url, format));
        view! { <a class="btn quiet menu-item" href=href download>{icon("download")}{words}</a> }
    };
    view! {
        <details class="menu">
            <summary class="btn">{icon("download")}"Export"</summary>
            <div class="menu-list">
                <p class="menu-head">"All rows that pass the filter"</p>
                {link("csv", "CSV, for spreadsheets")}
                {link("jsonl", "JSON lines, for scripts")}
            </div>
        </details>
    }
    .into_any()
}
