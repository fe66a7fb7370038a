//! One incident: what was told of it, telling more, changing and removing it.
use super::{All, Form, incident_form::stages, sent, stage_word, time, touched};
use crate::{
    components::{icon::icon, sure::Sure},
    cx::cx,
    pages::status::fields::{Line, area, fine, send},
    text::{S, s},
    transport,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{
    NoticeId,
    status::{Incident, IncidentStage},
};
use wxa_wire::{
    IncidentSetParams, UpdateParams,
    operation::{IncidentDelete, IncidentSet, IncidentUpdateAdd},
};

pub(super) fn card(all: All, incident: Incident) -> AnyView {
    let cx = cx();
    let shared = all.shared;
    let id = incident.id;
    let (class, image, word, when) = match incident.ended_at {
        None => ("st-warn", "warning", S::OpenSince, incident.began_at),
        Some(at) => ("st-running", "check", S::OverSince, at),
    };
    let services = incident.services.clone();
    let updates = incident.updates.iter().rev().map(|update| {
        let at = update.at;
        view! {
            <li>
                <p class="small muted">
                    {move || time::told(cx, shared, at)}" · "{stage_word(update.stage)}
                </p>
                <p class="notes-text">{update.text.clone()}</p>
            </li>
        }
    });
    let remove = Callback::new(move |()| {
        spawn_local(async move { sent(cx, all, transport::call::<IncidentDelete>(id, &()).await) });
    });
    view! {
        <article class="notice" aria-label=incident.title.clone()>
            <h3>{incident.title.clone()}</h3>
            <p class="small">
                <span class=format!("st {class}")>{icon(image)}{s(word)}{move || time::told(cx, shared, when)}</span>
                <span class="muted">" · "{move || touched::names(shared, &services)}</span>
            </p>
            <ol class="updates">{updates.collect_view()}</ol>
            <div class="notice-acts">
                {tell(all, id, incident.updates.last().map(|update| update.stage))}
                {change(all, &incident)}
                <Sure label=s(S::Delete) about=incident.title.clone() again=s(S::DeleteSure) on_yes=remove/>
            </div>
        </article>
    }
    .into_any()
}

/// How far it is next, and what is usually told then.
fn next(stage: Option<IncidentStage>) -> (IncidentStage, S) {
    match stage {
        None | Some(IncidentStage::Investigating) => (IncidentStage::Identified, S::TellIdentified),
        Some(IncidentStage::Identified) => (IncidentStage::Monitoring, S::TellMonitoring),
        Some(IncidentStage::Monitoring | IncidentStage::Resolved) => {
            (IncidentStage::Resolved, S::TellResolved)
        }
    }
}

/// What is usually told at a stage.
fn usual(stage: IncidentStage) -> &'static str {
    match stage {
        IncidentStage::Investigating => "",
        IncidentStage::Identified => s(S::TellIdentified),
        IncidentStage::Monitoring => s(S::TellMonitoring),
        IncidentStage::Resolved => s(S::TellResolved),
    }
}

fn tell(all: All, id: NoticeId, last: Option<IncidentStage>) -> AnyView {
    let (first, words_) = next(last);
    let stage = RwSignal::new(first);
    let text = RwSignal::new(s(words_).to_owned());
    let tried = RwSignal::new(false);
    let form = Form::new(NodeRef::new());
    // The usual words go with the stage as long as nobody wrote others.
    Effect::new(move |before: Option<IncidentStage>| {
        let now = stage.get();
        if let Some(before) = before
            && text.with_untracked(|text| text.trim().is_empty() || text == usual(before))
        {
            text.set(usual(now).to_owned());
        }
        now
    });
    let wrong = Signal::derive(move || {
        (tried.get() && text.with(|text| text.trim().is_empty())).then(|| s(S::MissingText).to_owned())
    });
    let publish = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if form.busy.get_untracked() || wrong.with_untracked(Option::is_some) {
            return;
        }
        let params = UpdateParams {
            stage: stage.get_untracked(),
            text: text.get_untracked().trim().to_owned(),
        };
        let reply = async move { transport::call::<IncidentUpdateAdd>(id, &params).await };
        form.send(all, reply, || {});
    };
    view! {
        <details class="fold" node_ref=form.fold>
            <summary class="btn">{icon("plus")}{s(S::AddUpdate)}</summary>
            <form class="form status-form" on:submit=publish>
                <label>{s(S::Stage)}{stages(stage)}</label>
                {area(format!("tell-{id}"), s(S::IncidentText).into(), text, wrong)}
                <p class="problem" role="alert">{move || form.problem.get()}</p>
                <div class="dialog-acts">{send(S::AddUpdateNow, S::Publishing, form.busy)}</div>
            </form>
        </details>
    }
    .into_any()
}

fn change(all: All, incident: &Incident) -> AnyView {
    let shared = all.shared;
    let id = incident.id;
    let began_at = incident.began_at;
    let title = RwSignal::new(incident.title.clone());
    let services = RwSignal::new(incident.services.clone());
    let began = RwSignal::new(String::new());
    let form = Form::new(NodeRef::new());
    time::begin(shared, began, move || began_at);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if form.busy.get_untracked() {
            return;
        }
        let params = IncidentSetParams {
            title: title.get_untracked().trim().to_owned(),
            services: services.get_untracked(),
            began_at: time::typed(shared, began).unwrap_or(began_at),
            // Somebody may end it, or open it again, while this is typed.
            ended_at: None,
        };
        let reply = async move { transport::call::<IncidentSet>(id, &params).await };
        form.send(all, reply, || {});
    };
    view! {
        <details class="fold" node_ref=form.fold>
            <summary class="btn">{icon("edit")}{s(S::Edit)}</summary>
            <form class="form status-form" on:submit=save>
                {Line::new(format!("title-{id}"), s(S::IncidentTitle), title).view()}
                {touched::fields(shared, services)}
                {time::field(shared, format!("began-{id}"), S::IncidentBegan, began, fine())}
                <p class="problem" role="alert">{move || form.problem.get()}</p>
                <div class="dialog-acts">{send(S::Save, S::Saving, form.busy)}</div>
            </form>
        </details>
    }
    .into_any()
}
