//! By what a pool is known, the members that it told, and changing that.
use crate::{
    components::icon::icon,
    cx::cx,
    fetched::Fetched,
    pages::host_add::trust::{TrustChoice, TrustFields},
    routes::trust_url,
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, KnownMember, Trust};
use wxa_wire::{HostTrustParams, HostTrustView, operation::HostTrustKey};

#[component]
pub(super) fn TrustCard(id: HostId) -> impl IntoView {
    let known = Fetched::<HostTrustView>::new(trust_url(id));
    view! {
        <section class="card">
            <h2>{t(T::TrustTitle)}</h2>
            {move || known.view("shield", move |view| card(id, known, view))}
        </section>
    }
    .into_any()
}

fn card(id: HostId, known: Fetched<HostTrustView>, view: HostTrustView) -> AnyView {
    let (words, more) = match view.trust {
        Trust::Pin => (T::TrustPinned, T::TrustPinnedMore),
        Trust::System => (T::TrustSystem, T::TrustVouchedMore),
        Trust::Authority { .. } => (T::TrustAuthority, T::TrustVouchedMore),
    };
    let fingerprint = view.fingerprint.clone();
    view! {
        <dl class="kv wide">
            <dt>{t(T::TrustKnownBy)}</dt>
            <dd>{t(words)}</dd>
            {(!fingerprint.is_empty()).then(|| view! {
                <dt>{t(T::TrustFingerprint)}</dt>
                <dd class="mono wrap">{fingerprint}</dd>
            })}
            {view.pool.map(|uuid| view! {
                <dt>{t(T::PoolUuid)}</dt>
                <dd class="mono wrap">{uuid.to_string()}</dd>
            })}
        </dl>
        <p class="muted small">{t(more)}</p>
        {members(&view.members)}
        <details class="fold">
            <summary class="btn">{icon("key")}{t(T::TrustChange)}</summary>
            <Change id=id known=known view=view/>
        </details>
    }
    .into_any()
}

fn members(members: &[KnownMember]) -> AnyView {
    if members.is_empty() {
        return view! { <p class="muted small">{t(T::TrustMembersNone)}</p> }.into_any();
    }
    let row = |member: &KnownMember| {
        let address = member.address.clone();
        view! { <li><span class="mono">{address}</span>" "<span class="muted">{member.names.join(", ")}</span></li> }
    };
    view! {
        <h3>{t(T::TrustMembers)}</h3>
        <ul class="plain">{members.iter().map(row).collect_view()}</ul>
        <p class="muted small">{t(T::TrustMembersMore)}</p>
    }
    .into_any()
}

#[component]
fn Change(id: HostId, known: Fetched<HostTrustView>, view: HostTrustView) -> impl IntoView {
    let cx = cx();
    let choice = TrustChoice::new(&view.trust);
    let pin = RwSignal::new(view.fingerprint);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let trust = choice.trust();
        let fingerprint = match trust {
            Trust::Pin => pin.get_untracked().trim().to_owned(),
            Trust::System | Trust::Authority { .. } => String::new(),
        };
        let params = HostTrustParams {
            fingerprint,
            trust,
            ..HostTrustParams::default()
        };
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<HostTrustKey>(id, &params).await {
                Ok(()) => {
                    cx.ui.say(Tone::Good, t(T::TrustSaved), "");
                    known.reload();
                }
                Err(body) => {
                    let _ = problem.try_set(words::error(&body).detail);
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <form class="form" on:submit=save>
            <TrustFields choice=choice/>
            {move || choice.is_pin().then(|| view! {
                <label>
                    {t(T::TrustPinField)}
                    <span class="field">
                        <input
                            type="text"
                            name="pin"
                            autocomplete="off"
                            spellcheck="false"
                            prop:value=move || pin.get()
                            on:input=move |event| pin.set(event_target_value(&event))
                        />
                    </span>
                </label>
            })}
            <p class="problem" role="alert">{move || problem.get()}</p>
            <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                {move || t(if busy.get() { T::TrustSaving } else { T::TrustSave })}
            </button>
        </form>
    }
    .into_any()
}
