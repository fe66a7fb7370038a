//! Reading the audit log.
use axum::http::StatusCode;
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
        .expect("the log")
        .rows;
    assert_eq!(all.first().map(|row| row.what.as_str()), Some("vm_start"));
    assert!(
        all.iter()
            .any(|row| row.what == "host_add" && row.by == "command line")
    );

    for on in [vm.to_string(), "BUILD-01".into()] {
        let query = AuditQuery {
            on: Some(on),
            ..AuditQuery::default()
        };
        let of_vm = admin
            .call::<op::AuditList>(NoId, query)
            .await
            .expect("the log")
            .rows;
        assert_eq!(of_vm.len(), 1);
        assert_eq!(of_vm.first().map(|row| row.on.as_str()), Some("build-01"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_is_read_page_by_page_without_gap_or_overlap() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for _ in 0..7 {
        admin.call::<op::AuditVerify>(NoId, ()).await.expect("checked");
    }
    let mut query = AuditQuery {
        what: Some("audit_verify".into()),
        outcome: Some("done".into()),
        by: Some("Admin".into()),
        limit: Some(3),
        ..AuditQuery::default()
    };
    let (mut numbers, mut sizes) = (Vec::new(), Vec::new());
    loop {
        let page = admin
            .call::<op::AuditList>(NoId, query.clone())
            .await
            .expect("a page");
        assert!(page.check.expect("it was checked").intact);
        sizes.push(page.rows.len());
        numbers.extend(page.rows.iter().map(|row| row.number));
        query.before = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert!(numbers.is_sorted_by(|newer, older| newer > older), "{numbers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_field_of_a_form_does_not_narrow_and_a_wrong_one_is_told() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let all = admin.get("/api/v1/audit?by=&what=&outcome=&from=&q=&on=").await;
    assert_eq!(all.status, StatusCode::OK);
    assert!(all.body.contains("user_create"), "{}", all.body);
    let wrong = admin.get("/api/v1/audit?outcome=great").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("done, refused"), "{}", wrong.body);
}
