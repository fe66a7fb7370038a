//! The host's own log: whether it is on, and switching it over after showing exactly what that changes.
use crate::{
    components::dialog::Dialog,
    cx::cx,
    fetched::Fetched,
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::HostId;
use wxa_wire::{HostLoggingParams, HostRecordingView, operation::HostLoggingSet};

/// What is asked: the way it shall be, and what that changes, as it was shown.
#[derive(Clone, PartialEq)]
struct Ask {
    on: bool,
    change: Vec<String>,
}

#[component]
pub(super) fn Logging(id: HostId, kept: Fetched<HostRecordingView>) -> impl IntoView {
    let cx = cx();
    let ask = RwSignal::new(None::<Ask>);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let state = Memo::new(move |_| kept.get().map(|view| (view.logs, view.change)));
    let yes = move |_| {
        let Some(Ask { on, .. }) = ask.get_untracked() else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let reply = transport::call::<HostLoggingSet>(id, &HostLoggingParams { on }).await;
            // The page may have been left meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            kept.reload();
            match reply {
                Ok(()) => {
                    ask.set(None);
                    let said = if on { T::HostLogsIsOn } else { T::HostLogsIsOff };
                    cx.ui.say(Tone::Good, t(said), "");
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
        });
    };
    let title = move || {
        let on = ask.with(|ask| ask.as_ref().is_some_and(|ask| ask.on));
        t(if on { T::HostLogsAskOn } else { T::HostLogsAskOff }).to_owned()
    };
    let question = move || {
        ask.get().map(|Ask { on, change }| {
            view! {
                <h2>{title}</h2>
                <p>{t(T::HostLogsChange)}</p>
                <pre class="lines" tabindex="0" role="region" aria-label=t(T::HostLogsChange)>{change.join("\n")}</pre>
                <p class="muted">{t(T::HostLogsGuests)}</p>
                {on.then(|| view! { <p class="muted">{t(T::HostLogsFills)}</p> })}
                <p class="problem" role="alert">{move || problem.get()}</p>
                <div class="dialog-acts">
                    <button type="button" class="btn" autofocus=true on:click=move |_| ask.set(None)>{t(T::Cancel)}</button>
                    <button
                        type="button"
                        class="btn primary"
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=yes
                    >
                        {move || t(match (busy.get(), on) {
                            (true, _) => T::HostLogsDoing,
                            (false, true) => T::HostLogsDoOn,
                            (false, false) => T::HostLogsDoOff,
                        })}
                    </button>
                </div>
            }
        })
    };
    let now = move || {
        let (logs, change) = state.get()?;
        let words = t(match logs {
            Some(true) => T::HostLogsOn,
            Some(false) => T::HostLogsOff,
            None => T::HostLogsUnknown,
        });
        let act = match logs {
            Some(on) if !change.is_empty() => switch(on, change, ask, problem),
            Some(false) => view! { <p class="muted small">{t(T::HostLogsElsewhere)}</p> }.into_any(),
            _ => ().into_any(),
        };
        Some(view! { <p>{words}</p> {act} })
    };
    view! {
        <h3>{t(T::HostLogs)}</h3>
        {now}
        <Dialog
            label=Signal::derive(title)
            class="confirm"
            open=Signal::derive(move || ask.with(Option::is_some))
            on_close=Callback::new(move |()| ask.set(None))
        >
            {question}
        </Dialog>
    }
    .into_any()
}

/// The button that asks.
fn switch(on: bool, change: Vec<String>, ask: RwSignal<Option<Ask>>, problem: RwSignal<String>) -> AnyView {
    let open = move |_| {
        problem.set(String::new());
        ask.set(Some(Ask {
            on: !on,
            change: change.clone(),
        }));
    };
    view! {
        <p class="card-acts">
            <button type="button" class="btn" on:click=open>
                {t(if on { T::HostLogsSwitchOff } else { T::HostLogsSwitchOn })}
            </button>
        </p>
    }
    .into_any()
}
