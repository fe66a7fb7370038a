//! One account, for administrators: what it may do, how it gets in, its sessions and tokens, its name.
mod access;
mod grants;
mod name;

use crate::{
    components::{crumbs::Crumbs, session_table::SessionCard, token_table::TokenCard},
    cx::cx,
    fetched::Fetched,
    pages::{
        missing::Missing,
        users::{not_for_you, state},
    },
    routes::{self, Route},
};
use access::Access;
use grants::Grants;
use leptos::prelude::*;
use name::{Remove, Rename};
use wxa_model::UserId;
use wxa_wire::UserView;

/// All accounts: this one is among them, and a change asks anew.
type Users = Fetched<Vec<UserView>>;

/// The page.
#[component]
pub fn UserPage(id: UserId) -> impl IntoView {
    if !cx().may_administer() {
        return not_for_you("User");
    }
    let users = Users::new(routes::USERS_URL);
    // What is typed in a card must outlive a reload of the list: cards are made once, when the account is first known.
    let user = Memo::new(move |_| users.get()?.into_iter().find(|user| user.id == id));
    let known = Memo::new(move |_| users.get().map(|_| user.with(Option::is_some)));
    let content = move || match known.get() {
        Some(true) => found(id, users, user),
        Some(false) => view! { <Missing/> }.into_any(),
        None => users.view("user", |_| ().into_any()),
    };
    content.into_any()
}

fn found(id: UserId, users: Users, user: Memo<Option<UserView>>) -> AnyView {
    let way = Signal::derive(move || vec![("Users".to_owned(), Route::Users.path())]);
    view! {
        <div class="head head-pad">
            <Crumbs way=way/>
            <div class="title">
                <h1>{move || user.get().map(|user| user.name)}</h1>
                {move || user.get().map(|user| state(&user))}
            </div>
        </div>
        <div class="scroll">
            <div class="columns">
                <div class="stack">
                    <Grants id=id users=users user=user/>
                    <SessionCard user=Some(id)/>
                    <TokenCard user=Some(id)/>
                </div>
                <div class="stack">
                    <Access id=id users=users user=user/>
                    <Rename id=id users=users user=user/>
                    <Remove id=id user=user/>
                </div>
            </div>
        </div>
    }
    .into_any()
}
