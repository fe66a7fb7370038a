//! Replacing the credentials of a host.
use crate::{
    components::icon::icon,
    cx::cx,
    pages::host_add::credential::{CredentialFields, PasswordField, Secret},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, HostKind};
use wxa_wire::operation::HostSetCredential;

#[component]
pub(super) fn SetCredential(id: HostId) -> impl IntoView {
    let cx = cx();
    let pool = untrack(|| cx.live.kind(id)) == HostKind::Pool;
    let secret = if pool { Secret::password() } else { Secret::new() };
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(String::new());
        let params = secret.params();
        spawn_local(async move {
            match transport::call::<HostSetCredential>(id, &params).await {
                Ok(()) => {
                    secret.clear();
                    cx.ui.say(
                        Tone::Good,
                        "New credentials are set",
                        "The host is being connected with them.",
                    );
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="card">
            <h2>"Credentials"</h2>
            <p class="muted small">"Kept sealed on the server and never shown again."</p>
            <details class="fold">
                <summary class="btn">{icon("key")}"Set new credentials…"</summary>
                <form class="form" on:submit=save>
                    {if pool {
                        view! { <PasswordField secret=secret/> }.into_any()
                    } else {
                        view! { <CredentialFields secret=secret/> }.into_any()
                    }}
                    <p class="problem" role="alert">{move || problem.get()}</p>
                    <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { "Setting…" } else { "Set" }}
                    </button>
                </form>
            </details>
        </section>
    }
    .into_any()
}
