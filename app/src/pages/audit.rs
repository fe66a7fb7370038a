//! Who did what, from where, on what, and how it ended.
use crate::{
    components::{empty::Empty, icon::icon, when::When},
    cx::cx,
    format, routes, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::VmId;
use wxa_wire::{AuditView, ErrorBody};

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    view! {
        <div class="head head-pad"><h1>"Audit log"</h1></div>
        <div class="table-scroll"><AuditTable on=None/></div>
    }
    .into_any()
}

/// The rows on one VM, or on everything.
#[component]
pub fn AuditTable(on: Option<VmId>) -> impl IntoView {
    let cx = cx();
    let url = routes::audit_url(on);
    let rows = RwSignal::new(cx.prefetched::<Vec<AuditView>>(&url).map(Ok));
    Effect::new(move |_| {
        if rows.with_untracked(Option::is_none) {
            let url = url.clone();
            spawn_local(async move {
                let reply: Result<Vec<AuditView>, ErrorBody> = crate::transport::get(&url).await;
                rows.set(Some(reply));
            });
        }
    });
    move || {
        match rows.get() {
        None => skeleton(),
        Some(Err(body)) => {
            let words = words::error(&body);
            view! { <Empty image="audit" title=words.title text=words.detail/> }.into_any()
        }
        Some(Ok(rows)) if rows.is_empty() => {
            view! { <Empty image="audit" title="Nothing yet" text="Every change is written down here before it is made."/> }
                .into_any()
        }
        Some(Ok(rows)) => table(rows),
    }
    }
}

fn skeleton() -> AnyView {
    view! { <div class="skeleton" aria-label="Loading" role="status"><i></i><i></i><i></i><i></i></div> }
        .into_any()
}

fn table(rows: Vec<AuditView>) -> AnyView {
    view! {
        <table class="audit" aria-label="Audit log">
            <thead>
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"What"</th>
                    <th scope="col">"On"</th>
                    <th scope="col">"Result"</th>
                    <th scope="col" class="from">"From"</th>
                    <th scope="col" class="num">"Took"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(row: AuditView) -> impl IntoView {
    let (class, image, word) = match row.outcome.as_deref() {
        Some("done") => ("st-done", "check", "Done"),
        Some("refused") => ("st-paused", "forbid", "Refused"),
        Some("failed") => ("st-crashed", "cross", "Failed"),
        Some("unknown") => ("st-stale", "question", "Not known"),
        Some(_) => ("st-halted", "info", "Ended"),
        None => ("st-pending", "reboot", "Begun"),
    };
    let took = row.ended_at.map(|ended| format::took(ended.since(row.at)));
    view! {
        <tr>
            <td class="muted at"><When at=row.at/></td>
            <td class="who">{row.by}</td>
            <td class="what" title=row.what.clone()>{words::operation(&row.what)}</td>
            <td class="cut on">{row.on}</td>
            <td class="cut how" title=row.detail.clone()>
                <span class=format!("st {class}")>{icon(image)}{word}</span>
                <span class="muted">" "{row.detail.clone()}</span>
            </td>
            <td class="mono muted from">{row.from}</td>
            <td class="num muted took">{took.unwrap_or_else(|| format::UNKNOWN.into())}</td>
        </tr>
    }
}
