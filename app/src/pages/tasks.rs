//! Tasks, newest first: the live ones as they go, older ones page by page.
pub mod merge;

use crate::{
    components::{
        empty::Empty,
        filters::{Field, Filters, Takes},
        pager::Pager,
        task_rows::{TaskHead, TaskRow},
    },
    cx::cx,
    fetched::Fetched,
    routes,
    task::Row,
    text::{T, t},
    words,
};
use leptos::prelude::*;
use wxa_model::Action;
use wxa_wire::TaskPageView;

/// The page.
#[component]
pub fn TasksPage() -> impl IntoView {
    let cx = cx();
    let url = Memo::new(move |_| cx.nav.url.with(routes::tasks_url));
    let page = Fetched::<TaskPageView>::following(url);
    let rows = Memo::new(move |_| {
        let live = cx.live.tasks.get();
        let recorded = page.get().unwrap_or_default().tasks;
        let theirs = cx.live.pool_tasks.get();
        cx.nav
            .url
            .with(|url| merge::merge(&live, &theirs, &recorded, url))
    });
    let next = Signal::derive(move || page.get()?.next);
    let problem = move || page.error().map(|body| words::error(&body));
    view! {
        <div class="head head-pad"><h1>"Tasks"</h1></div>
        <Filters path="/tasks" fields=fields()/>
        <div class="table-scroll">
            {move || problem().map(|words| view! { <p class="problem pad" role="alert">{words.title}": "{words.detail}</p> })}
            <table class="task-table" aria-label="Tasks">
                <TaskHead/>
                <tbody>
                    <For each=move || rows.get() key=Row::id let:row>
                        <TaskRow row=row place="page"/>
                    </For>
                </tbody>
            </table>
            {move || {
                rows.with(Vec::is_empty).then(|| {
                    let (title, text) = if cx.nav.url.with(|url| url.query.is_empty()) {
                        (
                            "Nothing has been done yet",
                            "Start, stop or reboot a VM: who did it and how it went shows here.",
                        )
                    } else {
                        ("No task passes this filter", "Take out a field, or show all tasks.")
                    };
                    view! { <Empty image="tasks" title=title text=text/> }
                })
            }}
            <Pager next=next/>
        </div>
    }
    .into_any()
}

fn fields() -> Vec<Field> {
    let field = |key, label, takes| Field { key, label, takes };
    let states = [
        ("running", "Under way"),
        ("done", "Done"),
        ("failed", "Failed"),
        ("cancelled", t(T::TaskCancelled)),
        ("unknown", "Not known"),
    ];
    let actions = Action::ALL.map(|action| (action.name().to_owned(), action.label().to_owned()));
    vec![
        field(
            "state",
            "Result",
            Takes::OneOf(states.map(|(value, words)| (value.into(), words.into())).to_vec()),
        ),
        field("action", "Action", Takes::OneOf(actions.to_vec())),
        field(
            "from",
            t(T::BegunBy),
            Takes::OneOf(vec![
                ("here".into(), t(T::BegunHere).into()),
                ("pool".into(), t(T::BegunElsewhere).into()),
            ]),
        ),
        field("on", "VM", Takes::Text("name or id")),
        field("by", "By", Takes::Text("account")),
    ]
}
