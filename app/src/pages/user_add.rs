//! Making an account: its name, what it may do, and how its owner gets in.
use crate::{
    browser,
    components::{
        grants_fields::{GrantsEdit, GrantsFields},
        shown_once::ShownOnce,
    },
    cx::cx,
    pages::users::not_for_you,
    routes::Route,
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{Grant, Role, Scope};
use wxa_wire::{
    SecretText, UserCreateParams, UserCreated,
    operation::{NoId, UserCreate},
};

/// The page.
#[component]
pub fn UserAddPage() -> impl IntoView {
    let cx = cx();
    if !cx.may_administer() {
        return not_for_you("New user");
    }
    let (role, scope) = (Role::Viewer, Scope::Everything);
    let grants = GrantsEdit::new(&[Grant { role, scope }]);
    let name = RwSignal::new(String::new());
    let by_link = RwSignal::new(true);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let made = RwSignal::new(None::<UserCreated>);
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let grants = match untrack(|| grants.grants()) {
            Ok(grants) => grants,
            Err(missing) => return problem.set(missing.into()),
        };
        let params = UserCreateParams {
            name: name.get_untracked().trim().to_owned(),
            grants,
            password: (!by_link.get_untracked()).then(|| SecretText(password.get_untracked())),
        };
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<UserCreate>(NoId, &params).await {
                Ok(user) if user.link.is_some() => made.set(Some(user)),
                Ok(user) => {
                    password.set(String::new());
                    cx.ui.say(Tone::Good, format!("{} can sign in", params.name), "");
                    cx.nav.to(Route::User(user.user));
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    let form = move || {
        view! {
            <form class="form card wide" on:submit=make>
                <label>
                    "User name"
                    <span class="field">
                        <input
                            type="text"
                            name="new-user"
                            autocomplete="off"
                            autocapitalize="off"
                            spellcheck="false"
                            required=true
                            prop:value=move || name.get()
                            on:input=move |event| name.set(event_target_value(&event))
                        />
                    </span>
                </label>
                <GrantsFields edit=grants/>
                {how(by_link, password)}
                <p class="problem" role="alert">{move || problem.get()}</p>
                <div class="dialog-acts">
                    <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { "Making…" } else { "Make the user" }}
                    </button>
                    <a class="btn" href=Route::Users.path()>"Cancel"</a>
                </div>
            </form>
        }
        .into_any()
    };
    let content = move || match made.get() {
        None => form(),
        Some(user) => done(user, name.get_untracked()),
    };
    view! {
        <div class="head head-pad"><h1>"New user"</h1></div>
        <div class="scroll">{content}</div>
    }
    .into_any()
}

fn how(by_link: RwSignal<bool>, password: RwSignal<String>) -> AnyView {
    let choice = move |link: bool, label: &'static str| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name="how"
                    checked=link
                    prop:checked=move || by_link.get() == link
                    on:change=move |_| by_link.set(link)
                />
                {label}
            </label>
        }
    };
    view! {
        <fieldset class="radios">
            <legend>"How its owner gets in"</legend>
            {choice(true, "by a one-time link, and chooses a password")}
            {choice(false, "with a password that you set")}
        </fieldset>
        {move || {
            (!by_link.get()).then(|| {
                view! {
                    <label>
                        "Password, at least 12 characters"
                        <span class="field">
                            <input
                                type="password"
                                autocomplete="new-password"
                                prop:value=move || password.get()
                                on:input=move |event| password.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                }
            })
        }}
    }
    .into_any()
}

fn done(user: UserCreated, name: String) -> AnyView {
    let cx = cx();
    let Some(link) = user.link else {
        return ().into_any();
    };
    let id = user.user;
    view! {
        <section class="card wide">
            <ShownOnce
                label="The user was made"
                text=format!("Send this link to {name}: whoever opens it within a day sets the password.")
                secret=browser::address_of(&format!("/reset?token={}", link.token.0))
                on_done=Callback::new(move |()| cx.nav.to(Route::User(id)))
            />
        </section>
    }
    .into_any()
}
