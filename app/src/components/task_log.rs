//! The task log along the bottom: always there, with live progress; it folds away.
use super::{
    icon::small_icon,
    task_rows::{TaskHead, TaskRow},
};
use crate::{
    browser,
    cx::cx,
    state,
    text::{self, T, fill, t},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Task, TaskOutcome};

/// How many tasks it shows.
const SHOWN: usize = 6;

/// The log.
#[component]
pub fn TaskLog() -> impl IntoView {
    let cx = cx();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(browser::stored("wxa-log").as_deref() == Some("open")));
    let toggle = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        open.update(|open| *open = !*open);
        browser::store("wxa-log", if open.get_untracked() { "open" } else { "" });
    };
    let rows = move || {
        cx.live
            .tasks
            .with(|tasks| tasks.iter().take(SHOWN).cloned().collect::<Vec<_>>())
    };
    let is_empty = Memo::new(move |_| cx.live.tasks.with(Vec::is_empty));
    view! {
        <section class="task-log" aria-label=t(T::TaskLog)>
        <a class="link small only-desk all" href="/tasks">{t(T::AllTasks)}</a>
        <details open=move || open.get()>
            <summary on:click=toggle>
                {small_icon("right")}
                <b>{t(T::Tasks)}</b>
                <Summary/>
            </summary>
            <div class="task-scroll">
                <table aria-label=t(T::RecentTasks)>
                    <TaskHead/>
                    <tbody>
                        <For each=rows key=row_key let:task>
                            <TaskRow task=task/>
                        </For>
                    </tbody>
                </table>
                {move || {
                    is_empty
                        .get()
                        .then(|| view! { <p class="muted small pad">{t(T::NoTasksYet)}</p> })
                }}
            </div>
        </details>
        </section>
    }
    .into_any()
}

/// A row is made anew when something in it changed.
pub fn row_key(task: &Arc<Task>) -> (u128, bool, Option<u8>, String) {
    (
        task.id.0.as_u128(),
        task.is_running(),
        task.percent,
        task.step.clone(),
    )
}

#[component]
fn Summary() -> impl IntoView {
    let cx = cx();
    let counts = Memo::new(move |_| {
        cx.live.tasks.with(|tasks| {
            let running = tasks.iter().filter(|task| task.is_running()).count();
            let failed = tasks
                .iter()
                .filter(|task| matches!(task.outcome, Some(TaskOutcome::Failed { .. })))
                .count();
            let unknown = tasks
                .iter()
                .filter(|task| matches!(task.outcome, Some(TaskOutcome::Unknown { .. })))
                .count();
            let first = tasks.iter().find(|task| task.is_running()).map(|task| {
                (
                    state::action_icon(task.action),
                    format!("{} {}", text::doing(task.action), task.vm_name),
                )
            });
            (
                running,
                failed,
                unknown,
                tasks.len() - running - failed - unknown,
                first,
            )
        })
    });
    let part = |n: usize, what: T, class: &'static str| {
        (n > 0).then(|| view! { <span class=class>{fill(what, &[("n", &n)])}</span> })
    };
    view! {
        <span class="cut grow muted parts" role="status">
            {move || {
                let (running, failed, unknown, done, first) = counts.get();
                view! {
                    {part(running, T::TasksRunning, "st-pending")}
                    {first.map(|(image, words)| view! { <span class="st st-pending">{small_icon(image)}{words}</span> })}
                    {part(failed, T::TasksFailed, "st-crashed")}
                    {part(unknown, T::TasksUnknown, "st-stale")}
                    {part(done, T::TasksDone, "muted")}
                }
            }}
        </span>
    }
    .into_any()
}
