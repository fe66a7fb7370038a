//! A fresh secret, shown once: a link for somebody else, or an API token.
use super::icon::icon;
use crate::browser;
use leptos::prelude::*;

/// The secret, with what to do with it.
#[component]
pub fn ShownOnce(
    /// What it is.
    label: &'static str,
    /// What to do with it, and for how long.
    #[prop(into)]
    text: String,
    /// The secret itself.
    secret: String,
    /// It was taken note of.
    on_done: Callback<()>,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = {
        let secret = secret.clone();
        move |_| {
            browser::copy(&secret);
            copied.set(true);
        }
    };
    view! {
        <div class="shown-once" role="status">
            <p class="st st-running">{icon("check")}{label}</p>
            <p>{text}" "<b>"It is shown this once only."</b></p>
            <p class="fingerprint">
                <code>{secret}</code>
                <button type="button" class="btn" on:click=copy>
                    {icon("copy")}
                    {move || if copied.get() { "Copied" } else { "Copy" }}
                </button>
            </p>
            <button type="button" class="btn" on:click=move |_| on_done.run(())>"Done, hide it"</button>
        </div>
    }
    .into_any()
}
