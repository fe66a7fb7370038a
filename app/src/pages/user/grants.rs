//! What the account may do.
use super::Users;
use crate::{
    components::grants_fields::{GrantsEdit, GrantsFields},
    cx::cx,
    grant_words, transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::UserId;
use wxa_wire::{UserGrantsParams, UserView, operation::UserSetGrants};

#[component]
pub(super) fn Grants(id: UserId, users: Users, user: Memo<Option<UserView>>) -> impl IntoView {
    let cx = cx();
    let held = untrack(|| user.get()).map(|user| user.grants).unwrap_or_default();
    let edit = GrantsEdit::new(&held);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let params = match untrack(|| edit.grants()) {
            Ok(grants) => UserGrantsParams { grants },
            Err(missing) => return problem.set(missing.into()),
        };
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<UserSetGrants>(id, &params).await {
                Ok(()) => {
                    cx.ui
                        .say(Tone::Good, "The grants were changed", "They hold at once.");
                    users.reload();
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    let now = move || user.with(|user| user.as_ref().map(|user| grant_words::line(cx, &user.grants)));
    view! {
        <section class="card" aria-label="Grants">
            <h2>"May do"</h2>
            <p>{now}</p>
            <details class="fold">
                <summary class="btn">"Change…"</summary>
                <form class="form" on:submit=save>
                    <GrantsFields edit=edit/>
                    <p class="muted small">"Saving signs the account out everywhere: what is open was opened with the old grants."</p>
                    <p class="problem" role="alert">{move || problem.get()}</p>
                    <div class="dialog-acts">
                        <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                            {move || if busy.get() { "Saving…" } else { "Save grants" }}
                        </button>
                    </div>
                </form>
            </details>
        </section>
    }
    .into_any()
}
