//! The tab with what people tell: incidents, and maintenance that is planned.
mod incident;
mod incident_form;
mod maintenance;
mod maintenance_form;
mod template;
pub(super) mod time;
mod touched;

use super::{
    notices_url,
    shared::{Shared, shared},
};
use crate::{
    components::icon::icon,
    cx::Cx,
    fetched::Fetched,
    text::{S, s},
    ui::Tone,
    words,
};
use incident_form::IncidentForm;
use leptos::{html, prelude::*, task::spawn_local};
use maintenance_form::MaintenanceForm;
use wxa_model::status::IncidentStage;
use wxa_wire::{ErrorBody, NoticesView};

/// What the parts of the tab share.
#[derive(Clone, Copy)]
struct All {
    shared: Shared,
    notices: Fetched<NoticesView>,
}

/// The tab.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let shared = shared();
    let all = All {
        shared,
        notices: Fetched::new(notices_url(shared.id)),
    };
    let hidden = Memo::new(move |_| shared.page().is_some_and(|page| !page.shown.notices));
    // Only the card of what is told anew is drawn anew: what is typed in others stays.
    let told = move || all.notices.get();
    let incidents = Memo::new(move |_| told().map(|told| told.incidents).unwrap_or_default());
    let maintenance = Memo::new(move |_| told().map(|told| told.maintenance).unwrap_or_default());
    let none = |is_none: bool, words: S| is_none.then(|| view! { <p class="muted">{s(words)}</p> });
    let new_incident = NodeRef::<html::Details>::new();
    let new_maintenance = NodeRef::<html::Details>::new();
    let lists = move || {
        view! {
            <div class="columns">
                <section class="card notices" aria-label=s(S::Incidents)>
                    <h2>{s(S::Incidents)}</h2>
                    <p class="muted small">{s(S::IncidentsMore)}</p>
                    <div class="bare">
                        {move || none(incidents.with(Vec::is_empty), S::IncidentsEmpty)}
                        <For each=move || incidents.get() key=Clone::clone children=move |one| incident::card(all, one)/>
                        <details class="fold" node_ref=new_incident>
                            <summary class="btn">{icon("plus")}{s(S::NewIncident)}</summary>
                            <IncidentForm all=all fold=new_incident/>
                        </details>
                    </div>
                </section>
                <section class="card notices" aria-label=s(S::Maintenance)>
                    <h2>{s(S::Maintenance)}</h2>
                    <p class="muted small">{s(S::MaintenanceMore)}</p>
                    <div class="bare">
                        {move || none(maintenance.with(Vec::is_empty), S::MaintenanceEmpty)}
                        <For each=move || maintenance.get() key=Clone::clone children=move |one| maintenance::card(all, one)/>
                        <details class="fold" node_ref=new_maintenance>
                            <summary class="btn">{icon("plus")}{s(S::NewMaintenance)}</summary>
                            <MaintenanceForm all=all fold=new_maintenance/>
                        </details>
                    </div>
                </section>
            </div>
        }
        .into_any()
    };
    view! {
        {move || hidden.get().then(|| view! { <p class="status-note">{icon("info")}<span>{s(S::NoticesHidden)}</span></p> })}
        {all.notices.view_kept("bell", lists)}
    }
    .into_any()
}

/// After something was sent: what there is now, and why it did not work where it did not.
fn sent<T>(cx: Cx, all: All, reply: Result<T, ErrorBody>) {
    if let Err(body) = reply {
        let words = words::error(&body);
        cx.ui.say(Tone::Bad, words.title, words.detail);
    }
    all.notices.reload();
}

/// A form in a fold.
#[derive(Clone, Copy)]
struct Form {
    fold: NodeRef<html::Details>,
    /// Whether it is being sent.
    busy: RwSignal<bool>,
    /// Why it was not taken.
    problem: RwSignal<String>,
}

impl Form {
    fn new(fold: NodeRef<html::Details>) -> Self {
        Self {
            fold,
            busy: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Waits for the reply: what was taken closes the fold after `taken`, and what is there now is read; else it says why not.
    fn send<T>(
        self,
        all: All,
        reply: impl Future<Output = Result<T, ErrorBody>> + 'static,
        taken: impl FnOnce() + 'static,
    ) {
        self.busy.set(true);
        self.problem.set(String::new());
        spawn_local(async move {
            match reply.await {
                Ok(_) => {
                    taken();
                    if let Some(fold) = self.fold.try_get_untracked().flatten() {
                        fold.set_open(false);
                    }
                    all.notices.reload();
                }
                Err(body) => drop(self.problem.try_set(words::error(&body).detail)),
            }
            // What was told meanwhile may have drawn the form anew.
            let _ = self.busy.try_set(false);
        });
    }
}

/// How far an incident can be, in order.
const INCIDENT_STAGES: [IncidentStage; 4] = [
    IncidentStage::Investigating,
    IncidentStage::Identified,
    IncidentStage::Monitoring,
    IncidentStage::Resolved,
];

/// How far it is, in words.
pub(super) fn stage_word(stage: IncidentStage) -> &'static str {
    s(match stage {
        IncidentStage::Investigating => S::StageInvestigating,
        IncidentStage::Identified => S::StageIdentified,
        IncidentStage::Monitoring => S::StageMonitoring,
        IncidentStage::Resolved => S::StageResolved,
    })
}
