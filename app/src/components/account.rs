//! The account menu: who is signed in, the theme, keys, signing out. It opens without WebAssembly too.
use super::icon::icon;
use crate::{
    cx::cx,
    format,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::preferences::Theme;

const THEMES: [(Theme, T, &str); 4] = [
    (Theme::System, T::ThemeSystem, "desk"),
    (Theme::Light, T::ThemeLight, "sun"),
    (Theme::Dark, T::ThemeDark, "moon"),
    (Theme::Contrast, T::ThemeContrast, "contrast"),
];

/// The menu at the right of the top bar.
#[component]
pub fn Account() -> impl IntoView {
    let cx = cx();
    let name = cx.user();
    let label = fill(T::Account, &[("name", &name)]);
    let prefs = cx.prefs;
    let choice = move |(value, label, image): (Theme, T, &'static str)| {
        view! {
            <button
                type="button"
                class="btn quiet menu-item"
                aria-pressed=move || if prefs.now.with(|now| now.theme == value) { "true" } else { "false" }
                on:click=move |_| prefs.change(|now| now.theme = value)
            >
                {icon(image)}
                {t(label)}
            </button>
        }
    };
    view! {
        <details class="menu account">
            <summary class="btn quiet" aria-label=label>
                <span class="ava me">{format::initials(&name)}</span>
            </summary>
            <div class="menu-list">
                <p class="menu-head">{t(T::SignedInAs)}<b>{name.clone()}</b></p>
                <div role="group" aria-label=t(T::Theme)>{THEMES.map(choice).into_iter().collect_view()}</div>
                <hr/>
                <a class="btn quiet menu-item" href="/status-pages">{icon("external")}{t(T::StatusPages)}</a>
                <a class="btn quiet menu-item" href="/account">{icon("user")}{t(T::YourAccount)}</a>
                <a class="btn quiet menu-item" href="/settings">{icon("settings")}{t(T::Settings)}</a>
                <a class="btn quiet menu-item" href="/help">{icon("question")}{t(T::Help)}</a>
                <button type="button" class="btn quiet menu-item" on:click=move |_| cx.ui.help.set(true)>
                    {icon("keyboard")}
                    {t(T::Keys)}
                </button>
                {cx.may_administer()
                    .then(|| {
                        view! {
                            <a class="btn quiet menu-item" href="/users">{icon("user")}{t(T::Users)}</a>
                            <a class="btn quiet menu-item" href="/audit">{icon("audit")}{t(T::AuditLog)}</a>
                            <a class="btn quiet menu-item" href="/system">{icon("info")}{t(T::System)}</a>
                        }
                    })}
                <form method="post" action="/logout">
                    <button type="submit" class="btn quiet menu-item">{icon("exit")}{t(T::SignOut)}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}
