//! Another name for the account, and removing it.
use super::Users;
use crate::{components::icon::icon, cx::cx, routes::Route, transport, ui::Tone, words};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::UserId;
use wxa_wire::{
    UserRenameParams, UserView,
    operation::{UserDelete, UserRename},
};

#[component]
pub(super) fn Rename(id: UserId, users: Users, user: Memo<Option<UserView>>) -> impl IntoView {
    let name = RwSignal::new(untrack(|| name_of(user)));
    let problem = RwSignal::new(String::new());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let params = UserRenameParams {
            name: name.get_untracked().trim().to_owned(),
        };
        spawn_local(async move {
            let reply = transport::call::<UserRename>(id, &params).await;
            problem.set(
                reply
                    .err()
                    .map(|body| words::error(&body).detail)
                    .unwrap_or_default(),
            );
            users.reload();
        });
    };
    view! {
        <section class="card" aria-label="Name">
            <h2>"Name"</h2>
            <form class="form row-2" on:submit=save>
                <label>
                    "User name"
                    <span class="field">
                        <input
                            type="text"
                            autocomplete="off"
                            spellcheck="false"
                            required=true
                            value=name.get_untracked()
                            prop:value=move || name.get()
                            on:input=move |event| name.set(event_target_value(&event))
                        />
                    </span>
                </label>
                <button type="submit" class="btn">"Rename"</button>
            </form>
            <p class="problem" role="alert">{move || problem.get()}</p>
        </section>
    }
    .into_any()
}

#[component]
pub(super) fn Remove(id: UserId, user: Memo<Option<UserView>>) -> impl IntoView {
    let cx = cx();
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let same = move || {
        user.with(|user| {
            user.as_ref()
                .is_some_and(|user| typed.with(|typed| typed.trim() == user.name))
        })
    };
    let remove = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(same) {
            return;
        }
        let name = typed.get_untracked();
        spawn_local(async move {
            match transport::call::<UserDelete>(id, &()).await {
                Ok(()) => {
                    cx.ui.say(Tone::Good, format!("{} was removed", name.trim()), "");
                    cx.nav.to(Route::Users);
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
        });
    };
    view! {
        <section class="card" aria-label="Remove">
            <h2>"Remove"</h2>
            <p class="muted small">
                "Its sessions end and its API tokens are void. The audit log keeps what it did, under its name."
            </p>
            <details class="fold">
                <summary class="btn danger">{icon("trash")}"Remove…"</summary>
                <form class="form" on:submit=remove>
                    <label>
                        {move || format!("Type {} to remove it", name_of(user))}
                        <span class="field">
                            <input
                                type="text"
                                autocomplete="off"
                                spellcheck="false"
                                on:input=move |event| typed.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                    <p class="problem" role="alert">{move || problem.get()}</p>
                    <div class="dialog-acts">
                        <button type="submit" class="btn danger solid" aria-disabled=move || (!same()).then_some("true")>
                            "Remove the user"
                        </button>
                    </div>
                </form>
            </details>
        </section>
    }
    .into_any()
}

fn name_of(user: Memo<Option<UserView>>) -> String {
    user.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default())
}
