//! How a pool's hosts are reached over SSH, for the serial consoles of HVM guests: what is set up, how each host answers, the
//! form, and forgetting it.
mod form;
mod table;

use crate::{
    components::{icon::icon, sure::Sure},
    cx::cx,
    fetched::Fetched,
    routes::pool_ssh_url,
    text::{T, fill, t},
    transport,
    ui::Tone,
    words,
};
use form::Form;
use leptos::{prelude::*, task::spawn_local};
use table::table;
use wxa_model::HostId;
use wxa_wire::{
    PoolSshAccount, PoolSshKey, PoolSshLookParams, PoolSshMember, PoolSshView, SignInWay,
    operation::{PoolSshLook, PoolSshRemove},
};

/// What the card and its form share.
#[derive(Clone, Copy)]
pub(super) struct MemberSsh {
    id: HostId,
    kept: Fetched<PoolSshView>,
    /// What the hosts said when they were looked at last.
    seen: RwSignal<Option<PoolSshView>>,
    /// The hosts whose shown key the person compared.
    compared: RwSignal<Vec<HostId>>,
    port: RwSignal<String>,
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

impl MemberSsh {
    /// What is known: the latest look, else what is kept. Tracks it.
    fn view(self) -> Option<PoolSshView> {
        self.seen.get().or_else(|| self.kept.get())
    }

    /// The port that was typed; 0 for none.
    fn port(self) -> u16 {
        self.port.with_untracked(|port| port.trim().parse().unwrap_or(0))
    }

    /// The keys that are confirmed: those that were, and those that the person compared now.
    fn keys(self) -> Vec<PoolSshKey> {
        let members = untrack(|| self.view())
            .map(|view| view.members)
            .unwrap_or_default();
        let compared = self.compared.get_untracked();
        let key = |member: PoolSshMember| {
            let shown = member.shown.filter(|_| compared.contains(&member.host));
            Some(PoolSshKey {
                host: member.host,
                fingerprint: shown.or(member.pinned)?,
            })
        };
        members.into_iter().filter_map(key).collect()
    }

    /// Fetches the hosts' keys.
    fn look(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(String::new());
        let params = PoolSshLookParams { port: self.port() };
        spawn_local(async move {
            let reply = transport::call::<PoolSshLook>(self.id, &params).await;
            // The page may have been left meanwhile.
            let _ = match reply {
                Ok(view) => {
                    let _ = self.compared.try_set(Vec::new());
                    self.seen.try_set(Some(view)).map(drop)
                }
                Err(body) => self.problem.try_set(words::error(&body).detail).map(drop),
            };
            let _ = self.busy.try_set(false);
        });
    }

    /// What was seen counts no more: what is kept is asked for anew.
    fn begin_anew(self) {
        let _ = self.seen.try_set(None);
        let _ = self.compared.try_set(Vec::new());
        self.kept.reload();
    }
}

#[component]
pub(super) fn MemberSshCard(id: HostId) -> impl IntoView {
    let card = MemberSsh {
        id,
        kept: Fetched::new(pool_ssh_url(id)),
        seen: RwSignal::new(None),
        compared: RwSignal::new(Vec::new()),
        port: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        problem: RwSignal::new(String::new()),
    };
    let account = Memo::new(move |_| card.kept.get().map(|view| view.account));
    view! {
        <section class="card">
            <h2>{t(T::MemberSsh)}</h2>
            <p class="muted small">{t(T::MemberSshMore)}</p>
            {card.kept.view_kept("console", move || {
                view! {
                    <p>
                        {move || match account.get().flatten() {
                            Some(account) => summary(&account),
                            None => t(T::MemberSshNone).to_owned(),
                        }}
                    </p>
                    {move || card.view().map(|view| table(card, view))}
                    <p class="problem" role="alert">{move || card.problem.get()}</p>
                    <p class="card-acts">
                        <button
                            type="button"
                            class="btn"
                            aria-disabled=move || card.busy.get().then_some("true")
                            on:click=move |_| card.look()
                        >
                            {icon("key")}
                            {move || t(if card.busy.get() { T::Fetching } else { T::LookAtHosts })}
                        </button>
                        {move || account.get().flatten().map(|_| forget(card))}
                    </p>
                    <Form card=card account=account/>
                }
                    .into_any()
            })}
        </section>
    }
    .into_any()
}

fn summary(account: &PoolSshAccount) -> String {
    let way = t(match account.sign_in {
        SignInWay::Password => T::WithPassword,
        SignInWay::Key => T::WithKey,
        SignInWay::Agent => T::WithAgent,
    });
    fill(
        T::MemberSshAccount,
        &[("user", &account.user), ("port", &account.port), ("way", &way)],
    )
}

fn forget(card: MemberSsh) -> AnyView {
    let cx = cx();
    let yes = Callback::new(move |()| {
        spawn_local(async move {
            match transport::call::<PoolSshRemove>(card.id, &()).await {
                Ok(()) => cx.ui.say(Tone::Good, t(T::MemberSshForgotten), ""),
                Err(body) => {
                    let words = words::error(&body);
                    cx.ui.say(Tone::Bad, words.title, words.detail);
                }
            }
            card.begin_anew();
        });
    });
    view! { <Sure label=t(T::MemberSshForget) about="" again=t(T::MemberSshForgetSure) on_yes=yes/> }
        .into_any()
}
