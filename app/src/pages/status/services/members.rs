//! What a service consists of: whatever passes a filter, what is picked, or its checks alone.
use super::pick::Pick;
use crate::{
    cx::cx,
    filter, list,
    pages::status::{
        draft::{By, Field, Place, ServiceEdit},
        fields::{Line, radio},
        shared::{Shared, passing, shared},
    },
    text::{S, s, s_plural},
};
use leptos::prelude::*;
use wxa_model::VmId;

#[component]
pub(super) fn Members(service: ServiceEdit) -> impl IntoView {
    let shared = shared();
    let key = service.key;
    let choice = move |by: By, label: S| radio(format!("by-{key}"), s(label).to_owned(), by, service.by);
    view! {
        <fieldset class="radios">
            <legend>{s(S::Members)}</legend>
            {choice(By::Filter, S::ByFilter)}
            {choice(By::Picking, S::ByPicking)}
            {choice(By::Checks, S::ByChecks)}
        </fieldset>
        {move || match service.by.get() {
            By::Filter => by_filter(shared, service),
            By::Picking => view! { <Pick service=service/> }.into_any(),
            By::Checks => {
                let wrong = shared.wrong(Place::Service(key, Field::Members));
                view! { <p class="problem" role="status">{move || wrong.get()}</p> }.into_any()
            }
        }}
    }
    .into_any()
}

fn by_filter(shared: Shared, service: ServiceEdit) -> AnyView {
    let cx = cx();
    let key = service.key;
    let parsed = Memo::new(move |_| {
        let typed = service.filter.get();
        (!typed.trim().is_empty()).then(|| filter::parse_of_service(&typed))
    });
    // A filter that is not understood is told while it is typed, as in the list; an empty one when it is saved.
    let later = shared.wrong(Place::Service(key, Field::Members));
    let wrong = Signal::derive(move || {
        let typed = parsed.with(|parsed| parsed.as_ref().and_then(|parsed| parsed.as_ref().err().cloned()));
        typed.or_else(|| later.get())
    });
    let count = Memo::new(move |_| {
        parsed.with(|parsed| {
            let filter = parsed.as_ref()?.as_ref().ok()?;
            Some(passing(cx, shared.places, filter))
        })
    });
    let told = move || match count.get() {
        None => String::new(),
        Some(None) => s(S::FilterCounting).to_owned(),
        Some(Some(0)) => s(S::FilterNone).to_owned(),
        Some(Some(n)) => s_plural(S::FilterCount, n),
    };
    let pick = move |_| {
        let found = parsed.with_untracked(|parsed| {
            let filter = parsed.as_ref()?.as_ref().ok()?;
            these(shared, filter)
        });
        if let Some(found) = found {
            service.vms.set(found);
            service.by.set(By::Picking);
        }
    };
    view! {
        {Line::new(format!("service-{key}-filter"), s(S::FilterField), service.filter)
            .hint(s(S::FilterHint))
            .wrong(wrong)
            .view()}
        <p class="small of-filter">
            <span class="muted" role="status">{told}</span>
            {move || matches!(count.get(), Some(Some(n)) if n > 0).then(|| {
                view! { <button type="button" class="btn link" on:click=pick>{s(S::PickThese)}</button> }
            })}
        </p>
    }
    .into_any()
}

/// The VMs that pass a service's filter now.
fn these(shared: Shared, filter: &filter::Filter) -> Option<Vec<VmId>> {
    let cx = cx();
    shared.places.with_untracked(|places| {
        untrack(|| {
            cx.live.with_guests(|guests, _| {
                let items = list::items(guests.iter(), places, None);
                let passing = items.iter().filter(|item| item.passes_for_service(filter));
                passing.map(|item| item.vm.id).collect()
            })
        })
    })
}
