//! How one's own account likes its pages. Each change is applied and kept at once: there is nothing to submit.
mod choice;
mod console;
mod formats;
mod recording;

use crate::{
    components::icon::icon,
    cx::cx,
    prefs::Kept,
    text::{T, fill, t},
};
use choice::{Choice, choice};
use leptos::prelude::*;
use wxa_model::preferences::{Density, Landing, Motion, Theme};

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <div class="head head-pad">
            <div class="title">
                <h1>{t(T::Settings)}</h1>
                <span class="grow"></span>
                <KeptNote/>
            </div>
        </div>
        <div class="scroll">
            <div class="settings">
                <p class="muted">{t(T::SettingsIntro)}</p>
                {appearance()}
                {formats::formats()}
                {start_page()}
                {console::console()}
                {recording::recording()}
            </div>
        </div>
    }
    .into_any()
}

fn appearance() -> AnyView {
    let theme = Choice {
        legend: T::Theme,
        more: None,
        name: "theme",
        options: vec![
            (Theme::System.name(), T::ThemeSystem, None),
            (Theme::Light.name(), T::ThemeLight, None),
            (Theme::Dark.name(), T::ThemeDark, None),
            (Theme::Contrast.name(), T::ThemeContrast, None),
        ],
        get: |now| now.theme.name(),
        set: |now, name| now.theme = Theme::from_name(name).unwrap_or_default(),
    };
    let density = Choice {
        legend: T::Density,
        more: None,
        name: "density",
        options: vec![
            (
                Density::Compact.name(),
                T::DensityCompact,
                Some(T::DensityCompactMore),
            ),
            (
                Density::Comfortable.name(),
                T::DensityComfortable,
                Some(T::DensityComfortableMore),
            ),
        ],
        get: |now| now.density.name(),
        set: |now, name| now.density = Density::from_name(name).unwrap_or_default(),
    };
    let motion = Choice {
        legend: T::Motion,
        more: None,
        name: "motion",
        options: vec![
            (Motion::System.name(), T::MotionSystem, None),
            (Motion::Reduced.name(), T::MotionReduced, None),
        ],
        get: |now| now.motion.name(),
        set: |now, name| now.motion = Motion::from_name(name).unwrap_or_default(),
    };
    view! {
        <section class="card" aria-labelledby="set-looks">
            <h2 id="set-looks">{t(T::Appearance)}</h2>
            {choice(theme)}
            {choice(density)}
            {choice(motion)}
        </section>
    }
    .into_any()
}

fn start_page() -> AnyView {
    let landing = Choice {
        legend: T::StartPage,
        more: Some(T::StartPageMore),
        name: "landing",
        options: vec![
            (Landing::Overview.name(), T::Overview, None),
            (Landing::Vms.name(), T::AllVms, None),
            (Landing::Host.name(), T::LandingHost, None),
            (Landing::Tasks.name(), T::Tasks, None),
        ],
        get: |now| now.landing.name(),
        set: |now, name| now.landing = Landing::from_name(name).unwrap_or_default(),
    };
    view! {
        <section class="card" aria-labelledby="set-start">
            <h2 id="set-start">{t(T::StartPage)}</h2>
            {choice(landing)}
        </section>
    }
    .into_any()
}

/// Whether what was changed is kept.
#[component]
fn KeptNote() -> impl IntoView {
    let kept = cx().prefs.kept;
    view! {
        <span class="small kept" role="status">
            {move || match kept.get() {
                Kept::Unchanged => ().into_any(),
                Kept::Keeping => view! { <span class="muted">{t(T::SettingsKeeping)}</span> }.into_any(),
                Kept::Yes => view! { <span class="st st-running">{icon("check")}{t(T::SettingsKept)}</span> }.into_any(),
                Kept::No(why) => {
                    view! { <span class="st st-crashed">{icon("warning")}{fill(T::SettingsNotKept, &[("why", &why)])}</span> }
                        .into_any()
                }
            }}
        </span>
    }
    .into_any()
}
