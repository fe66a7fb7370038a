//! How the server itself is: build, database, workers, hosts, sockets, queues, audit log. It refreshes by itself.
mod tables;

use crate::{
    components::{audit_state::AuditState, icon::icon, when::Age},
    fetched::Fetched,
    format, words,
};
use leptos::prelude::*;
use std::time::Duration;
use tables::{hosts, queues, sockets, workers};
use wxa_model::Bytes;
use wxa_wire::{
    SystemView,
    system::{DataView, TlsView},
};

/// The GET that the page shows.
pub const URL: &str = "/api/v1/system";
const REFRESH: Duration = Duration::from_secs(5);

/// The page.
#[component]
pub fn SystemPage() -> impl IntoView {
    let system = Fetched::<SystemView>::new(URL);
    let timer = StoredValue::new(None);
    Effect::new(move |_| {
        timer.set_value(set_interval_with_handle(move || system.reload(), REFRESH).ok());
    });
    on_cleanup(move || {
        if let Some(timer) = timer.try_get_value().flatten() {
            timer.clear();
        }
    });
    // The last answer stays while the server does not give another.
    let current = Memo::new(move |before: Option<&Option<SystemView>>| {
        system.get().or_else(|| before.cloned().flatten())
    });
    let problem = move || system.error().map(|body| words::error(&body));
    view! {
        <div class="head head-pad">
            <div class="title">
                <h1>"System"</h1>
                {move || {
                    current.get().map(|view| {
                        let (class, image, word) = health(&view);
                        view! { <span class=format!("st {class}")>{icon(image)}{word}</span> }
                    })
                }}
            </div>
        </div>
        <div class="scroll">
            {move || problem().map(|words| view! { <p class="problem" role="alert">{words.title}": "{words.detail}</p> })}
            {move || match current.get() {
                Some(view) => everything(view),
                None if problem().is_some() => ().into_any(),
                None => view! { <div class="skeleton" aria-label="Loading" role="status"><i></i><i></i><i></i><i></i></div> }
                    .into_any(),
            }}
        </div>
    }
    .into_any()
}

/// The worst of it: class, icon, words.
fn health(view: &SystemView) -> (&'static str, &'static str, String) {
    use wxa_wire::system::WorkerStateView;
    let down = |state| view.workers.iter().filter(|worker| worker.state == state).count();
    let hosts = view.hosts.iter().filter(|host| !host.link.is_up()).count();
    if view.data.database.is_none() {
        ("st-crashed", "warning", "The database does not answer".into())
    } else if view.audit.as_ref().is_some_and(|check| !check.intact) {
        ("st-crashed", "warning", "The audit log was changed".into())
    } else if down(WorkerStateView::Failed) > 0 {
        let count = format::count(down(WorkerStateView::Failed), "worker");
        ("st-crashed", "cross", format!("{count} failed for good"))
    } else if view.tls.as_ref().is_some_and(|tls| !tls.problems.is_empty()) {
        ("st-warn", "warning", "The new TLS certificate is broken".into())
    } else if disk_is_short(view) {
        ("st-warn", "warning", "The disk is nearly full".into())
    } else if down(WorkerStateView::Restarting) > 0 {
        let count = format::count(down(WorkerStateView::Restarting), "worker");
        ("st-warn", "warning", format!("{count} being started again"))
    } else if hosts > 0 {
        let count = format::count(hosts, "host");
        ("st-stale", "question", format!("Well, but {count} not connected"))
    } else {
        ("st-running", "check", "Everything works".into())
    }
}

fn certificate(tls: TlsView) -> AnyView {
    view! {
        <section class="card block" aria-labelledby="sys-tls">
            <h2 id="sys-tls">"TLS certificate"</h2>
            <dl class="kv wide">
                <dt>"SHA-256"</dt>
                <dd class="mono wrap">{tls.fingerprint}</dd>
                <dt>"For"</dt>
                <dd class="wrap">{tls.names.join(", ")}</dd>
                <dt>"Ends"</dt>
                <dd>{tls.ends}</dd>
            </dl>
            {(!tls.problems.is_empty()).then(|| view! {
                <p class="problem" role="alert">
                    "What is in its files now cannot be used, so the one from before is shown: "
                    {tls.problems.join("; ")}
                </p>
            })}
        </section>
    }
    .into_any()
}

fn everything(view: SystemView) -> AnyView {
    view! {
        <div class="columns">
            {program(&view)}
            {data(&view)}
        </div>
        <section class="card block" aria-labelledby="sys-audit">
            <h2 id="sys-audit">"Audit log"</h2>
            <AuditState check=Signal::stored(view.audit.clone())/>
            {view.audit.as_ref().and_then(|check| check.head.clone()).map(|head| view! {
                <p class="muted small">
                    "Keep this elsewhere, to compare later with "<code>"webxenadmin audit verify --head"</code>": "
                    <code class="wrap">{head}</code>
                </p>
            })}
        </section>
        {view.tls.clone().map(certificate)}
        {hosts(&view)}
        {sockets(&view)}
        {queues(&view)}
        {workers(&view)}
    }
    .into_any()
}

