//! Reading the audit log.
use wxa_testkit::TestApp;
use wxa_wire::{AuditQuery, operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_read_newest_first_and_by_object() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("build-01");
    admin.call::<op::VmStart>(vm, ()).await.expect("accepted");
    let all = admin
        .call::<op::AuditList>(NoId, AuditQuery::default())
        .await
        .expect("the log");
    assert_eq!(all.first().map(|row| row.what.as_str()), Some("vm_start"));
    assert!(
        all.iter()
            .any(|row| row.what == "host_add" && row.by == "command line")
    );

    let query = AuditQuery {
        on: Some(vm.to_string()),
        limit: Some(5),
    };
    let of_vm = admin.call::<op::AuditList>(NoId, query).await.expect("the log");
    assert_eq!(of_vm.len(), 1);
    assert_eq!(of_vm.first().map(|row| row.on.as_str()), Some("build-01"));
}
