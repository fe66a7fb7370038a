//! One row of a task table: what, how it goes, who, when, how long, and taking it back.
use super::{cancel::CancelButton, icon::icon, when::When};
use crate::{
    cx::cx,
    format,
    routes::{Route, VmTab},
    task::{self, Row},
    text::{T, fill, t},
    words,
};
use leptos::prelude::*;
use wxa_model::TaskOutcome;

/// How a task's outcome is drawn: class, icon, words.
pub fn outcome(row: &Row) -> (&'static str, &'static str, String) {
    match row.outcome() {
        None => {
            let step = match (row.percent(), row.step()) {
                (Some(percent), "") => format!("{percent} %"),
                (Some(percent), step) => format!("{percent} % · {step}"),
                (None, "") => t(T::UnderWay).into(),
                (None, step) => step.into(),
            };
            ("st-pending", row.icon(), step)
        }
        Some(TaskOutcome::Done) if row.step().is_empty() => ("st-done", "check", t(T::BulkDone).into()),
        Some(TaskOutcome::Done) => ("st-done", "check", fill(T::DoneWith, &[("step", &row.step())])),
        Some(TaskOutcome::Failed { why }) => ("st-crashed", "cross", fill(T::BulkFailed, &[("why", &why)])),
        Some(TaskOutcome::Cancelled { why }) => {
            ("st-halted", "stop", fill(T::CancelledWhy, &[("why", &why)]))
        }
        Some(TaskOutcome::Unknown { why }) => {
            ("st-stale", "question", fill(T::BulkUnknown, &[("why", &why)]))
        }
    }
}

/// The head of a task table.
#[component]
pub fn TaskHead() -> impl IntoView {
    view! {
        <thead class="task-head">
            <tr>
                <th scope="col" class="what"><span>{t(T::ColTask)}</span></th>
                <th scope="col" class="how"><span>{t(T::BulkResult)}</span></th>
                <th scope="col" class="who"><span>{t(T::ColBy)}</span></th>
                <th scope="col" class="at"><span>{t(T::FactStarted)}</span></th>
                <th scope="col" class="num took"><span>{t(T::ColTook)}</span></th>
                <th scope="col" class="cancel"><span class="sr">{t(T::ColMore)}</span></th>
            </tr>
        </thead>
    }
    .into_any()
}

/// A row, which follows its task while that goes on: what has the focus in it keeps it. `place` makes ids unique on the
/// page.
#[component]
pub fn TaskRow(row: Row, place: &'static str) -> impl IntoView {
    let cx = cx();
    let details = row.path();
    let name = row.name();
    let about = fill(T::DetailsOf, &[("name", &name)]);
    let href = match row.vm() {
        Some(vm) => Route::Vm(vm, VmTab::History).path(),
        None => details.clone(),
    };
    let theirs = matches!(row, Row::Theirs(_)).then(|| t(T::ByXapiMore));
    let (by, started) = (row.by(), row.started_at());
    let now = task::followed(cx, row);
    let duration = Memo::new(move |_| match now.with(Row::ended_at) {
        Some(ended) => format::took(ended.since(started)),
        None => format::took(cx.clock.now.get().since(started) / 1000 * 1000),
    });
    let shown = Memo::new(move |_| now.with(outcome));
    let bar = move || {
        let percent = now.with(|row| row.percent().filter(|_| row.is_running()));
        percent.map(|percent| {
            view! {
                <svg class="bar acc" aria-hidden="true">
                    <rect width=format!("{percent}%")></rect>
                </svg>
            }
        })
    };
    let how = {
        let details = details.clone();
        move || {
            let (_, _, said) = shown.get();
            let line = words::first_line(&said);
            let more = (line != said)
                .then(|| view! { " "<a class="link more" href=details.clone()>{t(T::More)}</a> });
            view! { {line}{more} }
        }
    };
    view! {
        <tr class="task-row">
            <td class="cut what">
                <span class=move || format!("st {}", shown.with(|shown| shown.0))>
                    {move || icon(shown.with(|shown| shown.1))}
                    <a href=href>
                        {name}
                    </a>
                </span>
            </td>
            <td class="cut how" title=move || shown.with(|shown| shown.2.clone())>{bar}{how}</td>
            <td class="cut who" title=theirs>{by}</td>
            <td class="at muted"><When at=started/></td>
            <td class="num took">{move || duration.get()}</td>
            <td class="num cancel">
                <CancelButton row=now place=place/>
                <a class="link" href=details aria-label=about>{t(T::Details)}</a>
            </td>
        </tr>
    }
    .into_any()
}
