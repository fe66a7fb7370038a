//! All accounts: who may do what where, and when each was last seen.
use crate::{
    components::{empty::Empty, icon::icon, when::When},
    cx::{Cx, cx},
    fetched::Fetched,
    grant_words,
    routes::{self, Route},
};
use leptos::prelude::*;
use wxa_wire::UserView;

/// The page.
#[component]
pub fn UsersPage() -> impl IntoView {
    let cx = cx();
    if !cx.may_administer() {
        return not_for_you("Users");
    }
    let users = Fetched::<Vec<UserView>>::new(routes::USERS_URL);
    view! {
        <div class="head head-pad">
            <div class="title">
                <h1>"Users"</h1>
                <span class="grow"></span>
                <a class="btn primary" href=Route::UserAdd.path()>{icon("plus")}"New user"</a>
            </div>
        </div>
        <div class="table-scroll">{users.view("user", move |list| table(cx, list))}</div>
    }
    .into_any()
}

/// For those who do not manage accounts.
pub fn not_for_you(title: &'static str) -> AnyView {
    view! {
        <div class="head head-pad"><h1>{title}</h1></div>
        <Empty
            image="user"
            title="Only administrators manage users"
            text="Your own password, sessions and API tokens are on the page of your account."
        >
            <a class="btn" href=Route::Account.path()>"Your account"</a>
        </Empty>
    }
    .into_any()
}

fn table(cx: Cx, list: Vec<UserView>) -> AnyView {
    view! {
        <table class="users" aria-label="Users">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"May do"</th>
                    <th scope="col">"Last seen"</th>
                </tr>
            </thead>
            <tbody>{list.into_iter().map(|user| row(cx, user)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(cx: Cx, user: UserView) -> impl IntoView {
    let seen = match user.last_seen_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => "never".into_any(),
    };
    let href = Route::User(user.id).path();
    let state = state(&user);
    view! {
        <tr>
            <td class="who"><a class="name" href=href>{user.name.clone()}</a></td>
            <td class="state">{state}</td>
            <td class="may">{move || grant_words::line(cx, &user.grants)}</td>
            <td class="muted seen">{seen}</td>
        </tr>
    }
}

/// Whether the account can sign in, as a badge.
pub fn state(user: &UserView) -> AnyView {
    let (class, image, word) = match (user.disabled_at, user.has_password) {
        (Some(_), _) => ("st-crashed", "forbid", "Disabled"),
        (None, true) => ("st-running", "check", "Active"),
        (None, false) => ("st-paused", "key", "No password yet"),
    };
    view! { <span class=format!("st {class}")>{icon(image)}{word}</span> }.into_any()
}
