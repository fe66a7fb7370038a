//! The task log along the bottom: always there, with live progress; it folds away.
use super::{
    icon::small_icon,
    task_rows::{TaskHead, TaskRow},
};
use crate::{
    browser,
    cx::cx,
    task::{self, Row},
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::TaskOutcome;

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
    let rows = Memo::new(move |_| {
        let mut rows = task::current(cx);
        rows.truncate(SHOWN);
        rows
    });
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
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
                        <For each=move || rows.get() key=Row::id let:row>
                            <TaskRow row=row place="log"/>
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

#[component]
fn Summary() -> impl IntoView {
    let cx = cx();
    let counts = Memo::new(move |_| {
        let rows = task::current(cx);
        let count =
            |which: fn(&Option<TaskOutcome>) -> bool| rows.iter().filter(|row| which(&row.outcome())).count();
        let first = rows.iter().find(|row| row.is_running());
        (
            count(Option::is_none),
            count(|outcome| matches!(outcome, Some(TaskOutcome::Failed { .. }))),
            count(|outcome| matches!(outcome, Some(TaskOutcome::Unknown { .. }))),
            count(|outcome| matches!(outcome, Some(TaskOutcome::Done | TaskOutcome::Cancelled { .. }))),
            first.map(|row| (row.icon(), row.doing())),
        )
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
