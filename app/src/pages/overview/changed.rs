//! What changed: acts as they go, and for administrators what else was done.
use crate::{
    charts::{Event, of_audit},
    components::{icon::icon, task_rows, when::When},
    cx::cx,
    fetched::Fetched,
    routes::Route,
    task::{self, Row},
    text::{T, t},
    words,
};
use leptos::prelude::*;
use std::time::Duration;
use wxa_model::UnixMillis;
use wxa_wire::AuditPageView;

/// The GET that reads what else was done.
pub(super) const AUDIT_URL: &str = "/api/v1/audit?limit=20";
/// Lines in the list.
const SHOWN: usize = 6;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    at: UnixMillis,
    class: &'static str,
    image: &'static str,
    title: String,
    more: String,
    href: Option<String>,
}

#[component]
pub(super) fn Changed() -> impl IntoView {
    let cx = cx();
    let audit = cx
        .may_administer()
        .then(|| Fetched::<AuditPageView>::new(AUDIT_URL));
    if let Some(audit) = audit {
        audit.again_while(|_| true, Duration::from_secs(30));
    }
    let lines = Memo::new(move |_| {
        let events = audit
            .and_then(Fetched::get)
            .map(|page| of_audit(&page.rows))
            .unwrap_or_default();
        newest(task::current(cx), events)
    });
    let line = |line: Line| {
        let title = match line.href {
            Some(href) => view! { <a href=href>{line.title}</a> }.into_any(),
            None => view! { <span>{line.title}</span> }.into_any(),
        };
        view! {
            <li class="item">
                <span class=line.class>{icon(line.image)}</span>
                <div class="cut">{title}<p class="cut">{line.more}</p></div>
                <When at=line.at/>
            </li>
        }
    };
    view! {
        <section aria-labelledby="has-changed">
            <div class="sec">
                <h2 id="has-changed">{t(T::WhatChanged)}</h2>
                <a class="link" href=Route::Tasks.path()>{t(T::AllTasks)}</a>
            </div>
            {move || {
                let lines = lines.get();
                if lines.is_empty() {
                    return view! { <p class="muted small calm">{t(T::NothingChanged)}</p> }.into_any();
                }
                view! { <ul>{lines.into_iter().map(line).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// The newest of both; what is under way comes first.
fn newest(tasks: Vec<Row>, events: Vec<Event>) -> Vec<Line> {
    let acts = tasks.iter().map(|task| {
        let (class, image, said) = task_rows::outcome(task);
        let line = Line {
            at: task.ended_at().unwrap_or(task.started_at()),
            class,
            image,
            title: task.name(),
            more: format!("{} · {}", task.by(), words::first_line(&said)),
            href: Some(task.path()),
        };
        (task.is_running(), line)
    });
    let others = events.into_iter().map(|event| {
        let line = Line {
            at: event.moment(),
            class: "st-halted",
            image: event.image,
            title: event.words,
            more: event.by,
            href: None,
        };
        (false, line)
    });
    let mut all: Vec<(bool, Line)> = acts.chain(others).collect();
    all.sort_by_key(|(running, line)| std::cmp::Reverse((*running, line.at)));
    all.into_iter().map(|(_, line)| line).take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use std::sync::Arc;
    use wxa_model::{PowerState, Task, TaskOutcome};

    #[test]
    fn what_is_under_way_comes_first_then_the_newest() {
        let vm = sample::vm(1, "web-01", PowerState::Running);
        let running = sample::task(1, &vm);
        let done = Task {
            ended_at: Some(UnixMillis(sample::NOW.0 - 500)),
            outcome: Some(TaskOutcome::Done),
            ..sample::task(2, &vm)
        };
        let rows = [sample::audit_row(3, "host_add", Some("done"))];
        let tasks = [done, running].map(|task| Row::Ours(Arc::new(task)));
        let lines = newest(tasks.to_vec(), of_audit(&rows));
        let titles: Vec<&str> = lines.iter().map(|line| line.title.as_str()).collect();
        assert_eq!(titles, ["Reboot web-01", "Reboot web-01", "Add host: web-01"]);
        assert!(lines[0].more.contains("40 %"), "{}", lines[0].more);
    }
}
