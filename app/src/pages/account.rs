//! One's own account: what one may do, password, sessions, API tokens.
mod password;

use crate::{
    components::{session_table::SessionCard, token_table::TokenCard},
    cx::cx,
    grant_words,
};
use leptos::prelude::*;
use password::Password;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let cx = cx();
    let may = move || grant_words::line(cx, &cx.grants());
    view! {
        <div class="head head-pad"><h1>"Your account"</h1></div>
        <div class="scroll">
            <div class="columns">
                <div class="stack">
                    <SessionCard user=None/>
                    <TokenCard user=None/>
                </div>
                <div class="stack">
                    <section class="card" aria-label="You">
                        <h2>{cx.user()}</h2>
                        <p><span class="muted">"May do: "</span>{may}</p>
                    </section>
                    <Password/>
                </div>
            </div>
        </div>
    }
    .into_any()
}
