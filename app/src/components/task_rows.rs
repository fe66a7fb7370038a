//! One row of a task table: what, how it goes, who, when, how long, and why it cannot be taken back.
use super::{icon::icon, when::When};
use crate::{
    cx::cx,
    format,
    routes::{Route, VmTab},
    state, words,
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
                (None, "") => "Under way".into(),
                (None, step) => step.into(),
            };
            ("st-pending", state::action_icon(task.action), step)
        }
        Some(TaskOutcome::Done) if task.step.is_empty() => ("st-done", "check", "Done".into()),
        Some(TaskOutcome::Done) => ("st-done", "check", format!("Done · {}", task.step)),
        Some(TaskOutcome::Failed { why }) => ("st-crashed", "cross", format!("Failed: {why}")),
        Some(TaskOutcome::Unknown { why }) => {
            ("st-stale", "question", format!("Not known whether done: {why}"))
        }
    }
}

/// The head of a task table.
#[component]
pub fn TaskHead() -> impl IntoView {
    view! {
        <thead class="task-head">
            <tr>
                <th scope="col" class="what"><span>"Task"</span></th>
                <th scope="col" class="how"><span>"Result"</span></th>
                <th scope="col" class="who"><span>"By"</span></th>
                <th scope="col" class="at"><span>"Started"</span></th>
                <th scope="col" class="num took"><span>"Took"</span></th>
                <th scope="col" class="cancel"><span class="sr">"More"</span></th>
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
    let about = format!("Details of {} {}", task.action.label(), task.vm_name);
    let more = (line != said).then(|| view! { " "<a class="link more" href=details.clone()>"more"</a> });
    view! {
        <tr class="task-row">
            <td class="cut what">
                <span class=format!("st {class}")>
                    {icon(image)}
                    <a href=Route::Vm(task.vm, VmTab::History).path()>
                        {format!("{} {}", task.action.label(), task.vm_name)}
                    </a>
                </span>
            </td>
            <td class="cut how" title=title>{bar}{line}{more}</td>
            <td class="cut who">{task.by.clone()}</td>
            <td class="at muted"><When at=started/></td>
            <td class="num took">{move || duration.get()}</td>
            <td class="num cancel">
                {running.then(|| {
                    view! { <span class="muted" title="xl cannot withdraw an act once it has begun">"Cannot be cancelled"</span>" " }
                })}
                <a class="link" href=details aria-label=about>"Details"</a>
            </td>
        </tr>
    }
    .into_any()
}
