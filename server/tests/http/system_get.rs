//! The server about itself.
use wxa_testkit::{TestApp, wait_until};
use wxa_wire::{operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_sees_workers_hosts_sockets_and_the_database() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let mut live = admin.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    let console = admin
        .console(app.vm_id("web-01"), &wxa_wire::ConsoleQuery::default())
        .await;
    let system = wait_until("both sockets are counted", || async {
        let system = admin.call::<op::SystemGet>(NoId, ()).await.expect("facts");
        match system.sockets.console {
            1 => Ok(system),
            _ => Err(system),
        }
    })
    .await;
    assert_eq!(system.version, env!("CARGO_PKG_VERSION"));
    assert!(system.now >= system.started_at);
    assert!(system.process.memory_bytes > Some(1 << 20));
    let database = system.data.database.expect("it answers");
    assert!(database.schema_version >= 2 && database.audit_rows > 0);
    assert!(system.workers.iter().any(|worker| worker.name == "host xen-1"));
    let host = system.hosts.first().expect("one host");
    assert_eq!(host.name, "xen-1");
    assert!(host.link.is_up() && host.events > 0 && host.events_per_minute > 0);
    assert!(system.queues.iter().any(|queue| queue.name == "inventory"));
    let user = system.sockets.users.first().expect("one account");
    assert_eq!((user.name.as_str(), user.live, user.console), ("admin", 1, 1));
    assert!(user.bytes_out > 0 && system.sockets.bytes_in > 0, "{user:?}");
    drop(console);
}
