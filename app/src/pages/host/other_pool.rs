//! The warning that another pool answers than the one that was added, and the decision about it.
use crate::{
    components::icon::icon,
    cx::cx,
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, Link};
use wxa_wire::{HostTrustParams, operation::HostTrustKey};

/// Nothing for any other link.
pub(super) fn other_pool(id: HostId, link: &Link) -> Option<AnyView> {
    let Link::OtherPool { kept, seen } = *link else {
        return None;
    };
    let cx = cx();
    let busy = RwSignal::new(false);
    let take = move |taken: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        // The one that was added, if it is back.
        let params = HostTrustParams {
            pool: Some(if taken { seen } else { kept }),
            ..HostTrustParams::default()
        };
        spawn_local(async move {
            if let Err(body) = transport::call::<HostTrustKey>(id, &params).await {
                let words = words::error(&body);
                cx.ui.say(Tone::Bad, words.title, words.detail);
            }
            busy.set(false);
        });
    };
    let may = untrack(|| cx.may_administer_host(id));
    let shown = view! {
        <section class="key-changed" role="alert">
            <h2>{icon("warning")}{t(T::OtherPool)}</h2>
            <p>{t(T::OtherPoolMore)}</p>
            <dl class="kv wide">
                <dt>{t(T::OtherPoolKept)}</dt>
                <dd class="mono wrap">{kept.to_string()}</dd>
                <dt>{t(T::OtherPoolSeen)}</dt>
                <dd class="mono wrap st-crashed">{seen.to_string()}</dd>
            </dl>
            {may.then(|| view! {
                <p class="muted small" id="other-pool-ask">{t(T::OtherPoolAsk)}</p>
                <div class="dialog-acts">
                    <button
                        type="button"
                        class="btn"
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=move |_| take(false)
                    >
                        {t(T::OtherPoolAgain)}
                    </button>
                    <button
                        type="button"
                        class="btn danger"
                        aria-describedby="other-pool-ask"
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=move |_| take(true)
                    >
                        {t(T::OtherPoolTake)}
                    </button>
                </div>
            })}
        </section>
    };
    Some(shown.into_any())
}
