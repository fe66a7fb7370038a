//! The tables of the system page.
use crate::{
    components::{icon::icon, when::Age},
    format,
    routes::{HostTab, Route},
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{Bytes, Link};
use wxa_wire::{
    SystemView,
    system::{HostFeedView, QueueView, UserSocketsView, WorkerStateView, WorkerView},
};

fn table(id: &'static str, title: &'static str, heads: &[&'static str], rows: AnyView) -> AnyView {
    let heads = heads
        .iter()
        .map(|head| view! { <th scope="col">{*head}</th> })
        .collect_view();
    view! {
        <section class="card block" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <div class="wide-table" tabindex="0">
                <table class="plain">
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// What comes from each host.
pub(super) fn hosts(view: &SystemView) -> AnyView {
    if view.hosts.is_empty() {
        return ().into_any();
    }
    let row = |host: &HostFeedView| {
        let (class, image, word) = match &host.link {
            Link::Up => ("st-running", "check", "Connected"),
            Link::Connecting => ("st-pending", "reboot", "Connecting"),
            Link::Down { .. } => ("st-stale", "question", "Not reached"),
            Link::Unauthenticated { .. } => ("st-crashed", "forbid", "Refused us"),
            Link::OtherPool { .. } => ("st-crashed", "warning", t(T::LinkOtherPool)),
            Link::KeyChanged { .. } | Link::JumpKeyChanged { .. } => ("st-crashed", "key", "Another key"),
        };
        view! {
            <tr>
                <td><a class="link" href=Route::Host(host.id, HostTab::Overview).path()>{host.name.clone()}</a></td>
                <td><span class=format!("st {class}")>{icon(image)}{word}</span></td>
                <td>{match host.last_word {
                    // While it is up nobody writes down each word.
                    _ if host.link.is_up() => "now".into_any(),
                    Some(at) => view! { <Age at=at/> }.into_any(),
                    None => "never".into_any(),
                }}</td>
                <td>{host.events_per_minute}</td>
                <td>{host.events}</td>
                <td>{format!("{}, at most {} of {}", host.waiting, host.most_waiting, host.room)}</td>
                <td>{host.lost}</td>
            </tr>
        }
    };
    let heads = [
        "Host",
        "Link",
        "Last word",
        "Events a minute",
        "Events",
        "Waiting",
        "Lost",
    ];
    table(
        "sys-hosts",
        "Hosts",
        &heads,
        view.hosts.iter().map(row).collect_view().into_any(),
    )
}

/// Who has sockets open.
pub(super) fn sockets(view: &SystemView) -> AnyView {
    let all = &view.sockets;
    let row = |name: String, live: usize, console: usize, out: u64, r#in: u64| {
        view! {
            <tr>
                <td>{name}</td>
                <td>{live}</td>
                <td>{console}</td>
                <td>{Bytes(out).to_string()}</td>
                <td>{Bytes(r#in).to_string()}</td>
            </tr>
        }
    };
    let of = |user: &UserSocketsView| {
        row(
            user.name.clone(),
            user.live,
            user.console,
            user.bytes_out,
            user.bytes_in,
        )
    };
    let rows = view! {
        {all.users.iter().map(of).collect_view()}
        {row("All, since the start".into(), all.live, all.console, all.bytes_out, all.bytes_in)}
    };
    let heads = ["Account", "Live", "Console", "Sent", "Received"];
    let slow = (all.too_slow > 0).then(|| {
        let count = format::count(usize::try_from(all.too_slow).unwrap_or(usize::MAX), "socket");
        view! { <p class="muted small">{count}" closed because the browser read too slowly."</p> }
    });
    view! {
        {table("sys-sockets", "Open sockets", &heads, rows.into_any())}
        {slow}
    }
    .into_any()
}

/// What waits, and what was dropped.
pub(super) fn queues(view: &SystemView) -> AnyView {
    let row = |queue: &QueueView| {
        view! {
            <tr>
                <td>{queue.name.clone()}</td>
                <td>{format!("{} of {}", queue.waiting, queue.room)}</td>
                <td>{queue.dropped}</td>
            </tr>
        }
    };
    let heads = ["Queue", "Waiting", "Dropped since the start"];
    table(
        "sys-queues",
        "Queues",
        &heads,
        view.queues.iter().map(row).collect_view().into_any(),
    )
}

/// What the supervisor keeps running.
pub(super) fn workers(view: &SystemView) -> AnyView {
    let row = |worker: &WorkerView| {
        let (class, image, word) = match worker.state {
            WorkerStateView::Running => ("st-running", "check", "Running"),
            WorkerStateView::Restarting => ("st-warn", "reboot", "Being started again"),
            WorkerStateView::Failed => ("st-crashed", "cross", "Failed for good"),
        };
        let failure = worker
            .last_failure
            .clone()
            .unwrap_or_else(|| format::UNKNOWN.into());
        view! {
            <tr>
                <td>{worker.name.clone()}</td>
                <td><span class=format!("st {class}")>{icon(image)}{word}</span></td>
                <td>{worker.restarts}</td>
                <td class="cut" title=failure.clone()>{failure.clone()}</td>
            </tr>
        }
    };
    let heads = ["Worker", "State", "Restarts", "Last error"];
    table(
        "sys-workers",
        "Workers",
        &heads,
        view.workers.iter().map(row).collect_view().into_any(),
    )
}
