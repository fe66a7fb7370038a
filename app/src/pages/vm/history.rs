//! What was done to the VM: its tasks, live, and for administrators its audit rows.
use crate::{
    components::{
        task_log::row_key,
        task_rows::{TaskHead, TaskRow},
    },
    cx::cx,
    pages::audit::AuditTable,
};
use leptos::prelude::*;
use wxa_model::VmId;

#[component]
pub(super) fn History(id: VmId) -> impl IntoView {
    let cx = cx();
    let rows = Memo::new(move |_| {
        cx.live.tasks.with(|tasks| {
            tasks
                .iter()
                .filter(|task| task.vm == id)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let audit = cx.may_administer();
    view! {
        <div class="scroll flush">
            <h2 class="pad">"Tasks"</h2>
            <table class="task-table" aria-label="Tasks of this VM">
                <TaskHead/>
                <tbody>
                    <For each=move || rows.get() key=row_key let:task>
                        <TaskRow task=task/>
                    </For>
                </tbody>
            </table>
            {move || {
                rows.with(Vec::is_empty)
                    .then(|| view! { <p class="muted small pad">"Nothing was done to it since the server started keeping track."</p> })
            }}
            {audit.then(|| {
                view! {
                    <h2 class="pad">"Audit log"</h2>
                    <AuditTable on=Some(id)/>
                }
            })}
        </div>
    }
    .into_any()
}
