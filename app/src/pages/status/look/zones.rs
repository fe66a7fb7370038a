//! A choice of time zones: the browser knows them all.
use crate::clock::zone;
use leptos::prelude::*;

/// The choice; `empty` is what stands for none.
pub(in super::super) fn select(value: RwSignal<String>, empty: &'static str) -> AnyView {
    // Until the browser is asked, the list holds what is needed to show the choice.
    let known = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| known.set(zone::all()));
    let options = move || {
        let mut zones = known.get();
        let chosen = value.get();
        if !chosen.is_empty() && !zones.contains(&chosen) {
            zones.insert(0, chosen.clone());
        }
        let option = |zone: String| {
            let selected = zone == chosen;
            view! { <option value=zone.clone() selected=selected>{zone.replace('_', " ")}</option> }
        };
        zones.into_iter().map(option).collect_view()
    };
    view! {
        <select
            class="field"
            prop:value=move || {
                known.track();
                value.get()
            }
            on:change=move |event| value.set(event_target_value(&event))
        >
            <option value="">{empty}</option>
            {options}
        </select>
    }
    .into_any()
}
