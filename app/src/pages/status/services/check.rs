//! What is asked from this server to see whether a service answers.
use crate::{
    components::{icon::icon, when::When},
    cx::cx,
    pages::status::{
        draft::{CheckEdit, Field, Kind, Place, ServiceEdit},
        fields::{Line, optional, tick},
        shared::{Shared, shared},
        standing,
    },
    text::{S, s, s_plural},
};
use leptos::prelude::*;

/// What is offered, in seconds. Another one that a script set stays.
const EVERY_S: [u32; 6] = [10, 30, 60, 300, 900, 3600];

#[component]
pub(super) fn Checks(service: ServiceEdit) -> impl IntoView {
    let shared = shared();
    let checks = service.checks;
    view! {
        <fieldset class="checks">
            <legend>{s(S::Checks)}</legend>
            <p class="muted small">{s(S::ChecksMore)}</p>
            <For each=move || checks.get() key=|one| one.key let:one>
                {one_check(shared, service, one)}
            </For>
            <button type="button" class="btn" on:click=move |_| service.add_check()>{icon("plus")}{s(S::AddCheck)}</button>
        </fieldset>
    }
    .into_any()
}

fn one_check(shared: Shared, service: ServiceEdit, check: CheckEdit) -> AnyView {
    let kinds = Kind::ALL.map(|kind| {
        let chosen = check.kind.get_untracked() == kind;
        view! { <option value=kind.name() selected=chosen>{kind.label()}</option> }
    });
    let choose = move |event| {
        let name = event_target_value(&event);
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == name) {
            check.kind.set(kind);
        }
    };
    view! {
        <div class="check-card">
            <div class="check-line">
                <label>
                    {s(S::CheckKind)}
                    <select class="field" on:change=choose>{kinds.into_iter().collect_view()}</select>
                </label>
                <label>{s(S::CheckEvery)}{every(check)}</label>
                <button
                    type="button"
                    class="btn quiet sq"
                    aria-label=s(S::RemoveCheck)
                    title=s(S::RemoveCheck)
                    on:click=move |_| service.remove_check(check.key)
                >
                    {icon("trash")}
                </button>
            </div>
            {move || of_kind(shared, service, check, check.kind.get())}
            {result(shared, check)}
            {move || (check.kind.get() != Kind::Login).then(|| inside(check))}
        </div>
    }
    .into_any()
}

/// What came of it the last time, once it is saved and was made.
fn result(shared: Shared, check: CheckEdit) -> AnyView {
    let last = Memo::new(move |_| {
        let id = check.id.get()?;
        shared.view.get()?.checks.into_iter().find(|one| one.check == id)
    });
    let words = move || {
        last.get().map(|last| {
            view! {
                <p class="small check-result">
                    {standing::badge(last.standing)}
                    <span class="muted">{last.why}" "<When at=last.at/></span>
                </p>
            }
        })
    };
    words.into_any()
}

fn of_kind(shared: Shared, service: ServiceEdit, check: CheckEdit, kind: Kind) -> AnyView {
    let line = move |field: Field, name: &str, label: String, value: RwSignal<String>| {
        let id = format!("service-{}-check-{}-{name}", service.key, check.key);
        Line::new(id, label, value).wrong(shared.wrong(Place::Check(service.key, check.key, field)))
    };
    let place = move || {
        view! {
            {line(Field::Host, "host", s(S::CheckHost).into(), check.host).hint("shop.example").view()}
            {line(Field::Port, "port", s(S::CheckPort).into(), check.port).view()}
        }
    };
    match kind {
        Kind::Login => view! { <p class="small muted">{s(S::CheckLoginMore)}</p> }.into_any(),
        Kind::Tcp => view! { <div class="check-fields place">{place()}</div> }.into_any(),
        Kind::Certificate => view! {
            <div class="check-fields place">
                {place()}
                {line(Field::Days, "days", s(S::CheckDays).into(), check.days).view()}
            </div>
        }
        .into_any(),
        Kind::Http => view! {
            <div class="check-fields">
                {line(Field::Url, "url", s(S::CheckUrl).into(), check.url).hint("https://shop.example/").view()}
                {line(Field::Status, "status", optional(S::CheckStatus), check.status).hint(s(S::CheckStatusAny)).view()}
                {line(Field::Text, "text", optional(S::CheckText), check.text).view()}
            </div>
        }
        .into_any(),
    }
}

fn every(check: CheckEdit) -> AnyView {
    let now = check.every_s.get_untracked();
    let mut offered = EVERY_S.to_vec();
    if !offered.contains(&now) {
        offered.push(now);
        offered.sort_unstable();
    }
    let option = |seconds: u32| {
        view! { <option value=seconds.to_string() selected=seconds == now>{span(seconds)}</option> }
    };
    let choose = move |event| {
        if let Ok(seconds) = event_target_value(&event).parse() {
            check.every_s.set(seconds);
        }
    };
    view! { <select class="field" on:change=choose>{offered.into_iter().map(option).collect_view()}</select> }
        .into_any()
}

fn span(seconds: u32) -> String {
    let (key, n) = match seconds {
        s if s % 3600 == 0 => (S::EveryHours, s / 3600),
        s if s % 60 == 0 => (S::EveryMinutes, s / 60),
        s => (S::EverySeconds, s),
    };
    s_plural(key, n as usize)
}

/// The consent to ask inside addresses: an administrator's.
fn inside(check: CheckEdit) -> AnyView {
    let may = cx().may_administer();
    // What another one allowed can still be taken back.
    let is_shown = may || check.inside.get_untracked();
    if !is_shown {
        return view! {
            <p class="small muted">{icon("forbid")}" "{s(S::CheckInside)}": "{s(S::CheckInsideNot)}</p>
        }
        .into_any();
    }
    view! {
        <div>
            {tick(s(S::CheckInside), check.inside.into(), move |yes| check.inside.set(yes && may))}
            <p class="told"><span class="muted small">{s(S::CheckInsideMore)}</span></p>
        </div>
    }
    .into_any()
}
