//! One VM's result in the sheet.
use crate::{
    bulk::run::State,
    components::icon::icon,
    cx::cx,
    routes::{Route, VmTab},
    text::{T, fill, t},
};
use leptos::prelude::*;

/// How a result is drawn: class, icon, words.
fn drawn(state: &State) -> (&'static str, &'static str, String) {
    let because = |key, why: &String| fill(key, &[("why", why)]);
    match state {
        State::Waiting => ("muted", "waiting", t(T::BulkWaiting).into()),
        State::Asking => ("st-pending", "reboot", t(T::BulkAsking).into()),
        State::Running { step, percent, .. } => {
            let words = match (percent, step.as_str()) {
                (Some(percent), "") => format!("{percent} %"),
                (Some(percent), step) => format!("{percent} % · {step}"),
                (None, "") => t(T::BulkRunning).into(),
                (None, step) => step.into(),
            };
            ("st-pending", "reboot", words)
        }
        State::Done => ("st-done", "check", t(T::BulkDone).into()),
        State::Refused(why) => ("st-warn", "forbid", because(T::BulkRefused, why)),
        State::Failed(why) => ("st-crashed", "cross", because(T::BulkFailed, why)),
        State::Unknown(why) => ("st-stale", "question", because(T::BulkUnknown, why)),
        State::Lost => (
            "st-stale",
            "question",
            fill(T::BulkUnknown, &[("why", &t(T::BulkLost))]),
        ),
        State::Cancelled => ("muted", "close", t(T::BulkCancelled).into()),
    }
}

#[component]
pub(super) fn ResultRow(at: usize) -> impl IntoView {
    let cx = cx();
    let row = Memo::new(move |_| cx.bulk.run.with(|run| run.as_ref()?.rows.get(at).cloned()));
    let name = row.with_untracked(|row| row.as_ref().map(|row| (row.vm, row.name.clone())));
    let link = name.map(|(vm, name)| {
        view! {
            <a href=Route::Vm(vm, VmTab::History).path() on:click=move |_| cx.bulk.open.set(false)>{name}</a>
        }
    });
    let result = move || {
        row.with(|row| {
            row.as_ref().map(|row| {
                let (class, image, words) = drawn(&row.state);
                let bar = match row.state {
                    State::Running {
                        percent: Some(percent),
                        ..
                    } => Some(view! {
                        <svg class="bar acc" aria-hidden="true">
                            <rect width=format!("{percent}%")></rect>
                        </svg>
                    }),
                    _ => None,
                };
                view! {
                    <span class=format!("st {class}")>{icon(image)}<span class="wrap">{words}</span></span>
                    {bar}
                }
            })
        })
    };
    view! {
        <tr>
            <th scope="row" class="cut">{link}</th>
            <td>{result}</td>
        </tr>
    }
    .into_any()
}
