//! Forgetting a host: its name has to be typed.
use crate::{
    components::icon::icon,
    cx::cx,
    routes::Route,
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, HostKind};
use wxa_wire::operation::HostRemove;

#[component]
pub(super) fn Remove(id: HostId) -> impl IntoView {
    let cx = cx();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let pool = untrack(|| cx.live.kind(id)) == HostKind::Pool;
    let name = untrack(|| cx.live.host(id))
        .map(|host| host.name.clone())
        .unwrap_or_default();
    let wanted = StoredValue::new(name.clone());
    let same = move || wanted.with_value(|name| typed.with(|typed| typed.trim() == name));
    let remove = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !same() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let name = wanted.get_value();
        spawn_local(async move {
            // The live socket may tell before the reply does: then this page, and all that it holds, is gone already.
            match transport::call::<HostRemove>(id, &()).await {
                Ok(()) => {
                    cx.ui.say(Tone::Good, format!("{name} was removed"), "");
                    cx.nav.to(Route::Vms);
                }
                Err(body) => {
                    let words = words::error(&body);
                    cx.ui.say(Tone::Bad, words.title, words.detail);
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <section class="card">
            <h2>"Remove"</h2>
            <p class="muted small">
                {t(if pool { T::RemovePoolMore } else { T::RemoveHostMore })}
            </p>
            <details class="fold">
                <summary class="btn danger">{icon("trash")}"Remove…"</summary>
                <form class="form" on:submit=remove>
                    <label>
                        {format!("Type {name} to remove it")}
                        <span class="field">
                            <input
                                type="text"
                                autocomplete="off"
                                spellcheck="false"
                                on:input=move |event| typed.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                    <button type="submit" class="btn danger solid" aria-disabled=move || (!same() || busy.get()).then_some("true")>
                        {t(if pool { T::RemoveThePool } else { T::RemoveTheHost })}
                    </button>
                </form>
            </details>
        </section>
    }
    .into_any()
}
