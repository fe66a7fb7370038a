//! The tab that shows what readers see, from the same data. The page itself is another document, which the frame policy keeps
//! out of this one: it opens beside it (decision 0047).
mod lead;
mod service;

use super::{
    notices::{stage_word, time},
    preview_url,
    shared::{Shared, shared},
};
use crate::{
    components::{icon::icon, meter::Meter, when::When},
    cx::cx,
    fetched::Fetched,
    text::{S, s, s_fill, s_plural},
};
use leptos::prelude::*;
use service::service;
use wxa_model::status::view::{CapacityView, IncidentView, MaintenanceView, StatusView};

/// The tab.
#[component]
pub(super) fn Preview() -> impl IntoView {
    let shared = shared();
    let view = Fetched::<StatusView>::new(preview_url(shared.id));
    let dirty = Memo::new(move |_| shared.is_dirty());
    view! {
        <div class="preview-bar">
            <p class="muted small">
                {s(S::PreviewMore)}
                {move || dirty.get().then(|| view! { " "<b>{s(S::PreviewUnsaved)}</b> })}
            </p>
            <span class="grow"></span>
            {open_it(shared)}
            <button type="button" class="btn" on:click=move |_| view.reload()>{icon("reboot")}{s(S::PreviewReload)}</button>
        </div>
        {view.view("external", page)}
    }
    .into_any()
}

/// The link to the page itself, which its maker can read before anybody else.
fn open_it(shared: Shared) -> AnyView {
    let address = format!("/status-preview/{}", shared.id);
    view! {
        <a class="btn" href=address target="_blank" rel="noopener">{icon("external")}{s(S::PreviewOpen)}</a>
    }
    .into_any()
}

fn page(view: StatusView) -> AnyView {
    let lead = lead::lead(&view);
    let about = (!view.about.is_empty()).then(|| view! { <span class="muted">{view.about}</span> });
    view! {
        <article class="preview" aria-label=s(S::TabPreview)>
            <p class="orgline"><b>{view.title}</b>{about}</p>
            {lead}
            <ul class="preview-services">{view.services.into_iter().map(service).collect_view()}</ul>
            {(!view.incidents.is_empty()).then(|| view! { <h2>{s(S::Incidents)}</h2> })}
            {view.incidents.into_iter().map(incident).collect_view()}
            {(!view.maintenance.is_empty()).then(|| view! { <h2>{s(S::Maintenance)}</h2> })}
            {view.maintenance.into_iter().map(maintenance).collect_view()}
            {view.capacity.map(capacity)}
            <p class="small muted">{s(S::PreviewUpdated)}<When at=view.updated_at/></p>
        </article>
    }
    .into_any()
}

fn incident(incident: IncidentView) -> AnyView {
    let word = match incident.ended_at {
        None => S::OpenSince,
        Some(_) => S::OverSince,
    };
    let at = incident.ended_at.unwrap_or(incident.began_at);
    let updates = incident.updates.into_iter().map(|update| {
        view! {
            <li>
                <p class="small muted"><When at=update.at/>" · "{stage_word(update.stage)}</p>
                <p class="notes-text">{update.text}</p>
            </li>
        }
    });
    view! {
        <section class="notice">
            <h3>{incident.title}</h3>
            <p class="small muted">{s(word)}<When at=at/>" · "{touched(&incident.services)}</p>
            <ol class="updates">{updates.collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn touched(names: &[String]) -> String {
    if names.is_empty() {
        s(S::AllServices).to_owned()
    } else {
        names.join(", ")
    }
}

fn maintenance(one: MaintenanceView) -> AnyView {
    let (cx, shared) = (cx(), shared());
    let told = move |at| time::told(cx, shared, at);
    view! {
        <section class="notice">
            <h3>{one.title}</h3>
            <p class="small muted">
                {move || s_fill(S::FromUntil, &[("from", &told(one.from)), ("until", &told(one.until))])}
                " · "{touched(&one.services)}
            </p>
            {(!one.text.is_empty()).then(|| view! { <p class="notes-text">{one.text}</p> })}
        </section>
    }
    .into_any()
}

fn capacity(capacity: CapacityView) -> AnyView {
    let part = |share: Option<f64>, label: S| {
        let percent = share.map(|share| format!("{:.0} %", (share * 100.0).clamp(0.0, 100.0)));
        view! {
            <div>
                <b>{percent.unwrap_or_else(|| s(S::NotKnown).to_owned())}</b>
                " "<span class="muted">{s(label)}</span>
                {share.map(|share| view! { <Meter share=share as f32/> })}
            </div>
        }
    };
    let servers = s_fill(
        S::CapServers,
        &[
            ("vms", &s_plural(S::CountServers, capacity.vms as usize)),
            (
                "machines",
                &s_plural(S::CountMachines, capacity.machines as usize),
            ),
        ],
    );
    let unheard = (capacity.unheard > 0).then(|| s_plural(S::CapUnheard, capacity.unheard as usize));
    view! {
        <h2>{s(S::Capacity)}</h2>
        <div class="capacity">
            {part(capacity.cpu, S::CapCpu)}
            {part(capacity.memory, S::CapMemory)}
            {part(capacity.storage, S::CapStorage)}
        </div>
        <p class="small muted">{servers}</p>
        {unheard.map(|unheard| view! { <p class="small muted">{unheard}</p> })}
    }
    .into_any()
}
