//! Step two: a person compares the host's key, or `known_hosts` has it.
use super::{Steps, place::compare};
use leptos::prelude::*;

#[component]
pub(super) fn Fingerprint(steps: Steps) -> impl IntoView {
    let place = steps.place;
    view! {
        <section class="step" aria-label="Is it the right one" class:waiting=move || place.key.with(Option::is_none)>
            <h2><span class="n" aria-hidden="true">"2"</span>"Is it the right one?"</h2>
            {move || match place.key.get() {
                None => view! { <p class="muted">"Its key's fingerprint shows here. No credentials are sent before you have confirmed it."</p> }.into_any(),
                Some(key) => compare(place, key, "I compared it: this is my host"),
            }}
        </section>
    }
    .into_any()
}
