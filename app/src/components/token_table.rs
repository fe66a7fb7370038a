//! API tokens: what each may do, until when, when it was used; making and revoking them.
mod form;

use super::{icon::icon, sure::Sure, when::When};
use crate::{
    cx::{Cx, cx},
    fetched::Fetched,
    format, grant_words, transport,
    ui::Tone,
    words,
};
use form::TokenForm;
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{TokenId, UnixMillis, UserId};
use wxa_wire::{TokenView, operation::TokenRevoke};

const MINUTE_MS: u64 = 60_000;

/// The card: one's own API tokens, or (for administrators) those of `user`.
#[component]
pub fn TokenCard(user: Option<UserId>) -> impl IntoView {
    let cx = cx();
    let tokens = Fetched::<Vec<TokenView>>::new(crate::routes::tokens_url(user));
    view! {
        <section class="card" aria-label="API tokens">
            <h2>"API tokens"</h2>
            <p class="muted small">
                "For scripts. A token may do no more than its owner at any time, always expires, and manages no accounts. "
                "Scripts send it as "<code>"Authorization: Bearer wxa_…"</code>"."
            </p>
            {tokens.view("key", move |list| table(cx, list, tokens))}
            <TokenForm user=user tokens=tokens/>
        </section>
    }
    .into_any()
}

fn table(cx: Cx, list: Vec<TokenView>, tokens: Fetched<Vec<TokenView>>) -> AnyView {
    if list.is_empty() {
        return view! { <p class="muted">"None."</p> }.into_any();
    }
    view! {
        <table class="plain rows" aria-label="API tokens">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"May do"</th>
                    <th scope="col">"Until"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col"><span class="sr">"Act"</span></th>
                </tr>
            </thead>
            <tbody>{list.into_iter().map(|token| row(cx, token, tokens)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(cx: Cx, token: TokenView, tokens: Fetched<Vec<TokenView>>) -> impl IntoView {
    let id = token.id;
    let revoke = Callback::new(move |()| revoke(cx, id, tokens));
    let grant = token.grant.clone();
    let from = format!("from {}", token.last_used_from);
    let used = match token.last_used_at {
        Some(at) => view! { <span title=from><When at=at/></span> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <tr>
            <td class="cut"><b>{token.name.clone()}</b></td>
            <td class="may">{move || grant_words::one(cx, &grant)}</td>
            <td data-label="expires">{until(cx, token.expires_at)}</td>
            <td class="muted" data-label="used">{used}</td>
            <td class="act"><Sure label="Revoke" about=token.name again="For good?" on_yes=revoke/></td>
        </tr>
    }
}

/// When something ends, or that it has.
fn until(cx: Cx, at: UnixMillis) -> AnyView {
    let left = Memo::new(move |_| at.0.saturating_sub(cx.clock.now.get().0) / MINUTE_MS * MINUTE_MS);
    let shown = move || match left.get() {
        0 => view! { <span class="st st-crashed">{icon("cross")}"Expired"</span> }.into_any(),
        left => format!("in {}", format::span(left)).into_any(),
    };
    shown.into_any()
}

fn revoke(cx: Cx, id: TokenId, tokens: Fetched<Vec<TokenView>>) {
    spawn_local(async move {
        if let Err(body) = transport::call::<TokenRevoke>(id, &()).await {
            let words = words::error(&body);
            cx.ui.say(Tone::Bad, words.title, words.detail);
        }
        tokens.reload();
    });
}
