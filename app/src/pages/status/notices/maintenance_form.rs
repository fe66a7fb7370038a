//! Planning maintenance, and changing what is planned.
use super::{All, Form, template, time, touched};
use crate::{
    cx::cx,
    pages::status::fields::{Line, area, fine, radio, send},
    text::{S, s},
    transport,
};
use leptos::{html, prelude::*};
use wxa_model::{
    ServiceId, UnixMillis,
    status::{Counts, Maintenance},
};
use wxa_wire::{
    MaintenanceParams,
    operation::{MaintenanceCreate, MaintenanceSet},
};

const HOUR_MS: u64 = 3_600_000;

/// Maintenance as it is typed.
#[derive(Clone, Copy)]
struct Edit {
    title: RwSignal<String>,
    text: RwSignal<String>,
    services: RwSignal<Vec<ServiceId>>,
    from: RwSignal<String>,
    until: RwSignal<String>,
    counts: RwSignal<Counts>,
}

/// The form; `of` is what is changed, none for new maintenance.
#[component]
pub(super) fn MaintenanceForm(
    all: All,
    fold: NodeRef<html::Details>,
    #[prop(optional)] of: Option<Maintenance>,
) -> impl IntoView {
    let cx = cx();
    let shared = all.shared;
    let id = of.as_ref().map(|of| of.id);
    let edit = Edit {
        title: RwSignal::new(of.as_ref().map(|of| of.title.clone()).unwrap_or_default()),
        text: RwSignal::new(of.as_ref().map(|of| of.text.clone()).unwrap_or_default()),
        services: RwSignal::new(of.as_ref().map(|of| of.services.clone()).unwrap_or_default()),
        from: RwSignal::default(),
        until: RwSignal::default(),
        counts: RwSignal::new(of.as_ref().map(|of| of.counts).unwrap_or_default()),
    };
    let times = of.map(|of| (of.from, of.until));
    // Proposed: the next full hour, for one hour.
    let proposed = move |hours: u64| {
        let now = cx.clock.now.get_untracked();
        UnixMillis((now.0 / HOUR_MS + hours) * HOUR_MS)
    };
    time::begin(shared, edit.from, move || {
        times.map_or_else(|| proposed(1), |(from, _)| from)
    });
    time::begin(shared, edit.until, move || {
        times.map_or_else(|| proposed(2), |(_, until)| until)
    });
    let tried = RwSignal::new(false);
    let form = Form::new(fold);
    let is_backwards = move || {
        let (from, until) = (edit.from.get(), edit.until.get());
        // Written as the field writes them, earlier ones sort first.
        !from.is_empty() && !until.is_empty() && until <= from
    };
    let missing_title = Signal::derive(move || {
        (tried.get() && edit.title.with(|title| title.trim().is_empty()))
            .then(|| s(S::MissingText).to_owned())
    });
    let wrong_from = Signal::derive(move || {
        (tried.get() && edit.from.with(String::is_empty)).then(|| s(S::MissingTime).to_owned())
    });
    let wrong_until = Signal::derive(move || match tried.get() {
        true if edit.until.with(String::is_empty) => Some(s(S::MissingTime).to_owned()),
        true if is_backwards() => Some(s(S::EndBeforeBegin).to_owned()),
        _ => None,
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let is_wrong = [missing_title, wrong_from, wrong_until]
            .into_iter()
            .any(|wrong| wrong.with_untracked(Option::is_some));
        if form.busy.get_untracked() || is_wrong {
            return;
        }
        let (Some(from), Some(until)) = (time::typed(shared, edit.from), time::typed(shared, edit.until))
        else {
            return form.problem.set(s(S::MissingTime).to_owned());
        };
        let params = MaintenanceParams {
            title: edit.title.get_untracked().trim().to_owned(),
            text: edit.text.get_untracked().trim().to_owned(),
            services: edit.services.get_untracked(),
            from,
            until,
            counts: edit.counts.get_untracked(),
        };
        let reply = async move {
            match id {
                Some(id) => transport::call::<MaintenanceSet>(id, &params).await,
                None => transport::call::<MaintenanceCreate>(shared.id, &params).await,
            }
        };
        form.send(all, reply, move || {
            if id.is_none() {
                edit.title.set(String::new());
                edit.text.set(String::new());
            }
            tried.set(false);
        });
    };
    let about = move || {
        let chosen = edit.services.get_untracked();
        if chosen.is_empty() {
            String::new()
        } else {
            untrack(|| touched::names(shared, &chosen))
        }
    };
    let name = id.map(|id| id.to_string()).unwrap_or_else(|| "new".into());
    view! {
        <form class="form status-form" on:submit=save>
            {touched::fields(shared, edit.services)}
            {id.is_none().then(|| template::choice(&template::MAINTENANCE, about, edit.title, edit.text))}
            {Line::new(format!("maintenance-{name}-title"), s(S::IncidentTitle), edit.title).wrong(missing_title).view()}
            {area(format!("maintenance-{name}-text"), s(S::MaintenanceText).into(), edit.text, fine())}
            <div class="pair">
                {time::field(shared, format!("maintenance-{name}-from"), S::From, edit.from, wrong_from)}
                {time::field(shared, format!("maintenance-{name}-until"), S::Until, edit.until, wrong_until)}
            </div>
            <fieldset class="radios">
                <legend>{s(S::CountsLegend)}</legend>
                {radio(format!("counts-{name}"), s(S::CountsNo).into(), Counts::No, edit.counts)}
                {radio(format!("counts-{name}"), s(S::CountsYes).into(), Counts::Yes, edit.counts)}
            </fieldset>
            <p class="problem" role="alert">{move || form.problem.get()}</p>
            <div class="dialog-acts">
                {match id {
                    Some(_) => send(S::Save, S::Saving, form.busy),
                    None => send(S::Publish, S::Publishing, form.busy),
                }}
            </div>
        </form>
    }
    .into_any()
}
