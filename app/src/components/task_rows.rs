//! One row of a task table: what, how it goes, who, when, how long, and why it cannot be taken back.
use super::{icon::icon, when::When};
use crate::{
    cx::cx,
    format,
    routes::{Route, VmTab},
    state,
    text::{self, T, fill, t},
    words,
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Task, TaskOutcome};

/// How a task's outcome is drawn: class, icon, words.
pub fn outcome(task: &Task) -> (&'static str, &'static str, String) {
    match &task.outcome {
        None => {
            let step = match (task.percent, task.step.as_str()) {
                (Some(percent), "") => format!("{percent} %"),
                (Some(percent), step) => format!("{percent} % · {step}"),
                (None, "") => t(T::UnderWay).into(),
                (None, step) => step.into(),
            };
            ("st-pending", state::action_icon(task.action), step)
        }
        Some(TaskOutcome::Done) if task.step.is_empty() => ("st-done", "check", t(T::BulkDone).into()),
        Some(TaskOutcome::Done) => ("st-done", "check", fill(T::DoneWith, &[("step", &task.step)])),
        Some(TaskOutcome::Failed { why }) => ("st-crashed", "cross", fill(T::BulkFailed, &[("why", why)])),
        Some(TaskOutcome::Unknown { why }) => ("st-stale", "question", fill(T::BulkUnknown, &[("why", why)])),
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

/// A row.
#[component]
pub fn TaskRow(task: Arc<Task>) -> impl IntoView {
    let cx = cx();
    let (class, image, said) = outcome(&task);
    let running = task.is_running();
    let (started, ended) = (task.started_at, task.ended_at);
    let duration = Memo::new(move |_| match ended {
        Some(ended) => format::took(ended.since(started)),
        None => format::took(cx.clock.now.get().since(started) / 1000 * 1000),
    });
    let bar = task.percent.filter(|_| running).map(|percent| {
        view! {
            <svg class="bar acc" aria-hidden="true">
                <rect width=format!("{percent}%")></rect>
            </svg>
        }
    });
    let (title, line) = (said.clone(), words::first_line(&said));
    let details = Route::Task(task.id).path();
    let name = fill(
        T::ActOnVm,
        &[("act", &text::action(task.action)), ("name", &task.vm_name)],
    );
    let about = fill(T::DetailsOf, &[("name", &name)]);
    let more =
        (line != said).then(|| view! { " "<a class="link more" href=details.clone()>{t(T::More)}</a> });
    view! {
        <tr class="task-row">
            <td class="cut what">
                <span class=format!("st {class}")>
                    {icon(image)}
                    <a href=Route::Vm(task.vm, VmTab::History).path()>
                        {name}
                    </a>
                </span>
            </td>
            <td class="cut how" title=title>{bar}{line}{more}</td>
            <td class="cut who">{task.by.clone()}</td>
            <td class="at muted"><When at=started/></td>
            <td class="num took">{move || duration.get()}</td>
            <td class="num cancel">
                {running.then(|| {
                    view! { <span class="muted" title=t(T::CannotBeCancelledMore)>{t(T::CannotBeCancelled)}</span>" " }
                })}
                <a class="link" href=details aria-label=about>{t(T::Details)}</a>
            </td>
        </tr>
    }
    .into_any()
}
