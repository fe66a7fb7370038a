//! What was done to the VM: its tasks, those of earlier runs too, and for administrators its audit rows.
use crate::{
    components::task_rows::{TaskHead, TaskRow},
    cx::cx,
    fetched::Fetched,
    pages::{audit::AuditTable, tasks::merge::merge},
    routes::{self, url::Url},
    task::Row,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::VmId;
use wxa_wire::TaskPageView;

#[component]
pub(super) fn History(id: VmId) -> impl IntoView {
    let cx = cx();
    let page = Fetched::<TaskPageView>::new(routes::tasks_of_url(id));
    let here = Url::parse("/tasks").with("on", &id.to_string());
    let all = here.text();
    let rows = Memo::new(move |_| {
        let live = cx.live.tasks.get();
        let theirs = cx.live.pool_tasks.get();
        merge(&live, &theirs, &page.get().unwrap_or_default().tasks, &here)
    });
    let audit = cx.may_administer();
    view! {
        <div class="scroll flush">
            <div class="pad heading-line"><h2>{t(T::Tasks)}</h2><a class="link small" href=all>{t(T::AllOfThem)}</a></div>
            <table class="task-table" aria-label=t(T::TasksOfVm)>
                <TaskHead/>
                <tbody>
                    <For each=move || rows.get() key=Row::id let:row>
                        <TaskRow row=row place="history"/>
                    </For>
                </tbody>
            </table>
            {move || {
                rows.with(Vec::is_empty)
                    .then(|| view! { <p class="muted small pad">{t(T::NothingDone)}</p> })
            }}
            {audit.then(|| {
                view! {
                    <h2 class="pad">{t(T::AuditLog)}</h2>
                    <AuditTable on=id/>
                }
            })}
        </div>
    }
    .into_any()
}
