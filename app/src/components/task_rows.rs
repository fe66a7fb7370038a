//! One row of a task table: what, how it goes, who, when, how long, and taking it back.
use super::{cancel::CancelButton, icon::icon, when::When};
use crate::{
    cx::cx,
    format,
    routes::{Route, VmTab},
    task::Row,
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

/// A row; `place` makes ids unique on the page.
#[component]
pub fn TaskRow(row: Row, place: &'static str) -> impl IntoView {
    let cx = cx();
    let (class, image, said) = outcome(&row);
    let running = row.is_running();
    let (started, ended) = (row.started_at(), row.ended_at());
    let duration = Memo::new(move |_| match ended {
        Some(ended) => format::took(ended.since(started)),
        None => format::took(cx.clock.now.get().since(started) / 1000 * 1000),
    });
    let bar = row.percent().filter(|_| running).map(|percent| {
        view! {
            <svg class="bar acc" aria-hidden="true">
                <rect width=format!("{percent}%")></rect>
            </svg>
        }
    });
    let (title, line) = (said.clone(), words::first_line(&said));
    let details = row.path();
    let name = row.name();
    let about = fill(T::DetailsOf, &[("name", &name)]);
    let more =
        (line != said).then(|| view! { " "<a class="link more" href=details.clone()>{t(T::More)}</a> });
    let href = match row.vm() {
        Some(vm) => Route::Vm(vm, VmTab::History).path(),
        None => details.clone(),
    };
    let theirs = matches!(row, Row::Theirs(_)).then(|| t(T::ByXapiMore));
    let by = row.by();
    view! {
        <tr class="task-row">
            <td class="cut what">
                <span class=format!("st {class}")>
                    {icon(image)}
                    <a href=href>
                        {name}
                    </a>
                </span>
            </td>
            <td class="cut how" title=title>{bar}{line}{more}</td>
            <td class="cut who" title=theirs>{by}</td>
            <td class="at muted"><When at=started/></td>
            <td class="num took">{move || duration.get()}</td>
            <td class="num cancel">
                <CancelButton row=row place=place/>
                <a class="link" href=details aria-label=about>{t(T::Details)}</a>
            </td>
        </tr>
    }
    .into_any()
}
