//! The tab with what readers see, who they are without a link, and deleting the page.
mod exports;
mod remove;
pub(super) mod zones;

use super::{
    draft::Place,
    fields::{Line, optional, radio, tick},
    shared::{Shared, shared},
};
use crate::text::{S, s, s_fill};
use exports::{Exports, Origin};
use leptos::prelude::*;
use remove::Remove;
use wxa_model::status::{Audience, Language, Shown};

/// The tab.
#[component]
pub(super) fn Look() -> impl IntoView {
    let shared = shared();
    // For both cards that tell addresses.
    let _ = Origin::get();
    view! {
        <div class="columns">
            <div class="bare stack">
                {words(shared)}
                {shown(shared)}
            </div>
            <div class="stack">
                <div class="bare">{readers(shared)}</div>
                <Exports/>
                <Remove/>
            </div>
        </div>
    }
    .into_any()
}

/// A language under its own name.
pub(super) fn language_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "Deutsch",
    }
}

fn words(shared: Shared) -> AnyView {
    let edit = shared.edit;
    let languages = Language::ALL.map(|language| {
        view! {
            <option value=language.tag() selected=language == edit.language.get_untracked()>{language_name(language)}</option>
        }
    });
    let choose = move |event| {
        if let Some(language) = Language::from_tag(&event_target_value(&event)) {
            edit.language.set(language);
        }
    };
    view! {
        <section class="card" aria-label=s(S::Words)>
            <h2>{s(S::Words)}</h2>
            <div class="form">
                {Line::new("page-title", s(S::PageTitle), edit.title).wrong(shared.wrong(Place::Title)).view()}
                {Line::new("page-about", optional(S::About), edit.about).wrong(shared.wrong(Place::About)).view()}
                <div class="pair">
                    <label>
                        {s(S::LanguageField)}
                        <select class="field" prop:value=move || edit.language.get().tag() on:change=choose>
                            {languages.into_iter().collect_view()}
                        </select>
                    </label>
                    <label>{s(S::ZoneField)}{zones::select(edit.time_zone, "UTC")}</label>
                </div>
                <p class="muted small">{s(S::ZoneMore)}</p>
            </div>
        </section>
    }
    .into_any()
}

fn shown(shared: Shared) -> AnyView {
    let now = shared.edit.shown;
    let choice = move |label: S, get: fn(&Shown) -> bool, set: fn(&mut Shown, bool)| {
        let value = Signal::derive(move || now.with(get));
        tick(s(label), value, move |yes| now.update(|shown| set(shown, yes)))
    };
    view! {
        <section class="card" aria-label=s(S::Shown)>
            <h2>{s(S::Shown)}</h2>
            <div class="form ticks">
                <p class="muted small">{s(S::ShownAlways)}</p>
                {choice(S::ShownAvailability, |shown| shown.availability, |shown, yes| shown.availability = yes)}
                {choice(S::ShownNotices, |shown| shown.notices, |shown, yes| shown.notices = yes)}
                {choice(S::ShownMembers, |shown| shown.members, |shown, yes| shown.members = yes)}
                <p class="muted small below">{s(S::ShownMembersMore)}</p>
                {choice(S::ShownCapacity, |shown| shown.capacity, |shown, yes| shown.capacity = yes)}
            </div>
        </section>
    }
    .into_any()
}

fn readers(shared: Shared) -> AnyView {
    let edit = shared.edit;
    let origin = Origin::get();
    let choice = move |audience: Audience, label: S| {
        radio(
            "audience".to_owned(),
            s(label).to_owned(),
            audience,
            edit.audience,
        )
    };
    let address = move || {
        let slug = edit.slug.with(|slug| slug.trim().to_owned());
        let is_open = edit.audience.get() != Audience::Links;
        (is_open && !slug.is_empty()).then(|| {
            let address = origin.of(&format!("/status/{slug}"));
            s_fill(S::SlugMore, &[("address", &address)])
        })
    };
    view! {
        <section class="card" aria-label=s(S::WhoReads)>
            <h2>{s(S::WhoReads)}</h2>
            <div class="form">
                <fieldset class="ticks">
                    <legend class="sr">{s(S::WhoReads)}</legend>
                    {choice(Audience::Links, S::AudienceLinks)}
                    {choice(Audience::SignedIn, S::AudienceSignedIn)}
                    {choice(Audience::Everybody, S::AudienceEverybody)}
                </fieldset>
                {move || (edit.audience.get() == Audience::Everybody).then(|| {
                    view! { <p class="muted small">{s(S::AudienceEverybodyMore)}</p> }
                })}
                {Line::new("page-slug", s(S::SlugField), edit.slug).wrong(shared.wrong(Place::Slug)).view()}
                <p class="muted small wrap">{address}</p>
            </div>
        </section>
    }
    .into_any()
}
