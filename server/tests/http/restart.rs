//! What outlives the server.
use wxa_model::PowerState;
use wxa_testkit::TestApp;
use wxa_wire::{AuditQuery, operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_hosts_identities_and_the_log_outlive_a_restart() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("build-01");
    admin.call::<op::VmStart>(vm, ()).await.expect("accepted");
    let mut live = admin.live().await;
    live.wait_until("it runs", |live| live.power(vm) == Some(PowerState::Running))
        .await;
    app.ended_row("vm_start").await;
    let (epoch, revision) = (live.epoch, live.revision);
    drop(live);

    app.restart().await;
    let admin = admin.on(&app);
    admin
        .call::<op::SessionGet>(NoId, ())
        .await
        .expect("still signed in");
    assert_eq!(app.vm_id("build-01"), vm, "it is still the same VM");
    let mut live = admin.live_from(epoch, revision).await;
    live.wait_until("a new picture", |live| live.snapshots == 1).await;
    assert_eq!(live.power(vm), Some(PowerState::Running));
    assert_ne!(live.epoch, epoch);
    let log = admin
        .call::<op::AuditList>(NoId, AuditQuery::default())
        .await
        .expect("the log");
    assert!(
        log.rows
            .iter()
            .any(|row| row.what == "vm_start" && row.by == "admin")
    );
}