fn program(view: &SystemView) -> AnyView {
    let process = &view.process;
    let unknown = || format::UNKNOWN.to_owned();
    let memory = match (process.memory_bytes, process.memory_most_bytes) {
        (Some(now), Some(most)) => format!("{}, at most {}", Bytes(now), Bytes(most)),
        (Some(now), None) => Bytes(now).to_string(),
        _ => unknown(),
    };
    let number = |value: Option<u64>| value.map_or_else(unknown, |value| value.to_string());
    view! {
        <section class="card" aria-labelledby="sys-program">
            <h2 id="sys-program">"Program"</h2>
            <dl class="kv wide">
                <dt>"Version"</dt>
                <dd>{view.version.clone()}</dd>
                <dt>"Site"</dt>
                <dd class="mono cut">{words::or(&view.site_build, "none").to_owned()}</dd>
                <dt>"Started"</dt>
                <dd><Age at=view.started_at/></dd>
                <dt>"Memory"</dt>
                <dd>{memory}</dd>
                <dt>"Process"</dt>
                <dd>{format!(
                    "{}, {} threads, {} open files",
                    process.pid,
                    number(process.threads),
                    number(process.open_files),
                )}</dd>
                <dt>"Consoles kept"</dt>
                <dd>{view.consoles}</dd>
            </dl>
        </section>
    }
    .into_any()
}

fn data(view: &SystemView) -> AnyView {
    let data = &view.data;
    let disk = match (data.disk_free_bytes, data.disk_bytes) {
        (Some(free), Some(all)) => format!("{} free of {}", Bytes(free), Bytes(all)),
        _ => format::UNKNOWN.into(),
    };
    let disk_class = if disk_is_short(view) { "st-warn" } else { "" };
    let database = data.database.as_ref().map(|database| {
        let free = Bytes(database.free_pages.saturating_mul(database.page_bytes));
        view! {
            <dt>"Layout"</dt>
            <dd>{database.schema_version}</dd>
            <dt>"Pages"</dt>
            <dd>{format!("{}, {} free ({free})", database.pages, database.free_pages)}</dd>
            <dt>"Audit rows"</dt>
            <dd>{database.audit_rows}</dd>
            <dt>"Tasks"</dt>
            <dd>{database.tasks}</dd>
        }
    });
    view! {
        <section class="card" aria-labelledby="sys-data">
            <h2 id="sys-data">"Database"</h2>
            {data.database.is_none().then(|| view! {
                <p class="problem" role="alert">"It does not answer: nothing can be done that must be recorded. Look at the disk and at the server's log."</p>
            })}
            <dl class="kv wide">
                <dt>"Size"</dt>
                <dd>{format!("{}, write-ahead log {}", Bytes(data.database_bytes), Bytes(data.wal_bytes))}</dd>
                {database}
                <dt>"Measurements"</dt>
                <dd>{measurements(data)}</dd>
                <dt>"Consoles"</dt>
                <dd>{consoles(data)}</dd>
                <dt>"Folder"</dt>
                <dd class="mono wrap">{data.folder.clone()}</dd>
                <dt>"Disk"</dt>
                <dd class=disk_class>{disk}</dd>
            </dl>
        </section>
    }
    .into_any()
}

/// The file of measurements in words.
fn measurements(data: &DataView) -> String {
    let Some(kept) = &data.measurements else {
        return "their file does not answer".into();
    };
    let of = format::count(usize::try_from(kept.objects).unwrap_or(usize::MAX), "object");
    let lost = match kept.given_up {
        0 => String::new(),
        lost => format!("; {lost} min could not be written"),
    };
    format!(
        "{} of {of}, write-ahead log {}{lost}",
        Bytes(kept.bytes),
        Bytes(kept.wal_bytes)
    )
}

/// The file of what consoles printed in words.
fn consoles(data: &DataView) -> String {
    let Some(kept) = &data.consoles else {
        return "their file does not answer".into();
    };
    let of = format::count(usize::try_from(kept.consoles).unwrap_or(usize::MAX), "console");
    let lost = match kept.lost {
        0 => String::new(),
        lost => format!("; {} could not be written in time", Bytes(lost)),
    };
    format!(
        "{} of {of}, at most {}; file {}, write-ahead log {}{lost}",
        Bytes(kept.bytes),
        Bytes(kept.most_bytes),
        Bytes(kept.file_bytes),
        Bytes(kept.wal_bytes)
    )
}

/// Less than 5 % or 200 MB are left.
fn disk_is_short(view: &SystemView) -> bool {
    match (view.data.disk_free_bytes, view.data.disk_bytes) {
        (Some(free), Some(all)) => free < 200_000_000 || free.saturating_mul(20) < all,
        _ => false,
    }
}
