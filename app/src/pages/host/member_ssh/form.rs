//! Setting up, or changing, how a pool's hosts are reached over SSH.
use super::MemberSsh;
use crate::{
    components::icon::icon,
    cx::cx,
    pages::host_add::credential::{CredentialFields, Secret},
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_wire::{PoolSshAccount, PoolSshParams, operation::PoolSshSet};

/// Keys are confirmed in the table above it.
#[component]
pub(super) fn Form(card: MemberSsh, account: Memo<Option<Option<PoolSshAccount>>>) -> impl IntoView {
    let cx = cx();
    let kept = move || account.get_untracked().flatten();
    let user = RwSignal::new(kept().map_or_else(|| "root".to_owned(), |account| account.user));
    card.port
        .set(kept().map_or_else(|| "22".to_owned(), |account| account.port.to_string()));
    let secret = Secret::new();
    let another = RwSignal::new(false);
    let asks_secret = Memo::new(move |_| another.get() || account.get().flatten().is_none());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if card.busy.get_untracked() {
            return;
        }
        let keys = card.keys();
        if keys.is_empty() {
            return card.problem.set(t(T::NoKeysYet).to_owned());
        }
        card.busy.set(true);
        card.problem.set(String::new());
        let params = PoolSshParams {
            user: user.get_untracked(),
            port: card.port(),
            credential: asks_secret.get_untracked().then(|| secret.params()),
            keys,
        };
        spawn_local(async move {
            let reply = transport::call::<PoolSshSet>(card.id, &params).await;
            // The page may have been left meanwhile.
            if card.busy.try_set(false).is_some() {
                return;
            }
            match reply {
                Ok(()) => {
                    secret.clear();
                    another.set(false);
                    card.begin_anew();
                    cx.ui.say(Tone::Good, t(T::MemberSshSaved), "");
                }
                Err(body) => card.problem.set(words::error(&body).detail),
            }
        });
    };
    let title = move || {
        t(match account.get().flatten() {
            Some(_) => T::ChangeMemberSsh,
            None => T::SetUpMemberSsh,
        })
    };
    view! {
        <details class="fold">
            <summary class="btn">{icon("key")}{title}</summary>
            <form class="form" on:submit=save>
                <label>
                    {t(T::MemberSshUser)}
                    <span class="field">
                        <input
                            type="text"
                            autocomplete="off"
                            spellcheck="false"
                            prop:value=move || user.get()
                            on:input=move |event| user.set(event_target_value(&event))
                        />
                    </span>
                </label>
                <p class="muted small">{t(T::MemberSshUserMore)}</p>
                <label class="port">
                    {t(T::Port)}
                    <span class="field">
                        <input
                            type="text"
                            inputmode="numeric"
                            prop:value=move || card.port.get()
                            on:input=move |event| card.port.set(event_target_value(&event))
                        />
                    </span>
                </label>
                {move || account.get().flatten().map(|_| view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || another.get()
                            on:change=move |event| another.set(event_target_checked(&event))
                        />
                        {t(T::OtherCredential)}
                    </label>
                })}
                {move || asks_secret.get().then(|| view! {
                    <CredentialFields secret=secret name="member-ssh-credential"/>
                })}
                <p class="muted small">{t(T::NoKeysYet)}</p>
                <button type="submit" class="btn primary" aria-disabled=move || card.busy.get().then_some("true")>
                    {move || if card.busy.get() { "Saving…" } else { "Save" }}
                </button>
            </form>
        </details>
    }
    .into_any()
}
