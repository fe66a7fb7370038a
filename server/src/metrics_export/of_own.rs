//! Families of the server itself, for those who see the whole installation.
use wxa_core::OwnFigures;

use super::{
    Page,
    family::{Family, Told, Values},
    text::Kind,
};

pub(super) fn families() -> Vec<Family> {
    let counter = |name: &str, unit, help: &str, values| Family {
        kind: Kind::Counter,
        ..Family::gauge(name, unit, help, Values::Own(values))
    };
    let gauge = |name: &str, unit, help: &str, values| Family::gauge(name, unit, help, Values::Own(values));
    vec![
        counter(
            "process_cpu_seconds",
            "seconds",
            "CPU time that the server has used.",
            |own, _| one(own.process.cpu_ms.map(|ms| ms as f64 / 1000.0)),
        ),
        gauge(
            "process_resident_memory_bytes",
            "bytes",
            "Resident memory of the server.",
            |own, _| number(own.process.memory_bytes),
        ),
        gauge("process_threads", "", "Threads of the server.", |own, _| {
            number(own.process.threads)
        }),
        gauge(
            "process_open_fds",
            "",
            "Open files and sockets of the server.",
            |own, _| number(own.process.open_files),
        ),
        gauge(
            "process_start_time_seconds",
            "seconds",
            "When the server was started, in seconds since 1970.",
            |own, _| one(Some(own.started_at.0 as f64 / 1000.0)),
        ),
        gauge("webxenadmin_sockets", "", "Open sockets of browsers.", sockets),
        counter(
            "webxenadmin_sockets_too_slow",
            "",
            "Sockets that were closed because the other end read too slowly.",
            |_, page| number(Some(page.sockets.2)),
        ),
        gauge(
            "webxenadmin_queue_waiting",
            "",
            "What waits in a queue.",
            |own, _| queues(own, |queue| queue.waiting as f64),
        ),
        counter(
            "webxenadmin_queue_dropped",
            "",
            "What a queue has dropped.",
            |own, _| queues(own, |queue| queue.dropped as f64),
        ),
        gauge("webxenadmin_tasks_running", "", "Tasks under way.", |own, _| {
            number(Some(own.tasks_running))
        }),
        counter(
            "webxenadmin_samples",
            "",
            "Measurements of hosts and VMs that were taken.",
            |own, _| number(Some(own.samples)),
        ),
        counter(
            "webxenadmin_minutes_lost",
            "",
            "Minutes of measurements that could not be written.",
            |own, _| number(Some(own.minutes_lost)),
        ),
        gauge(
            "webxenadmin_connections",
            "",
            "Hosts and pools that are registered, by whether they are heard.",
            |own, _| {
                let (all, down) = own.hosts;
                let with = |state: &str| Some(("state", state.to_owned()));
                vec![
                    (with("up"), all.saturating_sub(down) as f64),
                    (with("down"), down as f64),
                ]
            },
        ),
    ]
}

fn sockets(_: &OwnFigures, page: &Page) -> Told {
    let with = |kind: &str| Some(("kind", kind.to_owned()));
    let (live, console, _) = page.sockets;
    vec![(with("live"), live as f64), (with("console"), console as f64)]
}

fn queues(own: &OwnFigures, value: fn(&wxa_core::system::QueueStatus) -> f64) -> Told {
    let told = |queue| (Some(("queue", queue_name(queue))), value(queue));
    own.queues.iter().map(told).collect()
}

fn queue_name(queue: &wxa_core::system::QueueStatus) -> String {
    queue.name.to_owned()
}

fn number(value: Option<u64>) -> Told {
    one(value.map(|value| value as f64))
}

fn one(value: Option<f64>) -> Told {
    value.map(|value| (None, value)).into_iter().collect()
}
