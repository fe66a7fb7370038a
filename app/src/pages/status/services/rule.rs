//! When a service is up: all, any, or so many of its members run.
use crate::{
    cx::cx,
    filter,
    pages::status::{
        draft::{By, Field, Needs, Place, ServiceEdit},
        fields::radio,
        shared::{passing, shared},
    },
    text::{S, s, s_fill},
};
use leptos::prelude::*;

#[component]
pub(super) fn Rule(service: ServiceEdit) -> impl IntoView {
    let shared = shared();
    let cx = cx();
    let key = service.key;
    let choice =
        move |needs: Needs, label: S| radio(format!("rule-{key}"), s(label).to_owned(), needs, service.needs);
    let all = Memo::new(move |_| match service.by.get() {
        By::Filter => {
            let filter = filter::parse(&service.filter.get()).ok()?;
            passing(cx, shared.places, &filter)
        }
        By::Picking => Some(service.picked()),
        By::Checks => None,
    });
    let wrong = shared.wrong(Place::Service(key, Field::Least));
    let told = format!("service-{key}-least-told");
    let least = move || {
        (service.needs.get() == Needs::AtLeast).then(|| {
            view! {
                <span class="least">
                    <label class="sr" for=format!("service-{key}-least")>{s(S::RuleAtLeast)}</label>
                    <span class="field">
                        <input
                            type="text"
                            inputmode="numeric"
                            id=format!("service-{key}-least")
                            aria-describedby=told.clone()
                            aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                            prop:value=move || service.least.get()
                            on:input=move |event| service.least.set(event_target_value(&event))
                        />
                    </span>
                    <span class="muted">{move || all.get().map(|n| s_fill(S::RuleAtLeastOf, &[("n", &n)]))}</span>
                </span>
            }
        })
    };
    view! {
        <fieldset class="radios">
            <legend>{s(S::RuleLegend)}</legend>
            {choice(Needs::All, S::RuleAll)}
            {choice(Needs::Any, S::RuleAny)}
            {choice(Needs::AtLeast, S::RuleAtLeast)}
            {least}
            <p class="told" id=format!("service-{key}-least-told")>
                <span class="problem" role="status">{move || wrong.get()}</span>
                {move || (service.needs.get() != Needs::All).then(|| view! { <span class="muted small">{s(S::RuleMore)}</span> })}
            </p>
        </fieldset>
    }
    .into_any()
}
