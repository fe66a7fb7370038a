//! The account menu: who is signed in, the theme, keys, signing out. It opens without WebAssembly too.
use super::icon::icon;
use crate::{cx::cx, format};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

const THEMES: [(&str, &str, &str); 4] = [
    ("", "As the system", "desk"),
    ("light", "Light", "sun"),
    ("dark", "Dark", "moon"),
    ("contrast", "High contrast", "contrast"),
];

/// The menu at the right of the top bar.
#[component]
pub fn Account() -> impl IntoView {
    let cx = cx();
    let name = cx.user();
    let label = format!("Account: {name}");
    let theme = cx.ui.theme;
    let choice = move |(value, label, image): (&'static str, &'static str, &'static str)| {
        view! {
            <button
                type="button"
                class="btn quiet menu-item"
                aria-pressed=move || if theme.with(|now| now == value) { "true" } else { "false" }
                on:click=move |_| set_theme(theme, value)
            >
                {icon(image)}
                {label}
            </button>
        }
    };
    view! {
        <details class="menu account">
            <summary class="btn quiet" aria-label=label>
                <span class="ava me">{format::initials(&name)}</span>
            </summary>
            <div class="menu-list">
                <p class="menu-head">"Signed in as "<b>{name.clone()}</b></p>
                <div role="group" aria-label="Theme">{THEMES.map(choice).into_iter().collect_view()}</div>
                <hr/>
                <button type="button" class="btn quiet menu-item" on:click=move |_| cx.ui.help.set(true)>
                    {icon("keyboard")}
                    "Keys"
                </button>
                {cx.may_administer()
                    .then(|| view! { <a class="btn quiet menu-item" href="/audit">{icon("audit")}"Audit log"</a> })}
                <form method="post" action="/logout">
                    <button type="submit" class="btn quiet menu-item">{icon("exit")}"Sign out"</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn set_theme(theme: RwSignal<String>, value: &'static str) {
    theme.set(value.to_owned());
    let document = document();
    if let Some(root) = document.document_element() {
        let _ = if value.is_empty() {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", value)
        };
    }
    let cookie = format!("wxa-theme={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    let _ = document
        .unchecked_ref::<web_sys::HtmlDocument>()
        .set_cookie(&cookie);
}
