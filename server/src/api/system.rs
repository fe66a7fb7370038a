//! The server about itself.
use wxa_core::{
    Error, SystemFacts,
    supervisor::{WorkerState, WorkerStatus},
    system::{HostStatus, ProcessFacts, QueueStatus},
};
use wxa_wire::{
    SystemView, operation as op,
    system::{
        ConsolesView, DataView, DatabaseView, HostFeedView, MeasurementsView, ProcessView, QueueView,
        TlsView, WorkerStateView, WorkerView,
    },
};

use super::{Call, audit};
use crate::tls::Shown;

pub(super) async fn system_get(call: Call<op::SystemGet>) -> Result<SystemView, Error> {
    let facts = call.app.core.system_facts(&call.ctx).await?;
    Ok(SystemView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        site_build: call.app.site.build.clone(),
        now: facts.now,
        started_at: facts.started_at,
        data: data(&facts),
        process: process(facts.process),
        workers: facts.workers.into_iter().map(worker).collect(),
        hosts: facts.hosts.into_iter().map(host).collect(),
        sockets: call.app.sockets.view(),
        queues: facts.queues.into_iter().map(queue).collect(),
        consoles: facts.consoles,
        audit: facts.audit.as_deref().map(audit::check_view),
        tls: call.app.tls.as_deref().map(tls),
    })
}

fn tls(shown: &Shown) -> TlsView {
    let pair = shown.pair();
    TlsView {
        fingerprint: pair.fingerprint,
        names: pair.names,
        ends: pair.ends,
        problems: shown.problems().map(|problems| problems.0).unwrap_or_default(),
    }
}

fn process(facts: ProcessFacts) -> ProcessView {
    ProcessView {
        pid: facts.pid,
        memory_bytes: facts.memory_bytes,
        memory_most_bytes: facts.memory_most_bytes,
        threads: facts.threads,
        open_files: facts.open_files,
    }
}

fn data(facts: &SystemFacts) -> DataView {
    DataView {
        folder: facts.folder.clone(),
        disk_free_bytes: facts.disk.map(|(free, _)| free),
        disk_bytes: facts.disk.map(|(_, all)| all),
        database_bytes: facts.database_bytes,
        wal_bytes: facts.wal_bytes,
        database: facts.database.as_ref().map(|database| DatabaseView {
            schema_version: database.schema_version,
            page_bytes: database.page_bytes,
            pages: database.pages,
            free_pages: database.free_pages,
            audit_rows: database.audit_rows,
            tasks: database.tasks,
        }),
        measurements: facts.measurements.map(|kept| MeasurementsView {
            bytes: kept.bytes,
            wal_bytes: kept.wal_bytes,
            objects: kept.objects,
            given_up: kept.given_up,
        }),
        consoles: facts.printed.map(|kept| ConsolesView {
            file_bytes: kept.file_bytes,
            wal_bytes: kept.wal_bytes,
            consoles: kept.consoles,
            bytes: kept.bytes,
            most_bytes: kept.most_bytes,
            lost: kept.lost,
        }),
    }
}

fn worker(status: WorkerStatus) -> WorkerView {
    WorkerView {
        name: status.name,
        state: match status.state {
            WorkerState::Running => WorkerStateView::Running,
            WorkerState::Restarting => WorkerStateView::Restarting,
            WorkerState::Failed => WorkerStateView::Failed,
        },
        restarts: status.restarts,
        last_failure: status.last_failure,
    }
}

fn host(status: HostStatus) -> HostFeedView {
    let traffic = status.traffic;
    HostFeedView {
        id: status.id,
        name: status.name,
        link: status.link,
        last_word: status.last_word,
        events: traffic.events,
        events_per_minute: traffic.events_per_minute,
        waiting: traffic.waiting,
        most_waiting: traffic.most_waiting,
        room: traffic.room,
        lost: traffic.lost,
    }
}

fn queue(status: QueueStatus) -> QueueView {
    QueueView {
        name: status.name.to_owned(),
        waiting: status.waiting,
        room: status.room,
        dropped: status.dropped,
    }
}
