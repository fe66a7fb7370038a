//! Changing one's own password.
use crate::{cx::cx, transport, ui::Tone, words};
use leptos::{prelude::*, task::spawn_local};
use wxa_wire::{
    PasswordParams, SecretText,
    operation::{AccountSetPassword, NoId},
};

#[component]
pub(super) fn Password() -> impl IntoView {
    let cx = cx();
    let (old, new, again) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if new.get_untracked() != again.get_untracked() {
            return problem.set("The two new passwords are not the same.".into());
        }
        let params = PasswordParams {
            old: SecretText(old.get_untracked()),
            new: SecretText(new.get_untracked()),
        };
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<AccountSetPassword>(NoId, &params).await {
                Ok(()) => {
                    for field in [old, new, again] {
                        field.set(String::new());
                    }
                    cx.ui.say(
                        Tone::Good,
                        "Your password was changed",
                        "Your other sessions were ended. API tokens go on.",
                    );
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="card" aria-label="Password">
            <h2>"Password"</h2>
            <form class="form" on:submit=save>
                {field("The one until now", "current-password", old)}
                {field("A new one, at least 12 characters", "new-password", new)}
                {field("The new one again", "new-password", again)}
                <p class="problem" role="alert">{move || problem.get()}</p>
                <div class="dialog-acts">
                    <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { "Changing…" } else { "Change password" }}
                    </button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn field(label: &'static str, autocomplete: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <label>
            {label}
            <span class="field">
                <input
                    type="password"
                    autocomplete=autocomplete
                    required=true
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </span>
        </label>
    }
    .into_any()
}
