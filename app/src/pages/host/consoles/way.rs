//! By which way they are recorded. Staying attached is chosen only by who says that it is known what that means.
use crate::{
    cx::cx,
    fetched::Fetched,
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::HostId;
use wxa_wire::{HostRecordingParams, HostRecordingView, HostRecordingWay, operation::HostRecordingSet};

#[component]
pub(super) fn Way(id: HostId, kept: Fetched<HostRecordingView>, pool: bool) -> impl IntoView {
    let cx = cx();
    let now = move || untrack(|| kept.get()).map(|view| view.way).unwrap_or_default();
    let way = RwSignal::new(now());
    let known = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let asks = Memo::new(move |_| way.get() == HostRecordingWay::Attached);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let way = way.get_untracked();
        let again = now() == HostRecordingWay::Attached;
        if way == HostRecordingWay::Attached && !again && !known.get_untracked() {
            return problem.set(t(T::RecordWayUnconfirmed).to_owned());
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let reply = transport::call::<HostRecordingSet>(id, &HostRecordingParams { way }).await;
            // The page may have been left meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            match reply {
                Ok(()) => {
                    known.set(false);
                    kept.reload();
                    cx.ui.say(Tone::Good, t(T::RecordWaySaved), "");
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
        });
    };
    let radio = move |one: HostRecordingWay, label: T| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name="recording-way"
                    checked=one == way.get_untracked()
                    prop:checked=move || way.get() == one
                    on:change=move |_| way.set(one)
                />
                {t(label)}
            </label>
        }
    };
    let logs = if pool { T::RecordOn } else { T::RecordByLogs };
    view! {
        <form class="form" on:submit=save>
            <fieldset class="radios">
                <legend>{t(T::RecordBy)}</legend>
                {radio(HostRecordingWay::Logs, logs)}
                {(!pool).then(|| radio(HostRecordingWay::Attached, T::RecordByAttached))}
                {radio(HostRecordingWay::Off, T::RecordOff)}
            </fieldset>
            {(!pool).then(|| view! { <p class="muted small">{t(T::RecordByLogsMore)}</p> })}
            {move || asks.get().then(|| view! {
                <p class="small">{t(T::RecordByAttachedMore)}</p>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || known.get()
                        on:change=move |event| known.set(event_target_checked(&event))
                    />
                    {t(T::RecordByAttachedAsk)}
                </label>
            })}
            <p class="problem" role="alert">{move || problem.get()}</p>
            <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                {move || if busy.get() { "Saving…" } else { "Save" }}
            </button>
        </form>
    }
    .into_any()
}
