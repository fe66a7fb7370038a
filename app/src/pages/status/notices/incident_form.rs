//! Telling of a new incident.
use super::{All, Form, INCIDENT_STAGES, stage_word, template, time, touched};
use crate::{
    cx::cx,
    pages::status::fields::{Line, area, send},
    text::{S, s},
    transport,
};
use leptos::{html, prelude::*};
use wxa_model::{ServiceId, status::IncidentStage};
use wxa_wire::{IncidentParams, operation::IncidentCreate};

#[component]
pub(super) fn IncidentForm(all: All, fold: NodeRef<html::Details>) -> impl IntoView {
    let cx = cx();
    let shared = all.shared;
    let title = RwSignal::new(String::new());
    let text = RwSignal::new(String::new());
    let services = RwSignal::new(Vec::<ServiceId>::new());
    let began = RwSignal::new(String::new());
    let stage = RwSignal::new(IncidentStage::Investigating);
    let tried = RwSignal::new(false);
    let form = Form::new(fold);
    time::begin(shared, began, move || cx.clock.now.get_untracked());
    let missing = move |value: RwSignal<String>, word: S| {
        Signal::derive(move || {
            let is_missing = tried.get() && value.with(|value| value.trim().is_empty());
            is_missing.then(|| s(word).to_owned())
        })
    };
    let publish = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let is_missing = |value: RwSignal<String>| value.with_untracked(|value| value.trim().is_empty());
        if form.busy.get_untracked() || [title, text, began].into_iter().any(is_missing) {
            return;
        }
        let params = IncidentParams {
            title: title.get_untracked().trim().to_owned(),
            services: services.get_untracked(),
            began_at: time::typed(shared, began),
            stage: stage.get_untracked(),
            text: text.get_untracked().trim().to_owned(),
        };
        let reply = async move { transport::call::<IncidentCreate>(shared.id, &params).await };
        form.send(all, reply, move || {
            for field in [title, text] {
                field.set(String::new());
            }
            services.set(Vec::new());
            tried.set(false);
        });
    };
    let about = move || {
        let chosen = services.get_untracked();
        if chosen.is_empty() {
            String::new()
        } else {
            untrack(|| touched::names(shared, &chosen))
        }
    };
    view! {
        <form class="form status-form" on:submit=publish>
            {touched::fields(shared, services)}
            {template::choice(&template::INCIDENTS, about, title, text)}
            {Line::new("incident-title", s(S::IncidentTitle), title)
                .hint(s(S::IncidentTitleHint))
                .wrong(missing(title, S::MissingText))
                .view()}
            {area("incident-text".into(), s(S::IncidentText).into(), text, missing(text, S::MissingText))}
            <div class="pair">
                {time::field(shared, "incident-began".into(), S::IncidentBegan, began, missing(began, S::MissingTime))}
                <label>{s(S::Stage)}{stages(stage)}</label>
            </div>
            <p class="problem" role="alert">{move || form.problem.get()}</p>
            <div class="dialog-acts">{send(S::Publish, S::Publishing, form.busy)}</div>
        </form>
    }
    .into_any()
}

/// A choice of how far it is.
pub(super) fn stages(stage: RwSignal<IncidentStage>) -> AnyView {
    let option = move |(n, one): (usize, IncidentStage)| {
        view! { <option value=n.to_string() selected=one == stage.get_untracked()>{stage_word(one)}</option> }
    };
    let choose = move |event| {
        let chosen = event_target_value(&event)
            .parse()
            .ok()
            .and_then(|n: usize| INCIDENT_STAGES.get(n).copied());
        if let Some(chosen) = chosen {
            stage.set(chosen);
        }
    };
    view! {
        <select class="field" on:change=choose>
            {INCIDENT_STAGES.into_iter().enumerate().map(option).collect_view()}
        </select>
    }
    .into_any()
}
