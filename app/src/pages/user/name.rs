//! Another name for the account, and removing it.
use super::Users;
use crate::{components::type_to_remove::TypeToRemove, cx::cx, routes::Route, transport, ui::Tone, words};
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
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let remove = Callback::new(move |()| {
        busy.set(true);
        let name = untrack(|| name_of(user));
        spawn_local(async move {
            match transport::call::<UserDelete>(id, &()).await {
                Ok(()) => {
                    cx.ui.say(Tone::Good, format!("{name} was removed"), "");
                    cx.nav.to(Route::Users);
                }
                Err(body) => drop(problem.try_set(words::error(&body).detail)),
            }
            let _ = busy.try_set(false);
        });
    });
    view! {
        <TypeToRemove
            title="Remove"
            more="Its sessions end and its API tokens are void. The audit log keeps what it did, under its name."
            name=Signal::derive(move || name_of(user))
            ask=Signal::derive(move || format!("Type {} to remove it", name_of(user)))
            yes="Remove the user"
            busy=busy
            problem=problem
            remove=remove
        />
    }
}

fn name_of(user: Memo<Option<UserView>>) -> String {
    user.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default())
}
