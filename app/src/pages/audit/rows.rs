//! The rows of the audit log; each opens to all that is known of it.
use crate::{
    components::{icon::icon, when::When},
    cx::{Cx, cx},
    format,
    routes::{HostTab, Route, VmTab},
    words,
};
use leptos::prelude::*;
use wxa_model::AuditId;
use wxa_wire::AuditView;

/// The table.
#[component]
pub fn Rows(rows: Memo<Vec<AuditView>>) -> impl IntoView {
    let open = RwSignal::new(None::<AuditId>);
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
            <tbody>
                <For each=move || rows.get() key=|each| (each.id, each.ended_at) let:each>
                    {row(each, open)}
                </For>
            </tbody>
        </table>
    }
    .into_any()
}

/// How an outcome is drawn: class, icon, word.
pub fn outcome(row: &AuditView) -> (&'static str, &'static str, &'static str) {
    match row.outcome.as_deref() {
        Some("done") => ("st-done", "check", "Done"),
        Some("refused") => ("st-paused", "forbid", "Refused"),
        Some("failed") => ("st-crashed", "cross", "Failed"),
        Some("unknown") => ("st-stale", "question", "Not known"),
        Some(_) => ("st-halted", "info", "Ended"),
        None => ("st-pending", "reboot", "Under way"),
    }
}

fn row(row: AuditView, open: RwSignal<Option<AuditId>>) -> AnyView {
    let id = row.id;
    let (class, image, word) = outcome(&row);
    let took = row.ended_at.map(|ended| format::took(ended.since(row.at)));
    let is_open = move || open.get() == Some(id);
    let toggle = move |_| open.update(|open| *open = (*open != Some(id)).then_some(id));
    let details = row.clone();
    view! {
        <tr>
            <td class="muted at"><When at=row.at/></td>
            <td class="who">{row.by}</td>
            <td class="what">
                <button
                    type="button"
                    class="btn link"
                    aria-expanded=move || if is_open() { "true" } else { "false" }
                    on:click=toggle
                >
                    {words::operation(&row.what)}
                </button>
            </td>
            <td class="cut on">{row.on}</td>
            <td class="cut how" title=row.detail.clone()>
                <span class=format!("st {class}")>{icon(image)}{word}</span>
                <span class="muted">" "{words::first_line(&row.detail)}</span>
            </td>
            <td class="mono muted from">{row.from}</td>
            <td class="num muted took">{took.unwrap_or_else(|| format::UNKNOWN.into())}</td>
        </tr>
        {move || is_open().then(|| view! { <tr class="more"><td colspan="7">{facts(cx(), &details)}</td></tr> })}
    }
    .into_any()
}

/// All that is known of a row.
pub fn facts(cx: Cx, row: &AuditView) -> AnyView {
    let took = row.ended_at.map(|ended| format::took(ended.since(row.at)));
    let on = match (row.on.is_empty(), row.on_id.is_empty()) {
        (true, true) => "the installation".to_owned(),
        (true, false) => row.on_id.clone(),
        (false, _) => row.on.clone(),
    };
    let on = match target(cx, &row.on_id) {
        Some(href) => view! { <a class="link" href=href>{on}</a> }.into_any(),
        None => on.into_any(),
    };
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <dt>{name}</dt><dd class="mono wrap">{value}</dd> })
    };
    let (class, image, word) = outcome(row);
    view! {
        <dl class="kv wide">
            <dt>"Row"</dt>
            <dd>{row.number}</dd>
            <dt>"Who"</dt>
            <dd>{row.by.clone()}</dd>
            <dt>"What"</dt>
            <dd>{words::operation(&row.what)}" "<code class="muted">{row.what.clone()}</code></dd>
            <dt>"On"</dt>
            <dd>{on}</dd>
            <dt>"Begun"</dt>
            <dd><When at=row.at/></dd>
            <dt>"Result"</dt>
            <dd>
                <span class=format!("st {class}")>{icon(image)}{word}</span>
                {took.map(|took| view! { <span class="muted">" after "{took}</span> })}
            </dd>
            {(!row.detail.is_empty()).then(|| view! { <dt>"Detail"</dt><dd><pre class="said">{row.detail.clone()}</pre></dd> })}
            {fact("From", row.from.clone())}
            {fact("Object", row.on_id.clone())}
            {fact("Request", row.request_id.clone())}
        </dl>
    }
    .into_any()
}

/// Where what a row is about is shown; none when it is not there any more.
fn target(cx: Cx, on_id: &str) -> Option<String> {
    let vm = on_id
        .parse()
        .ok()
        .filter(|id| cx.live.vm(*id).with_untracked(Option::is_some));
    let host = on_id.parse().ok().filter(|id| cx.live.host(*id).is_some());
    match (vm, host) {
        (Some(vm), _) => Some(Route::Vm(vm, VmTab::Overview).path()),
        (_, Some(host)) => Some(Route::Host(host, HostTab::Overview).path()),
        _ => None,
    }
}
