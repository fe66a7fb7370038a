//! The task log along the bottom: always there, with live progress; it folds away.
use super::{
    icon::small_icon,
    task_rows::{TaskHead, TaskRow},
};
use crate::{browser, cx::cx, state};
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
        <section class="task-log" aria-label="Task log">
        <a class="link small only-desk all" href="/tasks">"All tasks"</a>
        <details open=move || open.get()>
            <summary on:click=toggle>
                {small_icon("right")}
                <b>"Tasks"</b>
                <Summary/>
            </summary>
            <div class="task-scroll">
                <table aria-label="Recent tasks">
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
                        .then(|| view! { <p class="muted small pad">"Nothing has been done yet. What you start, stop or reboot shows here."</p> })
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
                    format!("{} {}", task.action.doing(), task.vm_name),
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
    let part = |n: usize, what: &str, class: &'static str| {
        (n > 0).then(|| view! { <span class=class>{format!("{n} {what}")}</span> })
    };
    view! {
        <span class="cut grow muted parts" role="status">
            {move || {
                let (running, failed, unknown, done, first) = counts.get();
                view! {
                    {part(running, "running", "st-pending")}
                    {first.map(|(image, words)| view! { <span class="st st-pending">{small_icon(image)}{words}</span> })}
                    {part(failed, "failed", "st-crashed")}
                    {part(unknown, "not known", "st-stale")}
                    {part(done, "done", "muted")}
                }
            }}
        </span>
    }
    .into_any()
}
