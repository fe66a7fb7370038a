//! What the list can be narrowed by, with counts; a click adds the term to the filter or takes it out.
use crate::{
    cx::cx,
    filter,
    list::Facet,
    text::{T, t},
};
use leptos::prelude::*;

/// The row of chips.
#[component]
pub fn Facets(#[prop(into)] facets: Signal<Vec<Facet>>) -> impl IntoView {
    let nav = cx().nav;
    let chip = move |facet: Facet| {
        let term = facet.term.clone();
        let on = {
            let term = term.clone();
            move || filter::has(&nav.query("q"), &term)
        };
        let class = {
            let on = on.clone();
            move || match (on(), facet.bad) {
                (true, _) => "chip on",
                (false, true) => "chip st-crashed",
                (false, false) => "chip",
            }
        };
        view! {
            <button
                type="button"
                class=class
                aria-pressed=move || if on() { "true" } else { "false" }
                on:click=move |_| nav.set_query("q", &filter::toggle(&nav.query("q"), &term))
            >
                {facet.term.clone()}
                <b>{facet.count}</b>
            </button>
        }
    };
    view! {
        <div class="facets" role="group" aria-label=t(T::NarrowBy)>
            {move || facets.get().into_iter().map(chip).collect_view()}
        </div>
    }
    .into_any()
}
