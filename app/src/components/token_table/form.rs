//! Making an API token: what it is for, what it may do, for how long.
use crate::{
    components::{
        grant_fields::{GrantEdit, GrantFields},
        icon::icon,
        shown_once::ShownOnce,
    },
    fetched::Fetched,
    grant_words, transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::UserId;
use wxa_wire::{
    TokenCreateParams, TokenCreated, TokenView,
    operation::{NoId, TokenCreate, UserTokenCreate},
};

const DAYS: [(u32, &str); 5] = [
    (1, "1 day"),
    (7, "7 days"),
    (30, "30 days"),
    (90, "90 days"),
    (365, "1 year"),
];
/// What is proposed.
const DAYS_USUAL: u32 = 30;

#[component]
pub(super) fn TokenForm(user: Option<UserId>, tokens: Fetched<Vec<TokenView>>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let days = RwSignal::new(DAYS_USUAL);
    let grant = GrantEdit::viewer(0);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let made = RwSignal::new(None::<TokenCreated>);
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let params = match untrack(|| grant.grant()) {
            Ok(grant) => TokenCreateParams {
                name: name.get_untracked().trim().to_owned(),
                grant,
                days: days.get_untracked(),
            },
            Err(missing) => return problem.set(missing.into()),
        };
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let reply = match user {
                Some(user) => transport::call::<UserTokenCreate>(user, &params).await,
                None => transport::call::<TokenCreate>(NoId, &params).await,
            };
            match reply {
                Ok(token) => {
                    name.set(String::new());
                    made.set(Some(token));
                    tokens.reload();
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    let choice = |(n, label): (u32, &'static str)| {
        view! { <option value=n.to_string() selected=n == DAYS_USUAL>{label}</option> }
    };
    let choose = move |event| {
        if let Ok(n) = event_target_value(&event).parse() {
            days.set(n);
        }
    };
    view! {
        {move || made.get().map(|token| shown(token, made))}
        <details class="fold">
            <summary class="btn">{icon("plus")}"Make a token…"</summary>
            <form class="form" on:submit=make>
                <div class="pair">
                    <label>
                        "What it is for"
                        <span class="field">
                            <input
                                type="text"
                                name="token-name"
                                autocomplete="off"
                                required=true
                                placeholder="nightly backup"
                                prop:value=move || name.get()
                                on:input=move |event| name.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                    <label>
                        "It expires after"
                        <select class="field" on:change=choose>{DAYS.map(choice).into_iter().collect_view()}</select>
                    </label>
                </div>
                <p class="muted small">{grant_words::ROLES}</p>
                <GrantFields edit=grant/>
                <p class="problem" role="alert">{move || problem.get()}</p>
                <div class="dialog-acts">
                    <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { "Making…" } else { "Make token" }}
                    </button>
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn shown(token: TokenCreated, made: RwSignal<Option<TokenCreated>>) -> AnyView {
    let text = format!("Give {} to the script that needs it.", token.token.name);
    view! {
        <ShownOnce
            label="The token was made"
            text=text
            secret=token.secret.0
            on_done=Callback::new(move |()| made.set(None))
        />
    }
    .into_any()
}
