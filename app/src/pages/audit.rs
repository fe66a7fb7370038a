//! Who did what, from where, on what, and how it ended.
mod export;
pub mod rows;

use crate::{
    components::{
        audit_state::AuditState,
        empty::Empty,
        filters::{Field, Filters, Takes},
        icon::icon,
        pager::Pager,
    },
    cx::cx,
    fetched::Fetched,
    routes,
    ui::Tone,
    words,
};
use export::Export;
use leptos::{prelude::*, task::spawn_local};
use rows::Rows;
use std::time::Duration;
use wxa_model::VmId;
use wxa_wire::{AuditPageView, operation as op, operation::NoId};

/// How often rows are asked for anew while one of them is under way.
const EVERY: Duration = Duration::from_secs(3);

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let cx = cx();
    let url = Memo::new(move |_| cx.nav.url.with(routes::audit_url));
    let page = Fetched::<AuditPageView>::following(url);
    page.again_while(is_under_way, EVERY);
    let check = Signal::derive(move || page.get()?.check);
    let next = Signal::derive(move || page.get()?.next);
    let is_checking = RwSignal::new(false);
    let verify = move |_| {
        if is_checking.get_untracked() {
            return;
        }
        is_checking.set(true);
        spawn_local(async move {
            let reply = crate::transport::call::<op::AuditVerify>(NoId, &()).await;
            let _ = is_checking.try_set(false);
            match reply {
                Ok(_) => page.reload(),
                Err(body) => {
                    let words = words::error(&body);
                    cx.ui.say(
                        Tone::Bad,
                        format!("Could not check: {}", words.title.to_lowercase()),
                        words.detail,
                    );
                }
            }
        });
    };
    view! {
        <div class="head head-pad">
            <div class="title">
                <h1>"Audit log"</h1>
                <span class="grow"></span>
                <button type="button" class="btn" on:click=move |_| page.reload()>{icon("reboot")}"Reload"</button>
                <button
                    type="button"
                    class="btn"
                    aria-disabled=move || is_checking.get().then_some("true")
                    on:click=verify
                >
                    {icon("check")}
                    {move || if is_checking.get() { "Checking…" } else { "Check now" }}
                </button>
                <Export/>
            </div>
            {move || page.error().is_none().then(|| view! { <AuditState check=check/> })}
        </div>
        <Filters path="/audit" fields=fields()/>
        <div class="table-scroll">
            {drawn(page, move || cx.nav.url.with_untracked(|url| url.query.is_empty()))}
            <Pager next=next/>
        </div>
    }
    .into_any()
}

/// The rows on one VM.
#[component]
pub fn AuditTable(on: VmId) -> impl IntoView {
    let page = Fetched::new(routes::audit_of_url(on));
    page.again_while(is_under_way, EVERY);
    drawn(page, || true)
}

/// Whether a row of it has yet to end.
fn is_under_way(page: &AuditPageView) -> bool {
    page.rows.iter().any(|row| row.outcome.is_none())
}

/// The rows of a page; `is_everything` tells whether no filter leaves any out.
fn drawn(page: Fetched<AuditPageView>, is_everything: impl Fn() -> bool + Copy + Send + 'static) -> AnyView {
    // Rows that stay the same stay in the document: what is unfolded there, and the focus, stay too.
    let rows = Memo::new(move |_| page.get().map(|page| page.rows).unwrap_or_default());
    page.view_kept("audit", move || {
        let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
        (move || match is_empty.get() {
            true => nothing(is_everything()),
            false => view! { <Rows rows=rows/> }.into_any(),
        })
        .into_any()
    })
}

fn fields() -> Vec<Field> {
    let field = |key, label, takes| Field { key, label, takes };
    let outcomes = [
        ("done", "Done"),
        ("refused", "Refused"),
        ("failed", "Failed"),
        ("unknown", "Not known"),
        ("open", "Under way"),
    ];
    let mut operations: Vec<(String, String)> = words::audited()
        .into_iter()
        .map(|name| (name.to_owned(), words::operation(name)))
        .collect();
    operations.sort_by(|a, b| a.1.cmp(&b.1));
    vec![
        field("by", "Who", Takes::Text("account")),
        field("what", "What", Takes::OneOf(operations)),
        field("on", "On", Takes::Text("name or id")),
        field(
            "outcome",
            "Result",
            Takes::OneOf(
                outcomes
                    .map(|(value, words)| (value.into(), words.into()))
                    .to_vec(),
            ),
        ),
        field("from", "From address", Takes::Text("192.0.2.")),
        field("since", "From day (UTC)", Takes::Day),
        field("until", "To day (UTC)", Takes::Day),
        field("q", "Text", Takes::Text("anywhere in a row")),
    ]
}

fn nothing(is_everything: bool) -> AnyView {
    let (title, text) = if is_everything {
        (
            "Nothing yet",
            "Every change is written down here before it is made.",
        )
    } else {
        ("No row passes this filter", "Take out a field, or show all rows.")
    };
    view! { <Empty image="audit" title=title text=text/> }.into_any()
}
