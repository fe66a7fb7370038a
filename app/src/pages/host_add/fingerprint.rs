//! Step two: a person compares the host's key or the pool's certificate, or `known_hosts` has the key.
use super::{
    Steps,
    place::{Place, compare},
};
use crate::text::{T, t};
use leptos::prelude::*;
use wxa_model::Transport;

#[component]
pub(super) fn Fingerprint(steps: Steps, place: Place) -> impl IntoView {
    let (wait, question) = match untrack(|| steps.transport.get()) {
        Transport::Xapi => (T::CertificateShows, T::ComparedPool),
        Transport::Ssh | Transport::Local => (T::KeyShows, T::ComparedHost),
    };
    view! {
        <section class="step" aria-label="Is it the right one" class:waiting=move || place.key.with(Option::is_none) && !steps.is_vouched()>
            <h2><span class="n" aria-hidden="true">"2"</span>"Is it the right one?"</h2>
            {move || match place.key.get() {
                _ if steps.is_vouched() => view! { <p class="muted">{t(T::TrustNoCompare)}</p> }.into_any(),
                None => view! { <p class="muted">{t(wait)}</p> }.into_any(),
                Some(key) => compare(place, key, t(question)),
            }}
        </section>
    }
    .into_any()
}
