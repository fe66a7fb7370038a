//! The tab with the services: what each consists of, when it is up, what is asked from outside; in the readers' order.
mod card;
mod check;
mod members;
mod pick;
mod rule;

use super::{
    draft::{ServiceEdit, Way},
    shared::{Shared, shared},
};
use crate::{
    browser,
    components::{empty::Empty, icon::icon},
    text::{S, s, s_fill},
};
use card::Card;
use leptos::prelude::*;

/// The tab.
#[component]
pub(super) fn Services() -> impl IntoView {
    let shared = shared();
    let services = shared.edit.services;
    let none = Memo::new(move |_| services.with(Vec::is_empty));
    let add = move |_| {
        let key = shared.edit.add();
        request_animation_frame(move || browser::focus(&format!("#service-{key}-name")));
    };
    view! {
        <div class="bare status-form">
            {move || none.get().then(|| view! {
                <Empty image="external" title=s(S::ServicesEmpty) text=s(S::ServicesEmptyMore)/>
            })}
            {move || (!none.get()).then(|| view! {
                <p class="muted small">{s(S::ServicesIntro)}" "<span class="only-desk">{s(S::MoveHint)}</span></p>
            })}
            <ol class="services">
                <For each=move || services.get() key=|one| one.key let:one>
                    <Card service=one/>
                </For>
            </ol>
            <p>
                <button type="button" class="btn" id="add-service" on:click=add>{icon("plus")}{s(S::AddService)}</button>
            </p>
        </div>
    }
    .into_any()
}

/// A service's name, or what stands for it. Tracks it.
fn name_of(service: ServiceEdit) -> String {
    service.name.with(|name| match name.trim() {
        "" => s(S::Unnamed).to_owned(),
        name => name.to_owned(),
    })
}

/// Moves a service, says where it is now, and leaves the focus on the button that did it.
fn shift(shared: Shared, service: ServiceEdit, way: Way, focus: &'static str) {
    let Some(n) = shared.edit.shift(service.key, way) else {
        return;
    };
    let all = shared.edit.services.with_untracked(Vec::len);
    let name = untrack(|| name_of(service));
    shared
        .said
        .set(s_fill(S::Moved, &[("name", &name), ("n", &n), ("all", &all)]));
    // Moving what has the focus takes the focus away.
    let key = service.key;
    request_animation_frame(move || browser::focus(&format!("#service-{key}-{focus}")));
}

/// Takes a service out; the focus goes to what adds one.
fn remove(shared: Shared, service: ServiceEdit) {
    shared.edit.remove(service.key);
    request_animation_frame(|| browser::focus("#add-service"));
}
