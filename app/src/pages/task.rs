//! One task: what was done, by whom, how it went, and what the host said.
mod theirs;

use crate::{
    act,
    components::{cancel::CancelButton, crumbs::Crumbs, icon::icon, task_rows::outcome, when::When},
    cx::{Cx, cx},
    fetched::Fetched,
    format,
    pages::{audit::rows::facts, missing::Missing},
    routes::{self, HostTab, Route, VmTab},
    state,
    task::{self, Row},
    words,
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Task, TaskId, TaskOutcome, VmAct};
use wxa_wire::{ErrorCode, TaskDetailsView};

/// The page.
#[component]
pub fn TaskPage(id: TaskId) -> impl IntoView {
    let cx = cx();
    let details = Fetched::<TaskDetailsView>::new(routes::task_url(id));
    let live = Memo::new(move |_| {
        cx.live
            .tasks
            .with(|tasks| tasks.iter().find(|task| task.id == id).cloned())
    });
    // What was recorded at its end is read when it ends.
    Effect::new(move |was: Option<bool>| {
        let is_running = live.with(|task| task.as_ref().is_some_and(|task| task.is_running()));
        if was == Some(true) && !is_running {
            details.reload();
        }
        is_running
    });
    let theirs = Memo::new(move |_| {
        cx.live
            .pool_tasks
            .with(|tasks| tasks.iter().find(|task| task.id == id).cloned())
    });
    // The page is drawn anew when a task ends; while it goes on, what changes follows by itself and the focus stays.
    let phase = Memo::new(move |_| live.with(|task| Some(task.as_ref()?.outcome.clone())));
    let their_phase = Memo::new(move |_| theirs.with(|task| Some(task.as_ref()?.outcome.clone())));
    move || match details.error() {
        // What others do on a pool is in no record.
        _ if their_phase.with(Option::is_some) => theirs
            .get_untracked()
            .map(|task| theirs::page(cx, task))
            .into_any(),
        Some(body) if body.code == ErrorCode::NotFound => view! { <Missing/> }.into_any(),
        _ => details.view("tasks", move |details| {
            phase.track();
            let task = live
                .get_untracked()
                .unwrap_or_else(|| Arc::new(details.task.clone()));
            found(cx, task, details)
        }),
    }
}

fn found(cx: Cx, task: Arc<Task>, details: TaskDetailsView) -> AnyView {
    let now = task::followed(cx, Row::Ours(task.clone()));
    let title = format!("{} {}", task.action.label(), task.vm_name);
    let host = cx.live.host(task.host);
    let host = match &host {
        Some(host) => {
            let href = Route::Host(host.id, HostTab::Overview).path();
            view! { <a class="link" href=href>{host.name.clone()}</a> }.into_any()
        }
        None => view! { <span class="muted">"not there any more"</span> }.into_any(),
    };
    let on = task.on.and_then(|id| cx.live.host(id)).map(|member| {
        let href = Route::Host(member.id, HostTab::Overview).path();
        view! { ", on "<a class="link" href=href>{member.name.clone()}</a> }
    });
    let took = task
        .ended_at
        .map(|ended| format::took(ended.since(task.started_at)));
    let way = vec![("Tasks".to_owned(), Route::Tasks.path())];
    view! {
        <div class="head head-pad">
            <Crumbs way=Signal::stored(way)/>
            <div class="title">
                <h1>{title}</h1>
                <span class="grow"></span>
                <CancelButton row=now place="task"/>
                {retry(cx, &task)}
            </div>
        </div>
        <div class="scroll">
            <div class="columns">
                <section class="card">
                    <h2>"Result"</h2>
                    {move || now.with(result)}
                    <dl class="kv wide">
                        <dt>"VM"</dt>
                        <dd><a class="link" href=Route::Vm(task.vm, VmTab::History).path()>{task.vm_name.clone()}</a></dd>
                        <dt>"Host"</dt>
                        <dd>{host}{on}</dd>
                        <dt>"By"</dt>
                        <dd>{task.by.clone()}</dd>
                        <dt>"Started"</dt>
                        <dd><When at=task.started_at/></dd>
                        <dt>"Took"</dt>
                        <dd>{took.unwrap_or_else(|| "under way".into())}</dd>
                    </dl>
                </section>
                <section class="card">
                    <h2>"Steps"</h2>
                    {steps(now, &task, &details)}
                </section>
                {details.audit.map(|row| view! { <section class="card"><h2>"Audit log"</h2>{facts(cx, &row)}</section> })}
            </div>
        </div>
    }
    .into_any()
}

/// How it goes, or how it ended.
fn result(row: &Row) -> AnyView {
    let (class, image, said) = outcome(row);
    let (head, rest) = match said.split_once("\n\n") {
        Some((head, rest)) => (head.to_owned(), rest.to_owned()),
        None => (said, String::new()),
    };
    let bar = row.percent().filter(|_| row.is_running()).map(|percent| {
        view! {
            <svg class="bar acc" role="img" aria-label=format!("{percent} %")>
                <rect width=format!("{percent}%")></rect>
            </svg>
        }
    });
    view! {
        <p class=format!("st {class} wrap")>{icon(image)}<span>{head}</span></p>
        {bar}
        {(!rest.is_empty()).then(|| view! { <pre class="said">{rest}</pre> })}
    }
    .into_any()
}

fn steps(now: Memo<Row>, task: &Task, details: &TaskDetailsView) -> AnyView {
    if task.is_running() {
        let step = move || now.with(|row| format!("Now: {}", words::or(row.step(), "under way")));
        return view! { <p class="muted">{step}</p> }.into_any();
    }
    if details.steps.is_empty() {
        return view! { <p class="muted">"It went through no steps worth telling, or the server was stopped meanwhile."</p> }
            .into_any();
    }
    let begun = task.started_at;
    let step = |step: &wxa_wire::TaskStepView| {
        view! { <li><span class="num muted">{format::took(step.at.since(begun))}</span><span>{step.step.clone()}</span></li> }
    };
    view! { <ol class="steps">{details.steps.iter().map(step).collect_view()}</ol> }.into_any()
}

/// Doing it again, where it did not work.
fn retry(cx: Cx, task: &Task) -> Option<AnyView> {
    let ended_badly = matches!(
        task.outcome,
        Some(TaskOutcome::Failed { .. } | TaskOutcome::Cancelled { .. } | TaskOutcome::Unknown { .. })
    );
    // Which key it was is told by the steps, not kept for doing it again.
    if !ended_badly || task.action.takes_key() {
        return None;
    }
    let (action, id, name) = (task.action, task.vm, task.vm_name.clone());
    let vm = cx.live.vm(id);
    let why = Memo::new(move |_| match vm.get() {
        Some(vm) => act::verdict(cx, action, &vm)
            .err()
            .map(|refusal| refusal.sentence),
        None if !cx.live.whole.get() => None,
        None => Some("The VM is not there any more.".to_owned()),
    });
    let again = move |_| {
        if why.with_untracked(Option::is_none) {
            act::begin(cx, VmAct::new(action, id), name.clone());
        }
    };
    Some(
        view! {
            <span class="act">
                <button
                    type="button"
                    class="btn"
                    aria-disabled=move || why.with(Option::is_some).then_some("true")
                    aria-describedby="why-again"
                    on:click=again
                >
                    {icon(state::action_icon(action))}
                    {format!("{} again", action.label())}
                </button>
                <span class="tip" role="tooltip" id="why-again">{move || why.get().unwrap_or_default()}</span>
            </span>
        }
        .into_any(),
    )
}
