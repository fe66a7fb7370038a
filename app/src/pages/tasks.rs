//! Recent tasks, newest first, live.
use crate::{
    components::{
        empty::Empty,
        task_log::row_key,
        task_rows::{TaskHead, TaskRow},
    },
    cx::cx,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use wxa_model::Task;

/// The page. Older tasks are read once; those of the live picture are laid over them.
#[component]
pub fn TasksPage() -> impl IntoView {
    const URL: &str = "/api/v1/tasks";
    let cx = cx();
    let older = RwSignal::new(cx.prefetched::<Vec<Task>>(URL).unwrap_or_default());
    Effect::new(move |_| {
        if older.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                // Without an answer the live ones are shown alone.
                if let Ok(tasks) = crate::transport::get::<Vec<Task>>(URL).await {
                    older.set(tasks);
                }
            });
        }
    });
    let rows = Memo::new(move |_| {
        let mut rows = cx.live.tasks.get();
        older.with(|older| {
            let known: Vec<_> = rows.iter().map(|task| task.id).collect();
            let more = older.iter().filter(|task| !known.contains(&task.id));
            rows.extend(more.cloned().map(Arc::new));
        });
        rows.sort_by_key(|task| std::cmp::Reverse((task.is_running(), task.started_at)));
        rows
    });
    view! {
        <div class="head head-pad"><h1>"Tasks"</h1></div>
        <div class="table-scroll">
            <table class="task-table" aria-label="Tasks">
                <TaskHead/>
                <tbody>
                    <For each=move || rows.get() key=row_key let:task>
                        <TaskRow task=task/>
                    </For>
                </tbody>
            </table>
            {move || {
                rows.with(Vec::is_empty).then(|| {
                    view! {
                        <Empty
                            image="tasks"
                            title="Nothing has been done yet"
                            text="Start, stop or reboot a VM: who did it and how it went shows here."
                        />
                    }
                })
            }}
        </div>
    }
    .into_any()
}
