//! The button that cancels a task. One that cannot says why, to the pointer, the keyboard and the screen reader alike.
use crate::{
    cx::cx,
    task::{self, Row},
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::Cancel;

/// The button; nothing for a task that has ended. `place` makes its id unique on the page.
#[component]
pub fn CancelButton(row: Memo<Row>, place: &'static str) -> impl IntoView {
    let running = Memo::new(move |_| row.with(Row::is_running));
    move || running.get().then(|| button(row, place))
}

fn button(row: Memo<Row>, place: &'static str) -> AnyView {
    let cx = cx();
    let (id, name) = row.with_untracked(|row| (row.id(), row.name()));
    let tip = format!("why-{place}-{id}");
    let about = fill(T::CancelOf, &[("name", &name)]);
    let label = move || {
        t(match row.with(Row::cancel) {
            Cancel::Asked => T::Cancelling,
            Cancel::Yes | Cancel::No => T::CancelTask,
        })
    };
    let why = Memo::new(move |_| {
        let verdict = row.with(|row| task::verdict(cx, row));
        verdict.err().map(|refusal| refusal.sentence)
    });
    let click = move |_| {
        if why.with_untracked(Option::is_none) {
            task::cancel(cx, id, name.clone());
        }
    };
    view! {
        <span class="act">
            <button
                type="button"
                class="btn small"
                aria-label=about
                aria-disabled=move || why.with(Option::is_some).then_some("true")
                aria-describedby=tip.clone()
                on:click=click
            >
                {label}
            </button>
            <span class="tip" role="tooltip" id=tip>{move || why.get().unwrap_or_default()}</span>
        </span>
    }
    .into_any()
}
