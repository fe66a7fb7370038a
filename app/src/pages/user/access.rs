//! How the account gets in: a link for a new password, and locking it out.
use super::Users;
use crate::{
    browser,
    components::{icon::icon, shown_once::ShownOnce, when::When},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::UserId;
use wxa_wire::{
    ResetLink, UserView,
    operation::{UserDisable, UserEnable, UserResetLink},
};

#[component]
pub(super) fn Access(id: UserId, users: Users, user: Memo<Option<UserView>>) -> impl IntoView {
    let problem = RwSignal::new(String::new());
    let link = RwSignal::new(None::<ResetLink>);
    let disabled = Memo::new(move |_| user.with(|user| user.as_ref()?.disabled_at));
    let make_link = move |_| {
        spawn_local(async move {
            match transport::call::<UserResetLink>(id, &()).await {
                Ok(made) => {
                    problem.set(String::new());
                    link.set(Some(made));
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
        });
    };
    let toggle = move |_| {
        let enable = disabled.get_untracked().is_some();
        spawn_local(async move {
            let reply = if enable {
                transport::call::<UserEnable>(id, &()).await
            } else {
                transport::call::<UserDisable>(id, &()).await
            };
            link.set(None);
            problem.set(
                reply
                    .err()
                    .map(|body| words::error(&body).detail)
                    .unwrap_or_default(),
            );
            users.reload();
        });
    };
    let acts = move || match disabled.get() {
        None => view! {
            <div class="card-acts">
                <button type="button" class="btn" on:click=make_link>{icon("key")}"Make a reset link"</button>
                <button type="button" class="btn danger" on:click=toggle>{icon("forbid")}"Disable"</button>
            </div>
        }
        .into_any(),
        Some(since) => view! {
            <p>"Disabled since "<When at=since/>". It cannot sign in, and its API tokens do not work."</p>
            <div class="card-acts">
                <button type="button" class="btn" on:click=toggle>{icon("check")}"Enable"</button>
            </div>
        }
        .into_any(),
    };
    let shown = move || {
        link.get().map(|made| {
            let name = untrack(|| user.get()).map(|user| user.name).unwrap_or_default();
            view! {
                <ShownOnce
                    label="The link was made"
                    text=format!("Send it to {name}: whoever opens it within a day sets a new password. Earlier links are void.")
                    secret=browser::address_of(&format!("/reset?token={}", made.token.0))
                    on_done=Callback::new(move |()| link.set(None))
                />
            }
        })
    };
    view! {
        <section class="card" aria-label="Access">
            <h2>"Access"</h2>
            <p class="muted small">
                "With a reset link the owner sets a new password. Disabling ends all sessions and stops API tokens at once."
            </p>
            {acts}
            <p class="problem" role="alert">{move || problem.get()}</p>
            {shown}
        </section>
    }
    .into_any()
}
