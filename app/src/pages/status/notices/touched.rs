//! Which services a notice touches: none ticked means all.
use crate::{
    pages::status::shared::Shared,
    text::{S, s},
};
use leptos::prelude::*;
use wxa_model::ServiceId;

/// A box for each saved service.
pub(super) fn fields(shared: Shared, chosen: RwSignal<Vec<ServiceId>>) -> AnyView {
    let all = Memo::new(move |_| {
        let services = shared.page().map(|page| page.services).unwrap_or_default();
        services
            .into_iter()
            .map(|one| (one.id, one.name))
            .collect::<Vec<_>>()
    });
    let line = move |(id, name): (ServiceId, String)| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                    on:change=move |event| {
                        let is_in = event_target_checked(&event);
                        chosen.update(|chosen| {
                            chosen.retain(|other| *other != id);
                            if is_in {
                                chosen.push(id);
                            }
                        });
                    }
                />
                {name}
            </label>
        }
    };
    view! {
        <fieldset class="radios">
            <legend>{s(S::IncidentServices)}</legend>
            {move || all.get().into_iter().map(line).collect_view()}
            <span class="muted small">
                {move || chosen.with(Vec::is_empty).then(|| s(S::NoneIsAll))}
            </span>
        </fieldset>
    }
    .into_any()
}

/// Their names, or that it is all of them. Tracks the page.
pub(super) fn names(shared: Shared, touched: &[ServiceId]) -> String {
    if touched.is_empty() {
        return s(S::AllServices).to_owned();
    }
    let services = shared.page().map(|page| page.services).unwrap_or_default();
    let names = services
        .into_iter()
        .filter(|one| touched.contains(&one.id))
        .map(|one| one.name);
    names.collect::<Vec<_>>().join(", ")
}
