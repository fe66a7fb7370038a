//! The server's own state.
use super::{NOW, audit_check};
use uuid::Uuid;
use wxa_model::{HostId, Link, UnixMillis};
use wxa_wire::{SystemView, system};

/// A server that is well.
pub fn system() -> SystemView {
    SystemView {
        version: "0.1.0".into(),
        site_build: "sample".into(),
        now: NOW,
        started_at: UnixMillis(NOW.0 - 86_400_000),
        process: system::ProcessView {
            pid: 4711,
            memory_bytes: Some(41 << 20),
            memory_most_bytes: Some(52 << 20),
            threads: Some(6),
            open_files: Some(31),
        },
        data: system::DataView {
            folder: "/var/lib/webxenadmin".into(),
            disk_free_bytes: Some(12 << 30),
            disk_bytes: Some(40 << 30),
            database_bytes: 3 << 20,
            wal_bytes: 4 << 20,
            database: Some(system::DatabaseView {
                schema_version: 2,
                page_bytes: 4096,
                pages: 768,
                free_pages: 3,
                audit_rows: 1234,
                tasks: 321,
            }),
            measurements: Some(system::MeasurementsView {
                bytes: 740 << 20,
                wal_bytes: 4 << 20,
                objects: 216,
                given_up: 0,
            }),
            consoles: Some(system::ConsolesView {
                file_bytes: 96 << 20,
                wal_bytes: 4 << 20,
                consoles: 42,
                bytes: 80 << 20,
                most_bytes: 4 << 30,
                lost: 0,
            }),
        },
        workers: vec![system::WorkerView {
            name: "host xen-1".into(),
            state: system::WorkerStateView::Running,
            restarts: 1,
            last_failure: None,
        }],
        hosts: vec![system::HostFeedView {
            id: HostId(Uuid::from_u128(1)),
            name: "xen-1".into(),
            link: Link::Up,
            last_word: Some(NOW),
            events: 120_000,
            events_per_minute: 42,
            waiting: 0,
            most_waiting: 17,
            room: 256,
            lost: 2,
        }],
        sockets: system::SocketsView {
            live: 1,
            console: 2,
            bytes_out: 9 << 20,
            bytes_in: 4096,
            too_slow: 1,
            users: vec![system::UserSocketsView {
                name: "ops".into(),
                live: 1,
                console: 2,
                bytes_out: 1 << 20,
                bytes_in: 512,
            }],
        },
        queues: vec![system::QueueView {
            name: "measurements".into(),
            waiting: 0,
            room: 256,
            dropped: 3,
        }],
        consoles: 2,
        tls: None,
        audit: Some(audit_check()),
    }
}
