//! Replacing the credentials of a host.
use crate::{
    components::icon::icon,
    cx::cx,
    pages::host_add::credential::{CredentialFields, PasswordField, Secret},
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, HostKind};
use wxa_wire::operation::{HostSetCredential, HostSetJumpCredential};

/// Whose credentials they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Plain,
    Pool,
    /// Of the jump host on the way to it.
    Jump,
}

#[component]
pub(super) fn SetCredential(id: HostId) -> impl IntoView {
    let cx = cx();
    let host = untrack(|| cx.live.host(id));
    let whose = match untrack(|| cx.live.kind(id)) {
        HostKind::Pool => Whose::Pool,
        HostKind::Plain | HostKind::Member { .. } => Whose::Plain,
    };
    // The address says which way is taken.
    let jumps = host.is_some_and(|host| host.address.contains(" via "));
    view! {
        <section class="card">
            <h2>"Credentials"</h2>
            <p class="muted small">"Kept sealed on the server and never shown again."</p>
            <Set id=id whose=whose/>
            {jumps.then(|| view! { <Set id=id whose=Whose::Jump/> })}
        </section>
    }
    .into_any()
}

#[component]
fn Set(id: HostId, whose: Whose) -> impl IntoView {
    let cx = cx();
    let secret = match whose {
        Whose::Pool => Secret::password(),
        Whose::Plain | Whose::Jump => Secret::new(),
    };
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
            let set = match whose {
                Whose::Jump => transport::call::<HostSetJumpCredential>(id, &params).await,
                Whose::Plain | Whose::Pool => transport::call::<HostSetCredential>(id, &params).await,
            };
            match set {
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
    let title = match whose {
        Whose::Jump => t(T::SetJumpCredential),
        Whose::Plain | Whose::Pool => "Set new credentials…",
    };
    view! {
        <details class="fold">
            <summary class="btn">{icon("key")}{title}</summary>
            <form class="form" on:submit=save>
                {match whose {
                    Whose::Pool => view! { <PasswordField secret=secret/> }.into_any(),
                    Whose::Plain => view! { <CredentialFields secret=secret/> }.into_any(),
                    Whose::Jump => view! { <CredentialFields secret=secret name="jump-credential"/> }.into_any(),
                }}
                <p class="problem" role="alert">{move || problem.get()}</p>
                <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { "Setting…" } else { "Set" }}
                </button>
            </form>
        </details>
    }
    .into_any()
}
