//! The sheet of results: a row per VM, retry of what failed, cancel of what waits.
use super::row::ResultRow;
use crate::{
    bulk,
    components::dialog::Dialog,
    cx::cx,
    text::{self, T, fill, plural, t},
};
use leptos::prelude::*;

/// The sheet; hiding it lets the run go on.
#[component]
pub fn BulkSheet() -> impl IntoView {
    let cx = cx();
    let run = cx.bulk;
    let title = move || {
        let action = run.run.with(|run| run.as_ref().map(|run| run.action));
        action
            .map(|action| fill(T::BulkSheet, &[("act", &text::action(action))]))
            .unwrap_or_default()
    };
    let is_there = Memo::new(move |_| run.run.with(Option::is_some));
    view! {
        <Dialog
            label=Signal::derive(title)
            class="bulk-sheet"
            open=Signal::derive(move || run.open.get() && is_there.get())
            on_close=Callback::new(move |()| run.open.set(false))
        >
            <h2>{title}</h2>
            <p class="muted small">{move || run.counts().map(bulk::summary)}</p>
            {progress()}
            {rows()}
            {acts()}
        </Dialog>
    }
    .into_any()
}

fn progress() -> AnyView {
    let run = cx().bulk;
    let share = Memo::new(move |_| {
        let counts = run.counts().unwrap_or_default();
        let ended = counts.all - counts.waiting - counts.running;
        (ended * 100).checked_div(counts.all).unwrap_or(100)
    });
    view! {
        <svg class="bar acc whole" aria-hidden="true">
            <rect width=move || format!("{}%", share.get())></rect>
        </svg>
    }
    .into_any()
}

fn rows() -> AnyView {
    let run = cx().bulk;
    // A run's rows are the same from its beginning to its end: only another run makes them anew.
    let vms = Memo::new(move |_| {
        run.run.with(|run| {
            let rows = run.iter().flat_map(|run| &run.rows);
            rows.map(|row| row.vm).collect::<Vec<_>>()
        })
    });
    let places = move || vms.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <div class="dialog-scroll" tabindex="0" role="group" aria-label=t(T::BulkResult)>
            <table class="results">
                <thead>
                    <tr>
                        <th scope="col">{t(T::BulkVm)}</th>
                        <th scope="col">{t(T::BulkResult)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=places key=|place| *place let:place>
                        <ResultRow at=place.0/>
                    </For>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn acts() -> AnyView {
    let cx = cx();
    let run = cx.bulk;
    let waiting = Memo::new(move |_| run.counts().map_or(0, |counts| counts.waiting));
    let again = Memo::new(move |_| run.counts().map_or(0, |counts| counts.failed + counts.refused));
    view! {
        <div class="dialog-acts">
            {move || {
                (waiting.get() > 0)
                    .then(|| {
                        view! {
                            <button type="button" class="btn" on:click=move |_| run.cancel_waiting()>
                                {plural(T::BulkCancelWaiting, waiting.get())}
                            </button>
                        }
                    })
            }}
            {move || {
                (again.get() > 0)
                    .then(|| {
                        view! {
                            <button type="button" class="btn" on:click=move |_| run.retry(cx)>
                                {plural(T::BulkRetry, again.get())}
                            </button>
                        }
                    })
            }}
            <span class="grow"></span>
            <button type="button" class="btn primary" autofocus=true on:click=move |_| {
                if run.is_busy() { run.open.set(false) } else { run.dismiss() }
            }>
                {move || t(if run.is_busy() { T::BulkHide } else { T::Close })}
            </button>
        </div>
    }
    .into_any()
}
